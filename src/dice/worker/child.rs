//! A child of the worker: takes one job at a time until it is stopped, too large or too old.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncWrite, AsyncWriteExt as _};
use tokio::sync::watch;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::dice::database::connection::Database;
use crate::dice::link::RedisUrl;
use crate::dice::queue::bookkeeping::Bookkeeping;
use crate::dice::queue::consumer::JobConsumer;
use crate::dice::queue::entry::Delivery;
use crate::dice::queue::name::QueueName;
use crate::dice::roll::throw::chance::DiceChance;
use crate::dice::worker::job_work::{JobEnd, JobWork};
use crate::dice::worker::report::{ChildNews, ChildReport};
use crate::dice::worker::{kernel_limit, memory};

/// Between two reports of a child without work.
const REPORT_EVERY: Duration = Duration::from_secs(1);
const RETRY_MIN: Duration = Duration::from_millis(100);
const RETRY_MAX: Duration = Duration::from_secs(1);

/// What all children have to know; handed over as JSON in an argument.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct CrewSettings {
    /// The file of the service's database.
    pub(crate) database: PathBuf,
    /// Resident memory at which a child ends itself, in bytes.
    pub(crate) memory_bytes: u64,
    /// Whether the kernel enforces that, too.
    pub(crate) hard_limit: bool,
    /// How long a job may lie in a child's hands untouched.
    pub(crate) claim_after: Duration,
    /// How long the work on a job may take.
    pub(crate) job_timeout: Duration,
    /// How long a child may finish its job when asked to end.
    pub(crate) grace: Duration,
    /// Jobs after which a child ends.
    pub(crate) max_jobs: Option<u64>,
    /// Time after which a child ends.
    pub(crate) max_time: Option<Duration>,
    /// Whether each job has records beside the queue.
    pub(crate) bookkeeping: Option<Bookkeeping>,
    /// The seed of a drill, from which all dice follow.
    pub(crate) seed: Option<u64>,
}

/// What a child has to know.
#[derive(Clone, Debug)]
pub(crate) struct ChildSettings {
    /// Where the queue is.
    pub(crate) redis: RedisUrl,
    /// The child's number, from 1.
    pub(crate) id: u32,
    /// What it has in common with the others.
    pub(crate) crew: CrewSettings,
}

/// How a worker process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// It was asked to, or has done its part.
    Stopped,
    /// It reached its memory ceiling.
    Memory,
}

struct Outlet<W>(W);

impl<W: AsyncWrite + Unpin> Outlet<W> {
    async fn report(&mut self, news: ChildNews) -> std::io::Result<()> {
        let resident_bytes = resident();
        let report = ChildReport {
            resident_bytes,
            news,
        };
        self.0.write_all(report.to_line().as_bytes()).await?;
        self.0.flush().await
    }
}

/// Limits this process, and connects it with the database and the queue.
fn prepare(settings: &ChildSettings) -> anyhow::Result<JobWork> {
    let (id, crew) = (settings.id, &settings.crew);
    kernel_limit::die_first();
    if crew.hard_limit {
        let kind = kernel_limit::limit(crew.memory_bytes).context("cannot limit the memory")?;
        tracing::info!(child.id = id, limit = ?kind, "the kernel limits the child's memory");
    }
    let database = Database::open(&crew.database)
        .with_context(|| format!("cannot open {}", crew.database.display()))?;
    let (claim_after, bookkeeping) = (crew.claim_after, crew.bookkeeping);
    Ok(JobWork {
        consumer: JobConsumer::new(&settings.redis, id, claim_after, bookkeeping)?,
        database,
        job_timeout: crew.job_timeout,
        claim_after,
        chance: DiceChance::new(crew.seed),
    })
}

/// Does one job after the other, first those of the queue that the main process names.
pub(crate) async fn run<W: AsyncWrite + Unpin>(
    settings: ChildSettings,
    reports: W,
    first: watch::Receiver<QueueName>,
    stop: CancellationToken,
) -> anyhow::Result<Ending> {
    let (id, crew) = (settings.id, &settings.crew);
    let mut work = prepare(&settings)?;
    let mut outlet = Outlet(reports);
    let began = Instant::now();
    let (mut reported_at, mut is_broken, mut pause, mut jobs) = (None, false, RETRY_MIN, 0);
    while !stop.is_cancelled() {
        if reported_at.is_none_or(|at: Instant| at.elapsed() >= REPORT_EVERY) {
            outlet.report(ChildNews::Alive).await?;
            reported_at = Some(Instant::now());
        }
        let queue = *first.borrow();
        let mut has_worked = false;
        match work.consumer.next(queue).await {
            Ok(delivery) => {
                pause = RETRY_MIN;
                if std::mem::replace(&mut is_broken, false) {
                    tracing::info!(child.id = id, "taking jobs recovered");
                }
                if let Some(delivery) = delivery {
                    (jobs, has_worked) = (jobs + 1, true);
                    if let Some(news) = one(&mut work, &delivery, crew.grace, &stop).await {
                        outlet.report(news).await?;
                    }
                }
            }
            Err(error) => {
                if !std::mem::replace(&mut is_broken, true) {
                    tracing::warn!(child.id = id, %error, "cannot take jobs");
                }
                tokio::select! {
                    () = stop.cancelled() => {}
                    () = sleep(pause) => pause = (pause * 2).min(RETRY_MAX),
                }
            }
        }
        let resident_bytes = resident();
        if has_worked && resident_bytes >= crew.memory_bytes {
            tracing::warn!(
                child.id = id,
                resident_bytes,
                "child ends at its memory ceiling"
            );
            work.consumer.give_back_held().await;
            return Ok(Ending::Memory);
        }
        let is_old = crew.max_time.is_some_and(|most| began.elapsed() >= most);
        if is_old || crew.max_jobs.is_some_and(|most| jobs >= most) {
            outlet.report(ChildNews::Recycled).await?;
            break;
        }
    }
    work.consumer.give_back_held().await;
    Ok(Ending::Stopped)
}

fn resident() -> u64 {
    memory::resident_bytes().unwrap_or(0)
}

/// Does one job, and holds on to it for as long as that takes.
async fn one(
    work: &mut JobWork,
    delivery: &Delivery,
    grace: Duration,
    stop: &CancellationToken,
) -> Option<ChildNews> {
    let began = Instant::now();
    let mut consumer = work.consumer.clone();
    let keeping = work.consumer.clone().keep(delivery);
    // A part of the grace is left for giving the job back.
    let late = async {
        stop.cancelled().await;
        sleep(grace / 4 * 3).await;
    };
    let end = tokio::select! {
        end = work.handle(delivery, stop) => end,
        () = keeping => JobEnd::GivenBack,
        () = late => {
            consumer.give_back(delivery).await.ok();
            JobEnd::GivenBack
        }
    };
    let seconds = began.elapsed().as_secs_f64();
    match end {
        JobEnd::Answered => Some(ChildNews::Completed {
            queue: delivery.queue,
            seconds,
        }),
        JobEnd::Failed => Some(ChildNews::Failed { seconds }),
        JobEnd::Retried => Some(ChildNews::Retried),
        JobEnd::AnsweredBefore | JobEnd::GivenBack | JobEnd::Stalled => None,
    }
}
