//! Builds every part once, starts the tasks, and stops them in order.

pub(crate) mod build;
pub(crate) mod generation;
pub(crate) mod metrics;
pub(crate) mod notifiers;
pub(crate) mod paths;
pub(crate) mod prepared;
pub(crate) mod public;
pub(crate) mod restored;
pub(crate) mod snapshot;
pub(crate) mod subscribers;
pub(crate) mod supervisor;

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use axum::Router;
use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};

use crate::app::generation::Generation;
use crate::app::metrics::OwnMetrics;
use crate::app::notifiers::{NotificationSettings, NotificationTools};
use crate::app::paths::Paths;
use crate::app::prepared::Prepared;
use crate::app::public::{Background, PublicServer};
use crate::app::restored::Restored;
use crate::app::supervisor::Supervisor;
use crate::config::Config;
use crate::history::charts::lookups::Lookups;
use crate::history::events::follow::EventFollower;
use crate::history::samples::recorder::Recording;
use crate::history::silences::follow::SilenceFollower;
use crate::history::writer::{Writer, pruning};
use crate::incident::folder::disk;
use crate::model::request::reload::Reload;
use crate::model::request::subscription::PendingSubscription;
use crate::notify::mail::outgoing::queue::MailQueue;
use crate::notify::metrics::Deliveries;
use crate::pipeline::stages::Pipeline;
use crate::runtime::tasks::{Tasks, ending};
use crate::runtime::{limits, schedule};
use crate::store;
use crate::web::serving::connections::listen::{self, Routes};
use crate::web::serving::connections::visitor::Proxies;

/// Requests to read the settings again that may wait.
const RELOADS: usize = 4;

/// Settings of notifiers that may wait until a message in hand is told.
const TELLINGS: usize = 16;

/// The service, built and bound, but not running yet.
#[derive(Debug)]
pub struct App {
    tasks: Tasks,
    /// Where the public page answers.
    pub page: SocketAddr,
    /// Where operators ask.
    pub ops: SocketAddr,
    /// Takes requests to read the settings again.
    pub reloads: mpsc::Sender<Reload>,
    supervisor: Supervisor,
    generation: Generation,
    reload_requests: mpsc::Receiver<Reload>,
    telling: mpsc::Receiver<NotificationSettings>,
    pending: mpsc::Receiver<PendingSubscription>,
    deliveries: Deliveries,
    writer: Writer,
    threads: Threads,
    listeners: (TcpListener, TcpListener),
    background: Background,
}

impl App {
    /// Opens what must be open and makes the first board; asks nobody yet.
    pub async fn build(config: Config, places: &Paths) -> anyhow::Result<Self> {
        let now = Pipeline::clock();
        prepare(&places.incidents, !config.rules.is_empty(), now).await?;
        let metrics = OwnMetrics::register(now)?;
        let (mut prepared, judging) = Prepared::new(config, now)?;
        let zone = prepared.config.names.zone.clone();
        let mut restored = Restored::open(judging, zone, places, &metrics, now)?;
        restored.history.hold_is(prepared.config.hold, now);
        let (follower, silences) = build::silences(places)?;
        let mut pipeline = Pipeline::new(
            std::mem::take(&mut prepared.config.components),
            restored.evaluator,
            restored.history,
            build::journal(&prepared.config, places),
            silences.newest.clone(),
            metrics.writer.clone(),
        )
        .with_lookups(restored.asks);
        let (boards, _) = watch::channel(Arc::new(Box::pin(pipeline.step(now)).await));
        let (forms, pending) = subscribers::forms(&restored.door, &metrics.reports);
        let site = places.site(&prepared.config.names, boards.subscribe());
        let requests = metrics.requests.clone();
        let (page, background) = PublicServer::open(&site, places, forms, requests)?;
        let (reloads, reload_requests) = mpsc::channel(RELOADS);
        let (tellings, telling) = mpsc::channel(TELLINGS);
        let supervisor = Supervisor {
            places: places.clone(),
            boards,
            page,
            ops: watch::Sender::new(Routes::new(Router::new(), Proxies::default())),
            telling: tellings,
            desk: watch::Sender::new(subscribers::settings(&prepared.config)),
            metrics: metrics.clone(),
            reloads: reloads.clone(),
            door: restored.door,
            silences,
        };
        let listeners = (bind(places.listen)?, bind(places.ops_listen)?);
        Ok(Self {
            tasks: Tasks::new(),
            page: listeners.0.local_addr()?,
            ops: listeners.1.local_addr()?,
            reloads,
            generation: supervisor.put(prepared, site, pipeline)?,
            supervisor,
            reload_requests,
            telling,
            pending,
            deliveries: metrics.deliveries,
            writer: restored.writer,
            threads: Threads {
                lookups: restored.lookups,
                recording: restored.recording,
                silences: follower,
                events: restored.events,
            },
            listeners,
            background,
        })
    }

