//! Builds every part once, starts the tasks, and stops them in order.

pub(crate) mod build;
pub(crate) mod doors;
pub(crate) mod file_findings;
pub(crate) mod generations;
pub(crate) mod git;
pub(crate) mod metrics;
pub(crate) mod notifiers;
pub(crate) mod paths;
pub(crate) mod peers;
pub(crate) mod replay;
pub(crate) mod rule_tests;
pub(crate) mod snapshot;

use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use axum::Router;
use jiff::Timestamp;
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

use crate::access;
use crate::app::build::Followers;
use crate::app::doors::listeners::{Answering, BoundListeners, ListenAddresses};
use crate::app::doors::operator_doors::OperatorInbox;
use crate::app::doors::public::{Background, PublicServer};
use crate::app::doors::subscribers::SubscriberInbox;
use crate::app::doors::{operator_doors, subscribers};
use crate::app::generations::generation::Generation;
use crate::app::generations::prepared::{Judging, Prepared};
use crate::app::generations::read_settings::ReadSettings;
use crate::app::generations::restored::{Restored, Threads};
use crate::app::generations::supervisor::Supervisor;
use crate::app::metrics::OwnMetrics;
use crate::app::notifiers::running;
use crate::app::notifiers::settings::{NotificationSettings, NotificationTools};
use crate::app::paths::Paths;
use crate::app::peers::Peers;
use crate::config::Config;
use crate::history::writer::{Writer, pruning};
use crate::incident::folder::disk;
use crate::model::board::Board;
use crate::model::request::reload::Reload;
use crate::notify::mail::outgoing::queue::MailQueue;
use crate::notify::metrics::Deliveries;
use crate::pipeline::stages::Pipeline;
use crate::runtime::tasks::{Tasks, ending};
use crate::runtime::{schedule, service_manager};
use crate::store;
use crate::web::ops::access::authenticator::AccessMemory;
use crate::web::serving::connections::listen::Routes;
use crate::web::serving::connections::visitor::Proxies;

/// Requests to read the settings again that may wait.
const RELOADS: usize = 4;

/// Settings of notifiers that may wait until a message in hand is told.
const TELLINGS: usize = 16;

/// The service, built and bound, but not running yet.
#[derive(Debug)]
pub struct App {
    tasks: Tasks,
    /// Where we answer.
    pub addresses: ListenAddresses,
    /// Takes requests to read the settings again.
    pub reloads: mpsc::Sender<Reload>,
    supervisor: Supervisor,
    generation: Generation,
    reload_requests: mpsc::Receiver<Reload>,
    telling: mpsc::Receiver<NotificationSettings>,
    pending: SubscriberInbox,
    inbox: OperatorInbox,
    deliveries: Deliveries,
    writer: Writer,
    threads: Threads,
    followers: Followers,
    listeners: BoundListeners,
    background: Background,
    peers: Peers,
}

