//! Runs a scenario from its first minute to its last.

use std::time::Duration;

use anyhow::Context as _;

use crate::dice::link::RedisUrl;
use crate::dice::load::generator::LoadGenerator;
use crate::dice::load::profile::LoadRate;
use crate::drill::conductor::clock::OutageClock;
use crate::drill::conductor::observer::ServiceObserver;
use crate::drill::conductor::operate::Hands;
use crate::drill::conductor::provider::ProviderStandIn;
use crate::drill::conductor::reader::{self, PublicPageReader};
use crate::drill::conductor::receiver::{ArrivedMessage, ChatReceiver};
use crate::drill::conductor::stage::{DrillSettings, DrillStage};
use crate::drill::record::{DrillRecord, MessageSeen, MinuteSeen, RollsSeen, StepDone};
use crate::drill::scenario::outage::{RedisPolicy, Scenario};

/// How long requests under way may take at the end.
const QUIET_WITHIN: Duration = Duration::from_secs(5);
/// Looks are not closer together than this, however fast the drill is.
const LOOK_MIN: Duration = Duration::from_millis(250);

/// What a drill tells while it runs.
#[derive(Clone, Copy, Debug)]
pub(crate) enum DrillProgress<'p> {
    /// Everything is up, in this minute.
    Begun(f64),
    /// A look at everything.
    Minute(&'p MinuteSeen),
    /// Something that an operator did.
    Step(&'p StepDone),
}

/// Runs a scenario, and returns what was seen.
///
/// # Errors
///
/// Fails if something of the drill itself does not start; whatever the service and the page do
/// is a part of the record.
pub(crate) async fn conduct(
    scenario: &Scenario,
    settings: &DrillSettings,
    progress: impl Fn(DrillProgress<'_>),
) -> anyhow::Result<DrillRecord> {
    let mut stage = Box::pin(DrillStage::set(scenario, settings)).await?;
    let outcome = Box::pin(run(&mut stage, scenario, settings, &progress)).await;
    stage.strike().await;
    outcome
}

async fn run(
    stage: &mut DrillStage,
    scenario: &Scenario,
    settings: &DrillSettings,
    progress: &impl Fn(DrillProgress<'_>),
) -> anyhow::Result<DrillRecord> {
    let redis = RedisUrl::new(stage.rig.addresses().redis_url.clone())?;
    let mut watcher = Watcher {
        observer: ServiceObserver::new(&redis)?,
        reader: &stage.reader,
        load: &stage.load,
        provider: &stage.provider,
    };
    let clock = OutageClock::start(settings.speed, scenario.from());
    progress(DrillProgress::Begun(scenario.from()));
    let mut hands = Hands {
        rig: &mut stage.rig,
        monitor: &stage.monitor,
        provider: &stage.provider,
        idle_mib: stage.idle_mib,
        settings,
    };
    let (minutes, steps) = tokio::join!(watcher.watch(scenario, &clock, progress), async {
        if settings.is_fixed {
            // What was mended needs no operators.
            return Vec::new();
        }
        let done = |step: &StepDone| progress(DrillProgress::Step(step));
        hands.operate(scenario, &clock, done).await
    },);
    let rolls = rolls(&mut stage.load).await;
    let files = reader::files(&stage.monitor.incidents, &clock);
    Ok(DrillRecord {
        scenario: scenario.head.name.clone(),
        variant: variant(scenario, settings),
        policy: settings.policy,
        is_fixed: settings.is_fixed,
        speed: settings.speed.0,
        zero: clock.zero(),
        minutes,
        messages: messages(&stage.chat, &clock),
        steps,
        files: files.context("cannot read the incident files")?,
        rolls,
    })
}

struct Watcher<'w> {
    observer: ServiceObserver,
    reader: &'w PublicPageReader,
    load: &'w LoadGenerator,
    provider: &'w ProviderStandIn,
}

impl Watcher<'_> {
    /// Looks once a minute, and lets as many rolls come as the phase says.
    async fn watch(
        &mut self,
        scenario: &Scenario,
        clock: &OutageClock,
        progress: &impl Fn(DrillProgress<'_>),
    ) -> Vec<MinuteSeen> {
        let step = clock.speed().outage_minutes(LOOK_MIN).max(1.0);
        let mut seen = Vec::new();
        let mut due = scenario.from();
        let mut rate = None;
        while due < scenario.to() {
            clock.wait(due).await;
            if let Some(phase) = scenario.phase(due) {
                let per_second = |minute: f64| minute * clock.speed().0 / 60.0;
                let wanted = LoadRate {
                    rolls: per_second(phase.rolls),
                    images: per_second(phase.images),
                };
                if rate != Some(wanted) {
                    rate = Some(wanted);
                    self.load.set_rate(wanted);
                }
            }
            let (mut service, page) =
                tokio::join!(self.observer.look(self.load), self.reader.read());
            service.provider_trouble = self.provider.is_troubled();
            let minute = MinuteSeen {
                t: due,
                page,
                service,
            };
            progress(DrillProgress::Minute(&minute));
            seen.push(minute);
            // A look that took long makes no crowd of late ones.
            while due <= clock.now() {
                due += step;
            }
        }
        seen
    }
}

async fn rolls(load: &mut LoadGenerator) -> RollsSeen {
    load.end(QUIET_WITHIN).await;
    let afterwards = load.afterwards().await;
    let ledger = load.ledger();
    let sum = ledger.sum(&afterwards);
    let milliseconds = |permille| ledger.times.permille(permille).as_secs_f64() * 1000.0;
    RollsSeen {
        offered: ledger.offered,
        unsent: ledger.unsent,
        accepted: sum.accepted,
        refused: ledger.refused,
        in_time: sum.in_time,
        late: sum.late,
        lost: sum.lost,
        waiting: sum.waiting,
        doubled: sum.doubled,
        p50_ms: milliseconds(500),
        p99_ms: milliseconds(990),
    }
}

fn messages(chat: &ChatReceiver, clock: &OutageClock) -> Vec<MessageSeen> {
    let seen = |message: ArrivedMessage| {
        let embed = &message.payload["embeds"][0];
        let text = |key: &str| embed[key].as_str().unwrap_or_default().to_owned();
        MessageSeen {
            t: clock.minute(message.at),
            title: text("title"),
            text: text("description"),
            is_edit: message.is_edit,
        }
    };
    chat.messages().into_iter().map(seen).collect()
}

fn variant(scenario: &Scenario, settings: &DrillSettings) -> Option<String> {
    let setup = if settings.is_fixed {
        &scenario.after
    } else {
        &scenario.before
    };
    let policy = settings
        .policy
        .filter(|policy| *policy != setup.redis_policy);
    let fixed = settings
        .is_fixed
        .then(|| "with the settings after the fix".to_owned());
    let policy = policy.map(|policy| format!("with {}", RedisPolicy::word(policy)));
    let parts: Vec<_> = fixed.into_iter().chain(policy).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}
