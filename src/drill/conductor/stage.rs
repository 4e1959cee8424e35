//! Sets the stage: the service, the chat, the provider and the monitor, in a folder.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, bail};
use tokio::time::{Instant, sleep};

use crate::dice::fault::harness::Rig;
use crate::dice::fault::settings::RigSettings;
use crate::dice::load::generator::LoadGenerator;
use crate::dice::load::profile::{Arrival, LoadProfile};
use crate::drill::conductor::monitor::{DrillMonitor, Surroundings};
use crate::drill::conductor::provider::ProviderStandIn;
use crate::drill::conductor::reader::PublicPageReader;
use crate::drill::conductor::receiver::ChatReceiver;
use crate::drill::scale::Speed;
use crate::drill::scenario::capacity;
use crate::drill::scenario::outage::{LoadShape, RedisPolicy, Scenario, ServiceSetup};
use crate::model::component::Health;

/// How long the page may take until it says that all is well.
const WELL_WITHIN: Duration = Duration::from_mins(1);

/// More memory than any child takes.
const UNREACHED_MIB: u64 = 1 << 20;

/// How a scenario is to be run.
#[derive(Clone, Debug)]
pub(crate) struct DrillSettings {
    /// A private folder for everything that is written.
    pub(crate) dir: PathBuf,
    /// The critwatch program.
    pub(crate) program: PathBuf,
    /// How fast.
    pub(crate) speed: Speed,
    /// Another policy than the scenario's.
    pub(crate) policy: Option<RedisPolicy>,
    /// Whether the service has its mended settings from the start.
    pub(crate) is_fixed: bool,
    /// The settings of the monitor, in the outage's own time.
    pub(crate) monitor: String,
}

impl DrillSettings {
    /// The settings of the monitor for a setup of the service, in our time.
    pub(crate) fn monitor(&self, setup: &ServiceSetup) -> String {
        let text = capacity::settings(&self.monitor, setup.capacity.as_ref());
        self.speed.settings(&text)
    }
}

/// Everything that runs.
pub(crate) struct DrillStage {
    /// The service.
    pub(crate) rig: Rig,
    /// Who watches it.
    pub(crate) monitor: DrillMonitor,
    /// Where messages arrive.
    pub(crate) chat: ChatReceiver,
    /// A provider of the service.
    pub(crate) provider: ProviderStandIn,
    /// Who uses the service.
    pub(crate) load: LoadGenerator,
    /// Who reads the page.
    pub(crate) reader: PublicPageReader,
    /// The memory of a child that has done nothing yet, in MiB.
    pub(crate) idle_mib: u64,
}

/// Everything but the service.
struct StageParts {
    monitor: DrillMonitor,
    chat: ChatReceiver,
    provider: ProviderStandIn,
    load: LoadGenerator,
    reader: PublicPageReader,
    idle_mib: u64,
}

impl StageParts {
    fn with(self, rig: Rig) -> DrillStage {
        DrillStage {
            rig,
            monitor: self.monitor,
            chat: self.chat,
            provider: self.provider,
            load: self.load,
            reader: self.reader,
            idle_mib: self.idle_mib,
        }
    }
}

impl DrillStage {
    /// Starts everything, and waits until the page says that all is well.
    pub(crate) async fn set(scenario: &Scenario, settings: &DrillSettings) -> anyhow::Result<Self> {
        let setup = if settings.is_fixed {
            &scenario.after
        } else {
            &scenario.before
        };
        let of_rig = RigSettings {
            seed: Some(scenario.load.seed),
            ..rig_settings(setup, settings)
        };
        let mut rig = Rig::start(of_rig)
            .await
            .context("cannot start the reference service")?;
        match Self::around(&mut rig, setup, scenario, settings).await {
            Ok(parts) => Ok(parts.with(rig)),
            Err(error) => {
                rig.stop().await;
                Err(error)
            }
        }
    }

    async fn around(
        rig: &mut Rig,
        setup: &ServiceSetup,
        scenario: &Scenario,
        settings: &DrillSettings,
    ) -> anyhow::Result<StageParts> {
        let idle_mib = rig.idle_child_mib().await?;
        let worker = settings.speed.arguments(&setup.worker, idle_mib);
        rig.restart_worker(Some(worker)).await?;
        let chat = ChatReceiver::start().await?;
        let provider = ProviderStandIn::start().await?;
        let around = Surroundings {
            dir: &settings.dir,
            program: &settings.program,
            settings: &settings.monitor(setup),
            service: rig.addresses(),
            webhook: chat.webhook(),
            provider: provider.url(),
        };
        let monitor = DrillMonitor::start(&around).await;
        let monitor = monitor.context("cannot start the monitor")?;
        let reader = PublicPageReader::new(monitor.page)?;
        let address = format!("http://{}", rig.addresses().api);
        let load = LoadGenerator::start(profile(&scenario.load, settings.speed), &address)?;
        wait_until_well(&reader).await?;
        Ok(StageParts {
            monitor,
            chat,
            provider,
            load,
            reader,
            idle_mib,
        })
    }

    /// Ends everything.
    pub(crate) async fn strike(self) {
        self.monitor.stop().await;
        self.rig.stop().await;
    }
}

fn rig_settings(setup: &ServiceSetup, settings: &DrillSettings) -> RigSettings {
    let mut rig = RigSettings::new(settings.dir.clone(), settings.program.clone());
    rig.redis_maxmemory = mib(setup.redis_limit_mib);
    let policy = settings.policy.unwrap_or(setup.redis_policy);
    policy.word().clone_into(&mut rig.redis_policy);
    rig.api_arguments = settings.speed.arguments(&setup.api, 0);
    // All users of the drill come from one address.
    let limits = [
        "--address-limit",
        "0",
        "--guest-limit",
        "0",
        "--account-limit",
        "0",
    ];
    rig.api_arguments.extend(limits.map(str::to_owned));
    // Ceilings out of reach, until it is known what a child has from the start.
    rig.worker_arguments = settings.speed.arguments(&setup.worker, UNREACHED_MIB);
    rig
}

fn profile(shape: &LoadShape, speed: Speed) -> LoadProfile {
    let count = |number| usize::try_from(number).unwrap_or(usize::MAX);
    LoadProfile {
        users: count(shape.users),
        rooms: count(shape.rooms),
        dice: count(shape.dice),
        image_side: shape.image_side,
        seed: shape.seed,
        in_flight: shape.in_flight,
        patience: speed.minutes(shape.patience),
        arrival: Arrival::Open,
    }
}

async fn wait_until_well(reader: &PublicPageReader) -> anyhow::Result<()> {
    let until = Instant::now() + WELL_WITHIN;
    loop {
        let page = reader.read().await;
        if page.as_ref().is_some_and(|page| page.overall == Health::Ok) {
            return Ok(());
        }
        if Instant::now() > until {
            match page {
                Some(page) => bail!("the page never said that all is well: {}", page.banner),
                None => bail!("the page does not answer"),
            }
        }
        sleep(Duration::from_millis(100)).await;
    }
}

/// So many MiB in bytes.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::as_conversions,
    reason = "a scenario's limit is a small number above zero"
)]
pub(crate) fn mib(mib: f64) -> u64 {
    (mib * 1024.0 * 1024.0) as u64
}