impl App {
    /// Opens what must be open and makes the first board; asks nobody yet.
    pub async fn build(config: Config, places: &Paths) -> anyhow::Result<Self> {
        let now = Pipeline::clock();
        prepare(&places.incidents, !config.rules.is_empty(), now).await?;
        let metrics = OwnMetrics::register(now)?;
        let listeners = BoundListeners::open(places, config.push_listen)?;
        let peers = Peers::new(&config, places, &metrics)?;
        let (mut prepared, judging) = Prepared::new(config, now)?;
        let restored = restore(&prepared.config, judging, places, &metrics, now)?;
        let (followers, silences, access) = build::followers(places)?;
        let (judged, asks) = ((restored.evaluator, restored.history), restored.asks);
        let config = &mut prepared.config;
        let writing = (&silences, &peers.leadership);
        let mut pipeline = build::pipeline(config, places, judged, writing, &metrics.writer);
        pipeline = pipeline.with_lookups(asks.clone());
        let (boards, _) = watch::channel(Arc::new(Box::pin(pipeline.step(now)).await));
        let (forms, care, pending) = subscribers::forms(&restored.door, &metrics.reports);
        let (doors, inbox) = operator_doors::open(&prepared.config, places, care, peers.authors())?;
        let site = places.site(&prepared.config.names, boards.subscribe());
        let counting = (metrics.requests.clone(), peers.exporting(&metrics));
        let (page, background) = PublicServer::open(&site, places, forms, counting)?;
        let (reloads, reload_requests) = mpsc::channel(RELOADS);
        let (tellings, telling) = mpsc::channel(TELLINGS);
        let supervisor = Supervisor {
            places: places.clone(),
            boards,
            page,
            ops: watch::Sender::new(Routes::new(Router::new(), Proxies::default())),
            pushes: watch::Sender::new(Routes::new(Router::new(), Proxies::default())),
            telling: tellings,
            desk: watch::Sender::new(subscribers::settings(&prepared.config)),
            doors,
            metrics: metrics.clone(),
            reloads: reloads.clone(),
            door: restored.door,
            silences,
            access: AccessMemory::new(access),
            lease: peers.leadership.clone(),
            history: asks,
            webhook: peers.webhook(),
        };
        Ok(Self {
            tasks: Tasks::new(),
            addresses: listeners.addresses()?,
            reloads,
            generation: supervisor.put(prepared, site, pipeline)?,
            supervisor,
            reload_requests,
            telling,
            pending,
            inbox,
            deliveries: metrics.deliveries,
            writer: restored.writer,
            threads: restored.threads,
            followers,
            listeners,
            background,
            peers,
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
        let stop = tasks.stop();
        let (due, jobs) = std::sync::mpsc::channel();
        let writer = self
            .writer
            .with_schedule(jobs)
            .with_tables(&[access::prune]);
        // A receiver that has gone has nothing to do any more.
        let due = move |job| {
            let _ = due.send(job);
        };
        let schedule = schedule::run(&pruning::SCHEDULE, due, stop.clone());
        tasks.start("schedule", ending(schedule));
        tasks.start_blocking("history", move || writer.run());
        self.threads.start(&mut tasks);
        build::follow(self.followers, &mut tasks);
        let mut supervisor = self.supervisor;
        // Other settings never change where we answer: what was bound counts.
        let ListenAddresses { page, ops, .. } = self.addresses;
        (supervisor.places.listen, supervisor.places.ops_listen) = (page, ops);
        self.background.start(&mut tasks, &stop);
        let answering = Answering {
            page: supervisor.page.door(),
            ops: supervisor.ops.subscribe(),
            push: supervisor.pushes.subscribe(),
        };
        self.listeners.start(&mut tasks, answering, &stop);
        let boards = supervisor.boards.subscribe();
        let queue = MailQueue::new(store::open_erasing(&supervisor.places.state)?);
        subscribers::start(
            &mut tasks,
            (queue.clone(), supervisor.metrics.subscribers.clone()),
            self.pending,
            supervisor.desk.subscribe(),
            boards.clone(),
            &stop,
        );
        let read: ReadSettings = Arc::new(read);
        let trying = (Arc::clone(&read), supervisor.places.clone());
        self.inbox.start(&mut tasks, boards.clone(), trying, &stop);
        let tools = NotificationTools {
            queue,
            state: supervisor.places.state.clone(),
            deliveries: self.deliveries,
            mails: supervisor.metrics.mails.clone(),
            states: supervisor.metrics.notifiers.clone(),
            resends: supervisor.doors.resends.clone(),
            troubles: supervisor.metrics.troubles.clone(),
            shared: self.peers.receipts.clone(),
        };
        self.peers.start(&mut tasks, &supervisor, &stop)?;
        guard(&mut tasks, boards.clone(), &stop);
        let tell = running::run(self.telling, boards, tools, stop.clone());
        tasks.start("notifiers", tell);
        tasks.start(
            "watching",
            supervisor.watch(self.generation, self.reload_requests, read, stop),
        );
        service_manager::ready();
        tasks.run(until).await
    }
}

/// Lets a service manager that waits for signs of life hear of every board.
fn guard(tasks: &mut Tasks, boards: watch::Receiver<Arc<Board>>, stop: &CancellationToken) {
    if let Some(every) = service_manager::watchdog() {
        let guard = service_manager::guard(boards, every, service_manager::alive, stop.clone());
        tasks.start("watchdog", ending(guard));
    }
}

/// Goes on from what an earlier run left.
fn restore(
    config: &Config,
    judging: Judging,
    places: &Paths,
    metrics: &OwnMetrics,
    now: Timestamp,
) -> anyhow::Result<Restored> {
    let zone = config.names.zone.clone();
    let mut restored = Restored::open(judging, zone, places, metrics, now)?;
    restored.history.hold_is(config.hold, now);
    Ok(restored)
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
            "removed incomplete files of an earlier run",
        ),
        Err(error) => tracing::error!(
            %error, folder = %folder_name,
            "no incident can be written; let this user write to the folder {folder_name}",
        ),
    }
    Ok(())
}
