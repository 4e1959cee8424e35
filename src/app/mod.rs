//! Builds every part once, starts the tasks, and stops them in order.

pub mod kept;
pub mod parts;
pub mod places;

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use prometheus::Registry;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};

use crate::app::kept::Kept;
use crate::app::places::Places;
use crate::collect::probe::network::{Network, Referee};
use crate::collect::{self, Collector, Schedule};
use crate::config::Config;
use crate::history::figures::Figures;
use crate::history::keeper::Keeper;
use crate::history::lookups::Lookups;
use crate::history::recorder::Recording;
use crate::model::ask::Ask;
use crate::model::sample::Take;
use crate::notify::Teller;
use crate::notify::delivery::Deliveries;
use crate::pipeline::Pipeline;
use crate::runtime::tasks::Tasks;
use crate::web;
use crate::web::federate;
use crate::web::health::{self, Levels};
use crate::web::listen;
use crate::web::ops;
use crate::web::site::Site;

/// Takes that may wait for the pipeline; a collector waits when it is full.
const TAKES: usize = 256;

/// Questions that may wait for the pipeline.
const ASKS: usize = 8;

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
    lookups: Lookups,
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
        let journal = parts::journal(&config, places);
        let kept = Kept::open(&mut config, places, &figures, now)?;
        let mut pipeline = Pipeline::new(
            config.components,
            kept.evaluator,
            kept.history,
            journal,
            figures,
        )
        .with_lookups(kept.asks);
        let (boards, board) = watch::channel(Arc::new(pipeline.step(now).await));

        let deliveries = Deliveries::register(&registry)?;
        let levels = Levels::register(&registry)?;
        let site_url = config.names.url.clone();
        let tellers = parts::tellers(
            config.notifiers,
            site_url.as_ref(),
            &places.state,
            &deliveries,
        )?;
        let (network, referee) = Network::new(config.references).unzip();
        let mut collectors = parts::collectors(config.collectors, network.as_ref())?;
        let doors = parts::doors(&mut collectors, places, config.key.is_some())?;
        let site = Site::new(config.names, board).with_pictures(&places.incidents);
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
            lookups: kept.lookups,
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
        let lookups = self.lookups;
        tasks.start_blocking("lookups", move || lookups.run());
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
