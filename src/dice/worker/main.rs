//! The worker's main process: a crew of children, sized by the backlog, and a page about it.

use std::convert::Infallible;
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

use crate::dice::link::{self, RedisUrl};
use crate::dice::metrics;
use crate::dice::queue::load::{self, LoadSnapshot};
use crate::dice::queue::name::QueueName;
use crate::dice::serve::serve;
use crate::dice::worker::child::{CrewSettings, Ending};
use crate::dice::worker::child_pool::{Crew, Recipe};
use crate::dice::worker::metrics::{WorkerLimits, WorkerMetrics};
use crate::dice::worker::pace::Steady;
use crate::dice::worker::{heartbeat, memory, pace};

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
    /// What all children have in common.
    pub(crate) crew: CrewSettings,
    /// How long after its last restart a child is started again at the earliest.
    pub(crate) restart_pause: Duration,
    /// How long a heartbeat in Redis lives.
    pub(crate) heartbeat_ttl: Duration,
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
        child_bytes: settings.crew.memory_bytes,
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
    let (load_sender, load) = watch::channel(None);
    let beat_link = settings.redis.link(link::PATIENCE)?;
    let beat = heartbeat::beat(beat_link, settings.heartbeat_ttl, metrics.clone());
    let supervised = async {
        let ending = tokio::select! {
            ending = supervise(&settings, metrics, load, &stop) => ending,
            never = measure(link, load_sender) => match never {},
            never = beat => match never {},
        };
        crew_gone.cancel();
        ending
    };
    let (served, ending) = tokio::join!(page, supervised);
    served?;
    Ok(ending)
}

/// Measures the queues apart from the loop, which a silent Redis must not hold up.
async fn measure(
    mut link: ConnectionManager,
    seen: watch::Sender<Option<LoadSnapshot>>,
) -> Infallible {
    loop {
        seen.send_replace(load::look(&mut link).await.ok());
        sleep(pace::LOOP).await;
    }
}

async fn supervise(
    settings: &WorkerSettings,
    metrics: WorkerMetrics,
    load: watch::Receiver<Option<LoadSnapshot>>,
    stop: &CancellationToken,
) -> Ending {
    let recipe = Recipe {
        program: settings.program.clone(),
        arguments: settings.arguments.clone(),
        redis: settings.redis.clone(),
        crew: settings.crew.clone(),
        restart_pause: settings.restart_pause,
    };
    let mut crew = Crew::new(recipe, metrics.clone());
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
                let load = *load.borrow();
                let [rolls, assets] = times(&crew, load.unwrap_or_default(), &metrics);
                let jobs = load.map(|load| load.jobs());
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
                crew.fill(wanted, pace::for_rolls(wanted, rolls, assets));
            }
        }
    };
    crew.end().await;
    ending
}

/// Tells how long each queue takes until it is empty.
fn times(crew: &Crew, load: LoadSnapshot, metrics: &WorkerMetrics) -> [Duration; 2] {
    QueueName::ALL.map(|queue| {
        let time = crew.time_to_clear(queue, load.queue(queue).jobs);
        metrics.time_to_clear(queue.label(), time);
        time
    })
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
