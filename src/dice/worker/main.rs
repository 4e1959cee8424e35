//! The worker's main process: a crew of children, sized by the backlog, and a page about it.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use axum::Router;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use redis::aio::ConnectionManager;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval, sleep};
use tokio_util::sync::CancellationToken;

use crate::dice::api::queue;
use crate::dice::link::{self, RedisUrl};
use crate::dice::metrics::{self, WorkerLimits, WorkerMetrics};
use crate::dice::serve::serve;
use crate::dice::worker::child::Ending;
use crate::dice::worker::child_pool::{Crew, Recipe};
use crate::dice::worker::pace::Steady;
use crate::dice::worker::{memory, pace};

const MIB: u64 = 1024 * 1024;

/// What the worker has to know.
#[derive(Clone, Debug)]
pub(crate) struct WorkerSettings {
    /// Where the queue is.
    pub(crate) redis: RedisUrl,
    /// The fewest children.
    pub(crate) children_min: u32,
    /// The most children.
    pub(crate) children_max: u32,
    /// Resident memory at which the main process ends itself.
    pub(crate) main_memory_mib: u64,
    /// Resident memory at which a child ends itself.
    pub(crate) child_memory_mib: u64,
    /// How long a job may lie in a child's hands untouched before another takes it.
    pub(crate) claim_after: Duration,
    /// How long children may finish their job when the worker stops.
    pub(crate) grace: Duration,
    /// The program that is a child.
    pub(crate) program: PathBuf,
    /// Its first arguments.
    pub(crate) arguments: Vec<String>,
}

/// Runs the worker until stopped or at its memory ceiling.
pub(crate) async fn run(
    settings: WorkerSettings,
    listener: TcpListener,
    stop: CancellationToken,
) -> anyhow::Result<Ending> {
    let metrics = WorkerMetrics::new(WorkerLimits {
        children: settings.children_max,
        main_bytes: settings.main_memory_mib.saturating_mul(MIB),
        child_bytes: settings.child_memory_mib.saturating_mul(MIB),
    })?;
    let link = settings.redis.link(link::PATIENCE)?;
    // The page outlives the crew, so that it shows the last children ending.
    let crew_gone = CancellationToken::new();
    let page = serve(
        listener,
        router(metrics.clone()),
        crew_gone.clone(),
        Duration::from_secs(2),
    );
    let (backlog_sender, backlog) = watch::channel(None);
    let supervised = async {
        let ending = tokio::select! {
            ending = supervise(&settings, metrics, backlog, &stop) => ending,
            () = measure(link, backlog_sender) => Ending::Stopped,
        };
        crew_gone.cancel();
        ending
    };
    let (served, ending) = tokio::join!(page, supervised);
    served?;
    Ok(ending)
}

/// Measures the backlog apart from the loop, which a silent Redis must not hold up.
async fn measure(mut link: ConnectionManager, backlog: watch::Sender<Option<u64>>) {
    loop {
        backlog.send_replace(queue::backlog(&mut link).await.ok());
        sleep(pace::LOOP).await;
    }
}

async fn supervise(
    settings: &WorkerSettings,
    metrics: WorkerMetrics,
    backlog: watch::Receiver<Option<u64>>,
    stop: &CancellationToken,
) -> Ending {
    let recipe = Recipe {
        program: settings.program.clone(),
        arguments: settings.arguments.clone(),
        redis: settings.redis.clone(),
        memory_mib: settings.child_memory_mib,
        claim_after: settings.claim_after,
        grace: settings.grace,
    };
    let mut crew = Crew::new(recipe, metrics);
    let bounds = (settings.children_min, settings.children_max);
    let ceiling = settings.main_memory_mib.saturating_mul(MIB);
    let mut wanted = settings.children_min;
    let (mut changed, mut busy) = (Instant::now(), Instant::now());
    let mut look = interval(pace::LOOP);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let ending = loop {
        tokio::select! {
            () = stop.cancelled() => break Ending::Stopped,
            sign = crew.sign() => crew.note(sign),
            _ = look.tick() => {
                let resident_bytes = memory::resident_bytes().unwrap_or(0);
                if resident_bytes >= ceiling {
                    tracing::error!(resident_bytes, "worker ends at its memory ceiling");
                    break Ending::Memory;
                }
                let jobs = *backlog.borrow();
                if jobs != Some(0) {
                    busy = Instant::now();
                }
                let steady =
                    Steady { unchanged_for: changed.elapsed(), empty_for: busy.elapsed() };
                let next = pace::children(wanted, jobs, steady, bounds);
                if next != wanted {
                    tracing::info!(children = next, jobs, "number of children changes");
                    (wanted, changed) = (next, Instant::now());
                }
                crew.fill(wanted);
            }
        }
    };
    crew.end().await;
    ending
}

fn router(metrics: WorkerMetrics) -> Router {
    Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/metrics", get(async move || page(&metrics)))
}

fn page(metrics: &WorkerMetrics) -> Response {
    match metrics.page() {
        Ok(page) => ([(CONTENT_TYPE, metrics::CONTENT_TYPE)], page).into_response(),
        Err(error) => {
            tracing::error!(%error, "cannot write the metrics page");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
