//! The guest: a dice API and its worker, watched like a stranger's service.
//!
//! It imports nothing of ours. Redis is its queue, its session store and the thing that fails.

pub mod api;
pub mod clock;
pub mod database;
pub mod fault;
pub mod keys;
pub mod link;
pub mod load;
pub mod metrics;
pub mod queue;
pub mod roll;
mod serve;
pub mod worker;

use std::os::fd::AsFd as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::net::TcpListener;
use tokio::net::unix::pipe;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::dice::api::admission::{self, Admission, AdmissionLimits};
use crate::dice::api::housekeeping::{self, SweepSettings};
use crate::dice::api::last_uses::LastUses;
use crate::dice::api::limits::rate::{RateLimits, RateSettings};
use crate::dice::api::realtime::hub::{self, Hub};
use crate::dice::api::realtime::hub_state::SocketLimits;
use crate::dice::api::realtime::signature::ChannelSigner;
use crate::dice::api::rolling::{Rolling, RollingSettings};
use crate::dice::api::state::{self, ApiState};
use crate::dice::api::{announcements, losses, routes};
use crate::dice::database::connection::Database;
use crate::dice::fault::parent_death;
use crate::dice::link::RedisUrl;
use crate::dice::metrics::ApiMetrics;
use crate::dice::queue::load::LoadSnapshot;
use crate::dice::queue::name::QueueName;
use crate::dice::queue::waiters::{self, Dispatch};
use crate::dice::worker::child;
use crate::dice::worker::child::{ChildSettings, Ending};
use crate::dice::worker::main::WorkerSettings;

/// What the API has to know.
#[derive(Clone, Debug)]
pub(crate) struct ApiSettings {
    /// Where sessions and the queue are.
    pub(crate) redis: RedisUrl,
    /// The file of the service's database.
    pub(crate) database: PathBuf,
    /// How rolls are made.
    pub(crate) rolling: RollingSettings,
    /// From when on the queues take no more; none to offer everything.
    pub(crate) admission: Option<AdmissionLimits>,
    /// How long a roll waits before its job is looked for in the queue.
    pub(crate) lost_after: Duration,
    /// What is deleted when nobody uses it.
    pub(crate) sweep: SweepSettings,
    /// How long a session lives unused.
    pub(crate) session_ttl: Duration,
    /// How many requests one may send.
    pub(crate) rates: RateSettings,
    /// How many sockets there may be.
    pub(crate) sockets: SocketLimits,
    /// How long a socket may be silent.
    pub(crate) activity_timeout: Duration,
}

/// Runs the API until stopped; requests under way are finished.
pub(crate) async fn run_api(
    settings: ApiSettings,
    listener: TcpListener,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    let (load, seen) = watch::channel(None);
    let (desk, dispatch, hub) = build_api(&settings, seen)?;
    let losses = losses::watch(
        desk.database.clone(),
        desk.link.clone(),
        desk.metrics.clone(),
        settings.lost_after,
    );
    let housekeeping =
        housekeeping::keep_house(desk.database.clone(), desk.uses.clone(), settings.sweep);
    let measure = admission::measure(settings.redis.link(link::PATIENCE)?, load);
    // Requests under way still need to be woken after `stop`.
    let all_served = CancellationToken::new();
    let serve = async {
        let grace = desk.answer_within + Duration::from_secs(2);
        let router = routes::router(Arc::clone(&desk));
        let served = serve::serve(listener, router, stop.clone(), grace).await;
        all_served.cancel();
        served
    };
    let dispatch = dispatch.run(settings.redis.client()?, all_served.clone());
    let announcements = announcements::watch(Arc::clone(&desk));
    let serve = async { tokio::join!(serve, dispatch, hub.run(stop.clone())).0 };
    tokio::select! {
        served = serve => Ok(served?),
        never = losses => match never {},
        never = housekeeping => match never {},
        never = measure => match never {},
        never = announcements => match never {},
    }
}

fn build_api(
    settings: &ApiSettings,
    load: watch::Receiver<Option<LoadSnapshot>>,
) -> anyhow::Result<(Arc<ApiState>, Dispatch, Hub)> {
    let link = settings.redis.link(link::PATIENCE)?;
    let database = Database::open(&settings.database)
        .with_context(|| format!("cannot open {}", settings.database.display()))?;
    let (waiters, dispatch) = waiters::waiters();
    let metrics = ApiMetrics::new()?;
    let (handle, hub) = hub::hub(settings.sockets, metrics.sockets.clone());
    let admission = Admission::new(load, settings.admission);
    let rolling = Rolling::new(
        link.clone(),
        database.clone(),
        waiters,
        admission.clone(),
        metrics.clone(),
        &settings.rolling,
    );
    let desk = ApiState {
        limits: RateLimits::new(settings.rates, link.clone()),
        link,
        database,
        rolling,
        admission,
        bookkeeping: settings.rolling.bookkeeping,
        hub: handle,
        signer: ChannelSigner::new()?,
        uses: LastUses::default(),
        metrics,
        answer_within: settings.rolling.answer_within,
        session_ttl: settings.session_ttl,
        activity_timeout: settings.activity_timeout,
        places: state::places(),
    };
    Ok((Arc::new(desk), dispatch, hub))
}

/// Runs the worker's main process until stopped or at its memory ceiling.
///
/// Its children end when the calling *thread* ends, see [`fault::parent_death`].
pub(crate) async fn run_worker(
    settings: WorkerSettings,
    listener: TcpListener,
    stop: CancellationToken,
) -> anyhow::Result<Ending> {
    worker::main::run(settings, listener, stop).await
}

/// Runs a child until stopped, at its memory ceiling, or without its parent.
pub(crate) async fn run_child(
    settings: ChildSettings,
    parent: u32,
    stop: CancellationToken,
) -> anyhow::Result<Ending> {
    parent_death::tie(parent)?;
    // Both are pipes, since only the worker starts a child.
    let input = pipe::Receiver::from_owned_fd(std::io::stdin().as_fd().try_clone_to_owned()?)?;
    let reports = pipe::Sender::from_owned_fd(std::io::stdout().as_fd().try_clone_to_owned()?)?;
    let (orders, first) = watch::channel(QueueName::Rolls);
    let run = child::run(settings, reports, first, stop.clone());
    let left_alone = async {
        follow(input, orders).await;
        stop.cancel();
        std::future::pending::<std::convert::Infallible>().await
    };
    tokio::select! {
        ending = run => ending,
        never = left_alone => match never {},
    }
}

/// Reads which queue comes first, until nobody holds the other end: the portable sign of a lost
/// parent.
async fn follow(input: pipe::Receiver, orders: watch::Sender<QueueName>) {
    let mut lines = BufReader::new(input).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        let queue = QueueName::ALL
            .into_iter()
            .find(|queue| queue.label() == line);
        if let Some(queue) = queue {
            orders.send_replace(queue);
        }
    }
}
