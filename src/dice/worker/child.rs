//! A child of the worker: takes one job at a time, rolls, answers.

use std::time::{Duration, Instant};

use redis::RedisResult;
use serde_json::Value;
use tokio::io::{AsyncWrite, AsyncWriteExt as _};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::dice::clock;
use crate::dice::link::RedisUrl;
use crate::dice::roll::job::{RequestError, RollAnswer, RollJob};
use crate::dice::roll::roller::roll;
use crate::dice::worker::consumer::{Delivery, JobConsumer};
use crate::dice::worker::memory;
use crate::dice::worker::report::ChildReport;

/// A job delivered more often than this is given up.
const DELIVERIES_MAX: u64 = 5;
/// Between two reports of a child without work.
const REPORT_EVERY: Duration = Duration::from_secs(1);
const RETRY_MIN: Duration = Duration::from_millis(100);
const RETRY_MAX: Duration = Duration::from_secs(1);
/// The slowest that a child can be made.
const SLOW_MAX: Duration = Duration::from_mins(10);

/// What a child has to know.
#[derive(Clone, Debug)]
pub(crate) struct ChildSettings {
    /// Where the queue is.
    pub(crate) redis: RedisUrl,
    /// The child's number, from 1.
    pub(crate) id: u32,
    /// Resident memory at which the child ends itself, in bytes.
    pub(crate) memory_bytes: u64,
    /// How long a job may lie in another child's hands untouched.
    pub(crate) claim_after: Duration,
}

/// How a worker process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// It was asked to.
    Stopped,
    /// It reached its memory ceiling.
    Memory,
}

enum Done {
    Answered,
    AnsweredBefore,
    Failed,
    GivenBack,
}

/// Does one job after the other until stopped or at the memory ceiling.
pub(crate) async fn run<W: AsyncWrite + Unpin>(
    settings: ChildSettings,
    mut reports: W,
    stop: CancellationToken,
) -> anyhow::Result<Ending> {
    let mut consumer = JobConsumer::new(&settings.redis, settings.id, settings.claim_after)?;
    let mut reported_at = None;
    let mut is_broken = false;
    let mut pause = RETRY_MIN;
    while !stop.is_cancelled() {
        if reported_at.is_none_or(|at: Instant| at.elapsed() >= REPORT_EVERY) {
            send_report(
                &mut reports,
                ChildReport::Alive {
                    resident_bytes: resident(),
                },
            )
            .await?;
            reported_at = Some(Instant::now());
        }
        let delivery = match consumer.next().await {
            Ok(delivery) => delivery,
            Err(error) => {
                if !std::mem::replace(&mut is_broken, true) {
                    tracing::warn!(child.id = settings.id, %error, "cannot take jobs");
                }
                tokio::select! {
                    () = stop.cancelled() => {}
                    () = sleep(pause) => pause = (pause * 2).min(RETRY_MAX),
                }
                continue;
            }
        };
        pause = RETRY_MIN;
        if std::mem::replace(&mut is_broken, false) {
            tracing::info!(child.id = settings.id, "taking jobs recovered");
        }
        let Some(delivery) = delivery else { continue };
        if let Some(report) = work(&consumer, &delivery, &stop).await {
            send_report(&mut reports, report).await?;
        }
        if resident() >= settings.memory_bytes {
            tracing::warn!(
                child.id = settings.id,
                resident_bytes = resident(),
                "child ends at its memory ceiling"
            );
            return Ok(Ending::Memory);
        }
    }
    Ok(Ending::Stopped)
}

async fn send_report<W: AsyncWrite + Unpin>(
    reports: &mut W,
    report: ChildReport,
) -> std::io::Result<()> {
    reports.write_all(report.to_line().as_bytes()).await?;
    reports.flush().await
}

fn resident() -> u64 {
    memory::resident_bytes().unwrap_or(0)
}

/// Does one job, and holds on to it for as long as that takes.
async fn work(
    consumer: &JobConsumer,
    delivery: &Delivery,
    stop: &CancellationToken,
) -> Option<ChildReport> {
    let began = Instant::now();
    let done = tokio::select! {
        done = handle(consumer.clone(), delivery, stop) => done,
        () = consumer.clone().keep(&delivery.id) => Done::GivenBack,
    };
    let (seconds, resident_bytes) = (began.elapsed().as_secs_f64(), resident());
    match done {
        Done::Answered => Some(ChildReport::Completed {
            seconds,
            resident_bytes,
        }),
        Done::Failed => Some(ChildReport::Failed {
            seconds,
            resident_bytes,
        }),
        Done::AnsweredBefore | Done::GivenBack => None,
    }
}

