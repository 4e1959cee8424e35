//! Builds every part once, starts the tasks, and stops them in order.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use jiff::Timestamp;
use prometheus::Registry;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};

use crate::collect::probe::network::{Network, Referee};
use crate::collect::probe::trust::Trust;
use crate::collect::push::door::Tools;
use crate::collect::target::Target;
use crate::collect::{self, Collector, Schedule};
use crate::config::Config;
use crate::evaluate::Evaluator;
use crate::history::History;
use crate::history::figures::Figures;
use crate::history::gathering::Chosen;
use crate::history::keeper::{Keeper, Keeping};
use crate::history::recorder::{self, Recorder, Recording};
use crate::incident::journal::{Journal, JournalSettings};
use crate::model::ask::Ask;
use crate::model::sample::{CollectorId, Take};
use crate::model::verdict::RuleId;
use crate::notify::delivery::Deliveries;
use crate::notify::receipts::Receipts;
use crate::notify::{Channel, Notifier, Teller};
use crate::pipeline::Pipeline;
use crate::runtime::client;
use crate::runtime::tasks::Tasks;
use crate::store;
use crate::web;
use crate::web::federate;
use crate::web::health::{self, Levels};
use crate::web::listen;
use crate::web::ops::{self, doors::Doors};
use crate::web::site::Site;

/// Takes that may wait for the pipeline; a collector waits when it is full.
const TAKES: usize = 256;

/// Longest time that any request of ours may take.
const CLIENT_TIMEOUT: Duration = Duration::from_secs(30);

/// Questions that may wait for the pipeline.
const ASKS: usize = 8;

/// Where the service keeps things and where it answers.
#[derive(Clone, Debug)]
pub struct Places {
    /// The incidents folder.
    pub incidents: PathBuf,
    /// The folder of the database.
    pub state: PathBuf,
    /// The public page's address.
    pub listen: SocketAddr,
    /// The operators' address.
    pub ops_listen: SocketAddr,
    /// Where everything that is measured is recorded, and up to how many bytes.
    pub record: Option<(PathBuf, u64)>,
}

/// The service, built and bound, but not running yet.
#[derive(Debug)]
pub struct App {
    tasks: Tasks,
    /// Where the public page answers.
    pub page: SocketAddr,
    /// Where operators ask.
    pub ops: SocketAddr,
    pipeline: Pipeline,
    takes: (mpsc::Sender<Take>, mpsc::Receiver<Take>),
    asks: mpsc::Receiver<Ask>,
    keeper: Keeper,
    recording: Option<Recording>,
    boards: watch::Sender<Arc<crate::model::board::Board>>,
    collectors: Vec<(Schedule, Collector)>,
    referee: Option<Referee>,
    tellers: Vec<Teller>,
    listeners: (TcpListener, TcpListener),
    routes: (axum::Router, axum::Router),
}

impl App {
    /// Opens what must be open and makes the first board; asks nobody yet.
    pub async fn build(mut config: Config, places: &Places) -> anyhow::Result<Self> {
        let now = Pipeline::clock();
        tokio::fs::create_dir_all(&places.incidents)
            .await
            .with_context(|| format!("cannot make the folder {}", places.incidents.display()))?;
        if !config.rules.is_empty() {
            try_to_write(&places.incidents);
        }
        let registry = registry()?;
        let figures = Figures::register(&registry)?;
        let zone = config.names.zone.clone();
        let journal = Journal::new(JournalSettings {
            folder: places.incidents.clone(),
            hold: config.hold,
            zone: zone.clone(),
            dates: config.names.dates.clone(),
            build_future: config.build_future,
        });
        let kept = kept(&mut config, places, &figures, now)?;
        let mut pipeline = Pipeline::new(
            config.components,
            kept.evaluator,
            kept.history,
            journal,
            figures,
        );
        let (boards, board) = watch::channel(Arc::new(pipeline.step(now).await));

        let deliveries = Deliveries::register(&registry)?;
        let levels = Levels::register(&registry)?;
        let site_url = config.names.url.clone();
        let tellers = tellers(
            config.notifiers,
            site_url.as_ref(),
            &places.state,
            &deliveries,
        )?;
        let (network, referee) = Network::new(config.references).unzip();
        let mut collectors = collectors(config.collectors, network.as_ref())?;
        let doors = doors(&mut collectors, places, config.key.is_some())?;
        let site = Site::new(config.names, board);
        let (ask, asks) = mpsc::channel(ASKS);
        let listeners = (bind(places.listen).await?, bind(places.ops_listen).await?);
        Ok(Self {
            tasks: Tasks::new(),
            page: listeners.0.local_addr()?,
            ops: listeners.1.local_addr()?,
            pipeline,
            takes: mpsc::channel(TAKES),
            asks,
            keeper: kept.keeper,
            recording: kept.recording,
            boards,
            collectors,
            referee,
            tellers,
            listeners,
            routes: (
                web::routes(site.clone()),
                health::routes(site, levels)
                    .merge(federate::routes(ask))
                    .merge(ops::routes(doors, config.key)),
            ),
        })
    }