    /// Runs until the future ends or a part fails, then stops everything.
    ///
    /// Settings are `read` again whenever that is requested.
    pub async fn run(
        self,
        until: impl Future<Output = ()>,
        read: impl Fn() -> anyhow::Result<Config> + Send + Sync + 'static,
    ) -> anyhow::Result<()> {
        let mut tasks = self.tasks;
        let (page, ops) = self.listeners;
        let stop = tasks.stop();
        let (due, jobs) = std::sync::mpsc::channel();
        let writer = self.writer.with_schedule(jobs);
        // A receiver that has gone has nothing to do any more.
        let due = move |job| {
            let _ = due.send(job);
        };
        let schedule = schedule::run(&pruning::SCHEDULE, due, stop.clone());
        tasks.start("schedule", ending(schedule));
        tasks.start_blocking("history", move || writer.run());
        self.threads.start(&mut tasks);
        let mut supervisor = self.supervisor;
        // Other settings never change where we answer: what was bound counts.
        (supervisor.places.listen, supervisor.places.ops_listen) = (self.page, self.ops);
        self.background.start(&mut tasks, &stop);
        let visitors = supervisor.page.door();
        let handles = limits::handles();
        let visited = listen::serve(page, visitors, handles, stop.clone());
        tasks.start("page", ending(visited));
        let operators = supervisor.ops.subscribe();
        tasks.start(
            "operators",
            ending(listen::serve(ops, operators, handles, stop.clone())),
        );
        let boards = supervisor.boards.subscribe();
        let state = supervisor.places.state.clone();
        let queue = MailQueue::new(store::open_erasing(&state)?);
        subscribers::start(
            &mut tasks,
            (queue.clone(), supervisor.metrics.subscribers.clone()),
            self.pending,
            supervisor.desk.subscribe(),
            boards.clone(),
            &stop,
        );
        let tools = NotificationTools {
            queue,
            state,
            deliveries: self.deliveries,
            mails: supervisor.metrics.mails.clone(),
            states: supervisor.metrics.notifiers.clone(),
        };
        let tell = notifiers::run(self.telling, boards, tools, stop.clone());
        tasks.start("notifiers", tell);
        tasks.start(
            "watching",
            supervisor.watch(self.generation, self.reload_requests, Arc::new(read), stop),
        );
        tasks.run(until).await
    }
}

/// What waits for the disk on threads of its own, until nobody asks any more.
#[derive(Debug)]
struct Threads {
    lookups: Lookups,
    recording: Option<Recording>,
    silences: SilenceFollower,
    events: EventFollower,
}

impl Threads {
    fn start(self, tasks: &mut Tasks) {
        tasks.start_blocking("lookups", move || self.lookups.run());
        if let Some(recording) = self.recording {
            tasks.start_blocking("recording", move || recording.run());
        }
        tasks.start_blocking("silences", move || self.silences.run());
        tasks.start_blocking("events", move || self.events.run());
    }
}

/// Makes the incidents folder, and removes what a run that was killed left in it.
///
/// Says so at once if no incident could be written, not in the middle of one.
async fn prepare(folder: &Path, writes: bool, now: Timestamp) -> anyhow::Result<()> {
    disk::make(folder)
        .await
        .with_context(|| format!("cannot use the folder {}", folder.display()))?;
    if !writes {
        return Ok(());
    }
    let folder_name = folder.display();
    match disk::try_to_write(folder, now.into()).await {
        Ok(0) => {}
        Ok(files) => tracing::info!(
            files, folder = %folder_name,
            "removed what an earlier run left half written",
        ),
        Err(error) => tracing::error!(
            %error, folder = %folder_name,
            "no incident can be written; let this user write to the folder {folder_name}",
        ),
    }
    Ok(())
}

fn bind(address: SocketAddr) -> anyhow::Result<TcpListener> {
    listen::bind(address).with_context(|| format!("cannot listen on {address}"))
}
