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
pub mod roll;
mod serve;
pub mod worker;

use std::os::fd::AsFd as _;
use std::time::Duration;

use tokio::io::AsyncReadExt as _;
use tokio::net::TcpListener;
use tokio::net::unix::pipe;
use tokio_util::sync::CancellationToken;

use crate::dice::api::routes;
use crate::dice::api::state::ApiState;
use crate::dice::api::waiters;
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
    /// How long a request waits for the worker.
    pub(crate) answer_within: Duration,
    /// How long a session lives unused.
    pub(crate) session_ttl: Duration,
}

/// Runs the API until stopped; requests under way are finished.
pub(crate) async fn run_api(
    settings: ApiSettings,
    listener: TcpListener,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    let link = settings.redis.link(link::PATIENCE)?;
    let (waiters, dispatch) = waiters::waiters();
    let metrics = ApiMetrics::new()?;
    let desk = ApiState::new(
        link,
        waiters,
        metrics,
        settings.answer_within,
        settings.session_ttl,
    );
    // Requests under way still need to be woken after `stop`.
    let all_served = CancellationToken::new();
    let serve = async {
        let grace = settings.answer_within + Duration::from_secs(2);
        let served = serve::serve(listener, routes::router(desk), stop, grace).await;
        all_served.cancel();
        served
    };
    let dispatch = dispatch.run(settings.redis.client()?, all_served.clone());
    let (served, ()) = tokio::join!(serve, dispatch);
    Ok(served?)
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