    /// Runs until the future ends or a part fails, then stops everything.
    pub async fn run(self, until: impl Future<Output = ()>) -> anyhow::Result<()> {
        let mut tasks = self.tasks;
        let (page, ops) = self.listeners;
        let stop = tasks.stop();
        let keeper = self.keeper;
        tasks.start_blocking("history", move || keeper.run());
        if let Some(recording) = self.recording {
            tasks.start_blocking("recording", move || recording.run());
        }
        tasks.start(
            "page",
            ending(listen::serve(page, self.routes.0, stop.clone())),
        );
        tasks.start(
            "operators",
            ending(listen::serve(ops, self.routes.1, stop.clone())),
        );
        for teller in self.tellers {
            let telling = teller.name.clone();
            let run = teller.run(self.boards.subscribe(), stop.clone());
            tasks.start(format!("notifier {telling}"), ending(run));
        }
        for (schedule, collector) in self.collectors {
            let name = format!("collector {}", schedule.id);
            let run = collect::run(collector, schedule, self.takes.0.clone(), stop.clone());
            tasks.start(name, ending(run));
        }
        if let Some(referee) = self.referee {
            tasks.start("network", ending(referee.run(stop.clone())));
        }
        drop(self.takes.0);
        tasks.start(
            "pipeline",
            ending(
                self.pipeline
                    .run(self.takes.1, self.asks, self.boards, stop),
            ),
        );
        tasks.run(until).await
    }
}

/// The evaluator as an earlier run left it, and what keeps it for the next one.
struct Kept {
    evaluator: Evaluator,
    history: History,
    keeper: Keeper,
    recording: Option<Recording>,
}

/// Opens the database and goes on from what is in it; takes the rules away.
fn kept(
    config: &mut Config,
    places: &Places,
    figures: &Figures,
    now: Timestamp,
) -> anyhow::Result<Kept> {
    let limits = config.keep.limits(&config.rules, &config.collectors);
    let awaited = config
        .collectors
        .iter()
        .map(|(schedule, _)| (CollectorId(schedule.id.clone()), schedule.good_for()));
    let mut evaluator = Evaluator::new(std::mem::take(&mut config.rules), limits, now, awaited);
    let keeping = Keeping {
        age: limits.age,
        minutes: config.keep.minutes,
        chosen: Chosen {
            names: evaluator.wanted().cloned(),
            selectors: config.keep.metrics.clone(),
            limit: config.keep.minute_series,
        },
    };
    let further = config.keep.metrics.iter();
    evaluator.want(further.filter_map(|one| one.name().map(str::to_owned)));

    let (samples, ledger) = (store::open(&places.state)?, store::open(&places.state)?);
    let unread = "cannot read history";
    let (mut keeper, queue) =
        Keeper::open(samples, ledger, keeping, figures.clone()).context(unread)?;
    let ledger = keeper.read_ledger(now).context(unread)?;
    let rules: BTreeSet<RuleId> = evaluator.runs().map(|(id, ..)| id.clone()).collect();
    let runs = keeper.read_back(now, &rules, |scrape| {
        evaluator.ingest(scrape);
    });
    evaluator.resume(&runs);
    let (recorder, recording) = recorder(places, figures)?.unzip();
    let zone = config.names.zone.clone();
    Ok(Kept {
        evaluator,
        history: History::new(ledger, zone, queue, recorder),
        keeper,
        recording,
    })
}