async fn handle(mut consumer: JobConsumer, delivery: &Delivery, stop: &CancellationToken) -> Done {
    let Some(done) = try_handle(&mut consumer, delivery, stop).await else {
        // Whatever fails here, the job stays pending and is claimed later.
        consumer.give_back(&delivery.id).await.ok();
        return Done::GivenBack;
    };
    if let Err(error) = consumer.finish(&delivery.id, uuid_of(&delivery.text)).await {
        tracing::debug!(%error, "cannot acknowledge job; it will be delivered again");
    }
    done
}

/// Brings the job to its answer; none if stopped while Redis refused.
async fn try_handle(
    consumer: &mut JobConsumer,
    delivery: &Delivery,
    stop: &CancellationToken,
) -> Option<Done> {
    let uuid = uuid_of(&delivery.text);
    let (slow_ms, is_answered) = again(stop, "look at a roll", async || {
        consumer.clone().before(uuid).await
    })
    .await?;
    if is_answered && uuid.is_some() {
        return Some(Done::AnsweredBefore);
    }
    if delivery.count > DELIVERIES_MAX {
        return give_up(consumer, delivery, "delivered too often", stop).await;
    }
    sleep(Duration::from_millis(slow_ms.unwrap_or(0)).min(SLOW_MAX)).await;
    match compute(&delivery.text) {
        Ok((uuid, roll)) => {
            let answer = RollAnswer::Rolled(roll);
            let store = async || consumer.clone().answer(uuid, &answer).await;
            again(stop, "store an answer", store).await?;
            Some(Done::Answered)
        }
        Err(error) => {
            tracing::warn!(entry.id = delivery.id, %error, "cannot compute job");
            give_up(consumer, delivery, &error.to_string(), stop).await
        }
    }
}

async fn give_up(
    consumer: &mut JobConsumer,
    delivery: &Delivery,
    why: &str,
    stop: &CancellationToken,
) -> Option<Done> {
    let aside = async || consumer.clone().put_aside(delivery, why).await;
    again(stop, "put a failed job aside", aside).await?;
    if let Some(uuid) = uuid_of(&delivery.text) {
        let answer = RollAnswer::Failed(why.to_owned());
        let store = async || consumer.clone().answer(uuid, &answer).await;
        again(stop, "store an answer", store).await?;
    }
    Some(Done::Failed)
}

/// Tries until it works, with growing pauses; gives up only when stopped.
async fn again<T>(
    stop: &CancellationToken,
    what: &str,
    attempt: impl AsyncFn() -> RedisResult<T>,
) -> Option<T> {
    let mut pause = RETRY_MIN;
    loop {
        match attempt().await {
            Ok(value) => {
                if pause > RETRY_MIN {
                    tracing::info!("redis recovered; child can {what}");
                }
                return Some(value);
            }
            Err(error) if pause == RETRY_MIN => {
                tracing::warn!(%error, "child cannot {what}; retrying");
            }
            Err(_) => {}
        }
        tokio::select! {
            () = stop.cancelled() => return None,
            () = sleep(pause) => pause = (pause * 2).min(RETRY_MAX),
        }
    }
}

#[derive(Debug, thiserror::Error)]
enum JobError {
    #[error("the job cannot be read")]
    Malformed(#[from] serde_json::Error),
    #[error(transparent)]
    Request(#[from] RequestError),
}

fn compute(text: &str) -> Result<(Uuid, Value), JobError> {
    let job: RollJob = serde_json::from_str(text)?;
    let (dice, operator) = job.asked()?;
    let outcome = roll(&dice, &operator, &mut rand::rng()).map_err(RequestError::from)?;
    Ok((job.uuid, job.rolled(&operator, &outcome, clock::now())))
}

/// Finds the uuid even in a job that is otherwise malformed.
fn uuid_of(text: &str) -> Option<Uuid> {
    let value: Value = serde_json::from_str(text).ok()?;
    Uuid::try_parse(value.get("uuid")?.as_str()?).ok()
}
