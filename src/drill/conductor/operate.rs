//! Does what a scenario's operators do, each at its minute.

use anyhow::Context as _;

use crate::dice::fault::harness::Rig;
use crate::drill::conductor::clock::OutageClock;
use crate::drill::conductor::monitor::DrillMonitor;
use crate::drill::conductor::provider::ProviderStandIn;
use crate::drill::conductor::stage::{DrillSettings, mib};
use crate::drill::record::StepDone;
use crate::drill::scenario::act::{OperatorAct, OperatorStep};
use crate::drill::scenario::outage::Scenario;

/// Where operators put their hands.
pub(crate) struct Hands<'h> {
    /// The service.
    pub(crate) rig: &'h mut Rig,
    /// The monitor, which is told of what they did.
    pub(crate) monitor: &'h DrillMonitor,
    /// The provider, who tells for itself.
    pub(crate) provider: &'h ProviderStandIn,
    /// The memory of a child that has done nothing yet, in MiB.
    pub(crate) idle_mib: u64,
    /// What the monitor's settings are from.
    pub(crate) settings: &'h DrillSettings,
}

impl Hands<'_> {
    /// Does every step at its minute; what fails is noted, and the next one is done.
    pub(crate) async fn operate(
        &mut self,
        scenario: &Scenario,
        clock: &OutageClock,
        mut done: impl FnMut(&StepDone),
    ) -> Vec<StepDone> {
        let mut steps = Vec::new();
        for step in &scenario.operators {
            clock.wait(step.at).await;
            let t = clock.now();
            let outcome = self.act(step, scenario, clock).await;
            let step = StepDone {
                t,
                text: step.text.clone(),
                failed: outcome.err().map(|error| format!("{error:#}")),
            };
            done(&step);
            steps.push(step);
        }
        steps
    }

    async fn act(
        &mut self,
        step: &OperatorStep,
        scenario: &Scenario,
        clock: &OutageClock,
    ) -> anyhow::Result<()> {
        match step.act {
            OperatorAct::Nothing => {}
            OperatorAct::ClearCache => self.rig.clear_redis().await?,
            OperatorAct::RedisLimit(limit) => self.rig.limit_redis(mib(limit)).await?,
            OperatorAct::RestartWorker => self.rig.restart_worker(None).await?,
            OperatorAct::RestartApi => self.rig.restart_api(None).await?,
            OperatorAct::MendWorker => {
                let arguments = clock
                    .speed()
                    .arguments(&scenario.after.worker, self.idle_mib);
                self.rig.restart_worker(Some(arguments)).await?;
                if scenario.after.capacity != scenario.before.capacity {
                    let settings = self.settings.monitor(&scenario.after);
                    self.monitor.reload(&settings).await?;
                }
            }
            OperatorAct::HangApi => self.rig.hang_api()?,
            OperatorAct::ResumeApi => self.rig.resume_api()?,
            OperatorAct::LimitDatabase => {
                let limited = self.rig.limit_database(Some(1));
                limited.context("cannot limit the database")?;
            }
            OperatorAct::RaiseDatabase => {
                let raised = self.rig.limit_database(None);
                raised.context("cannot raise the database's limit")?;
            }
            OperatorAct::ProviderTrouble(word) => self.provider.tell(Some(word)),
            OperatorAct::ProviderWell => self.provider.tell(None),
        }
        match &step.event {
            Some(event) => self.monitor.note(event).await,
            None => Ok(()),
        }
    }
}