/// Begins the recording, if one is wanted.
fn recorder(places: &Places, figures: &Figures) -> anyhow::Result<Option<(Recorder, Recording)>> {
    let Some((folder, limit)) = &places.record else {
        return Ok(None);
    };
    let opened = recorder::open(folder, *limit, figures);
    opened
        .map(Some)
        .with_context(|| format!("cannot record to {}", folder.display()))
}

/// Says so at once if no incident could be written, not in the middle of one.
fn try_to_write(folder: &Path) {
    let file = tempfile::Builder::new()
        .prefix(".critwatch-")
        .tempfile_in(folder);
    if let Err(error) = file {
        let folder = folder.display();
        tracing::error!(
            %error, %folder,
            "no incident can be written; let this user write to the folder {folder}",
        );
    }
}

fn tellers(
    notifiers: Vec<(String, Channel)>,
    site: Option<&String>,
    state: &Path,
    deliveries: &Deliveries,
) -> anyhow::Result<Vec<Teller>> {
    let client = client::new(CLIENT_TIMEOUT, false).context("cannot make an HTTP client")?;
    let tellers = notifiers.into_iter().map(|(name, channel)| {
        Ok(Teller {
            receipts: Receipts::open(store::open(state)?, &name).context("cannot read receipts")?,
            notifier: Notifier::new(channel, &client),
            deliveries: deliveries.clone(),
            site: site.cloned(),
            name,
        })
    });
    tellers.collect()
}

fn collectors(
    settings: Vec<(Schedule, Target)>,
    network: Option<&Network>,
) -> anyhow::Result<Vec<(Schedule, Collector)>> {
    let client = client::new(CLIENT_TIMEOUT, true).context("cannot make an HTTP client")?;
    let trust = Trust::new(None).map_err(anyhow::Error::msg)?;
    let collectors = settings.into_iter().map(|(schedule, target)| {
        let reference = target.reference();
        let collector = Collector::new(target, &client)
            .with_context(|| format!("cannot set up the collector {}", schedule.id))?
            .with_trust(&trust);
        let collector = match network {
            Some(network) => collector.with_network(network, reference),
            None => collector,
        };
        Ok((schedule, collector))
    });
    collectors.collect()
}

/// Opens the doors of those that are pushed to.
fn doors(
    collectors: &mut [(Schedule, Collector)],
    places: &Places,
    locked: bool,
) -> anyhow::Result<Doors> {
    let clock = Pipeline::clock;
    let tools = Tools {
        state: &places.state,
        clock,
    };
    let mut opened = Vec::new();
    for (schedule, collector) in collectors {
        let door = collector
            .open(&tools)
            .with_context(|| format!("cannot set up the collector {}", schedule.id))?;
        opened.extend(door);
    }
    if !opened.is_empty() && !locked && !places.ops_listen.ip().is_loopback() {
        tracing::warn!(
            "anyone who reaches {} may push heartbeats and alerts; set a `token` in `[ops]`",
            places.ops_listen,
        );
    }
    Ok(Doors::new(opened, clock()))
}

async fn ending(task: impl Future<Output = ()>) -> anyhow::Result<()> {
    task.await;
    Ok(())
}

async fn bind(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address)
        .await
        .with_context(|| format!("cannot listen on {address}"))
}

/// A registry with what every process tells of itself.
fn registry() -> prometheus::Result<Registry> {
    let registry = Registry::new();
    #[cfg(target_os = "linux")]
    registry.register(Box::new(
        prometheus::process_collector::ProcessCollector::for_self(),
    ))?;
    let build = prometheus::IntGaugeVec::new(
        prometheus::Opts::new("critwatch_build_info", "Which critwatch this is; always 1."),
        &["version"],
    )?;
    build.with_label_values(&[env!("CARGO_PKG_VERSION")]).set(1);
    registry.register(Box::new(build))?;
    Ok(registry)
}
