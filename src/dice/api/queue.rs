//! The API's end of the queue: jobs go in, answers are looked up.

use redis::aio::ConnectionManager;
use redis::{RedisError, RedisResult};
use uuid::Uuid;

use crate::dice::roll::job::{RollAnswer, RollJob};
use crate::dice::{keys, link};

/// Says why a job is not in the queue.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OfferError {
    /// Redis said no: the job is surely not in the queue.
    #[error("the queue refused the job")]
    Refused(#[source] RedisError),
    /// Redis could not be reached: the job is surely not in the queue.
    #[error("the queue cannot be reached")]
    Unreachable(#[source] RedisError),
    /// No answer: the job may be in the queue.
    #[error("the queue did not answer")]
    Unknown(#[source] RedisError),
}

/// What is known of a roll.
#[derive(Debug)]
pub(crate) enum RollLookup {
    /// It was answered.
    Answered(RollAnswer),
    /// It waits or is in hand.
    Waiting,
    /// Nothing is known of it.
    Unknown,
}

/// Puts a job into the queue.
pub(crate) async fn offer(link: &mut ConnectionManager, job: &RollJob) -> Result<(), OfferError> {
    let text = serde_json::to_string(job)
        .map_err(|error| OfferError::Refused(std::io::Error::other(error).into()))?;
    let mut both = redis::pipe();
    // Both or none: a roll that is queued must be known as waiting, and the other way round.
    both.atomic();
    both.cmd("XADD")
        .arg(keys::JOBS)
        .arg("*")
        .arg(keys::JOB_FIELD)
        .arg(text)
        .ignore();
    both.cmd("HSET")
        .arg(keys::WAITING)
        .arg(job.uuid.to_string())
        .arg(&job.enqueued_at)
        .ignore();
    both.exec_async(link).await.map_err(|error| {
        if link::is_refusal(&error) {
            OfferError::Refused(error)
        } else if error.is_connection_refusal() {
            OfferError::Unreachable(error)
        } else {
            OfferError::Unknown(error)
        }
    })
}

/// Tells what became of a roll.
pub(crate) async fn look_up(link: &mut ConnectionManager, uuid: Uuid) -> RedisResult<RollLookup> {
    let mut both = redis::pipe();
    // In this order: the answer is stored before the roll stops waiting.
    both.cmd("HEXISTS").arg(keys::WAITING).arg(uuid.to_string());
    both.cmd("GET").arg(keys::roll(uuid));
    let (waiting, answer): (bool, Option<String>) = link::ask_all(link, &both).await?;
    Ok(
        match answer.and_then(|text| serde_json::from_str(&text).ok()) {
            Some(answer) => RollLookup::Answered(answer),
            None if waiting => RollLookup::Waiting,
            None => RollLookup::Unknown,
        },
    )
}

/// Counts the jobs that wait or are in hand.
pub(crate) async fn backlog(link: &mut ConnectionManager) -> RedisResult<u64> {
    link::ask(link, redis::cmd("XLEN").arg(keys::JOBS)).await
}
