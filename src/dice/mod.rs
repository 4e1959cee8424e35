//! The guest: a dice API and its worker, watched like a stranger's service.
//!
//! It imports nothing of ours. Redis is its queue, its session store and the thing that fails.

pub mod api;
pub mod clock;
pub mod database;
pub mod fault;
pub mod keys;
pub mod link;
pub mod metrics;
pub mod roll;
mod serve;
pub mod worker;

use std::os::fd::AsFd as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpListener;
use tokio::net::unix::pipe;
use tokio_util::sync::CancellationToken;

use crate::dice::api::limits::rate::{RateLimits, RateSettings};
use crate::dice::api::realtime::hub::{self, Hub};
use crate::dice::api::realtime::hub_state::SocketLimits;
use crate::dice::api::realtime::signature::ChannelSigner;
use crate::dice::api::rolling::Rolling;
use crate::dice::api::state::{self, ApiState};
use crate::dice::api::waiters::{self, Dispatch};
use crate::dice::api::{announcements, routes};
use crate::dice::database::connection::Database;
use crate::dice::fault::parent_death;
use crate::dice::link::RedisUrl;
use crate::dice::metrics::ApiMetrics;
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
    /// How long a request waits for the worker.
    pub(crate) answer_within: Duration,
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
    let (desk, dispatch, hub) = build_api(&settings)?;
    // Requests under way still need to be woken after `stop`.
    let all_served = CancellationToken::new();
    let serve = async {
        let grace = settings.answer_within + Duration::from_secs(2);
        let router = routes::router(Arc::clone(&desk));
        let served = serve::serve(listener, router, stop.clone(), grace).await;
        all_served.cancel();
        served
    };
    let dispatch = dispatch.run(settings.redis.client()?, all_served.clone());
    let announce = async {
        tokio::select! {
            () = all_served.cancelled() => {}
            never = announcements::watch(Arc::clone(&desk)) => match never {},
        }
    };
    let (served, (), (), ()) = tokio::join!(serve, dispatch, announce, hub.run(stop.clone()));
    Ok(served?)
}

fn build_api(settings: &ApiSettings) -> anyhow::Result<(Arc<ApiState>, Dispatch, Hub)> {
    let link = settings.redis.link(link::PATIENCE)?;
    let database = Database::open(&settings.database)
        .with_context(|| format!("cannot open {}", settings.database.display()))?;
    let (waiters, dispatch) = waiters::waiters();
    let metrics = ApiMetrics::new()?;
    let (handle, hub) = hub::hub(settings.sockets, metrics.sockets.clone());
    let rolling = Rolling {
        link: link.clone(),
        database: database.clone(),
        waiters,
        metrics: metrics.clone(),
        answer_within: settings.answer_within,
    };
    let desk = ApiState {
        limits: RateLimits::new(settings.rates, link.clone()),
        link,
        database,
        rolling,
        hub: handle,
        signer: ChannelSigner::new()?,
        metrics,
        answer_within: settings.answer_within,
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
    let run = child::run(settings, reports, stop.clone());
    let left_alone = async {
        ended(input).await;
        stop.cancel();
        std::future::pending::<std::convert::Infallible>().await
    };
    tokio::select! {
        ending = run => ending,
        never = left_alone => match never {},
    }
}

/// Waits until nobody holds the other end; the portable sign of a lost parent.
async fn ended(mut input: pipe::Receiver) {
    let mut rest = [0; 64];
    while input.read(&mut rest).await.is_ok_and(|length| length > 0) {}
}
