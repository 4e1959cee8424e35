//! The API's end of the queue: jobs go in, and it is asked which are still there.

use redis::aio::ConnectionManager;
use redis::{RedisError, RedisResult};
use uuid::Uuid;

use crate::dice::queue::bookkeeping::Bookkeeping;
use crate::dice::queue::entry::QueueEntry;
use crate::dice::queue::name::{self, JOB_FIELD, QueueName};
use crate::dice::{clock, link};

/// How long an image may wait for its thumbnail.
const IMAGE_TTL_SECONDS: u64 = 3600;

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

/// Puts a job into its queue.
pub(crate) async fn offer(
    link: &mut ConnectionManager,
    entry: &QueueEntry,
    bookkeeping: Option<Bookkeeping>,
) -> Result<(), OfferError> {
    let mut both = redis::pipe();
    // Both or none: a job that is queued must be known as waiting, and the other way round.
    both.atomic();
    let add = both.cmd("XADD").arg(entry.queue.stream()).arg("*");
    match bookkeeping {
        Some(_) => add.arg(JOB_FIELD).arg(Bookkeeping::padded(&entry.text)),
        None => add.arg(JOB_FIELD).arg(&entry.text),
    };
    add.ignore();
    if let Some(image) = &entry.image {
        // Not in the entry: who looks at the oldest entry would read the whole image.
        both.set_ex(name::image(entry.uuid), &**image, IMAGE_TTL_SECONDS)
            .ignore();
    }
    both.cmd("HSET")
        .arg(entry.queue.waiting())
        .arg(entry.uuid.to_string())
        .arg(&entry.enqueued_at)
        .ignore();
    both.exec_async(link).await.map_err(|error| {
        if link::is_refusal(&error) {
            OfferError::Refused(error)
        } else if error.is_connection_refusal() {
            OfferError::Unreachable(error)
        } else {
            OfferError::Unknown(error)
        }
    })?;
    match bookkeeping {
        // As with Horizon: the caller sees an error, and the job is queued.
        Some(records) => records
            .queued(link, entry, clock::now())
            .await
            .map_err(OfferError::Unknown),
        None => Ok(()),
    }
}

/// Tells which of some jobs are in their queue no more.
pub(crate) async fn missing(
    link: &mut ConnectionManager,
    queue: QueueName,
    uuids: Vec<Uuid>,
) -> RedisResult<Vec<Uuid>> {
    let names: Vec<String> = uuids.iter().map(Uuid::to_string).collect();
    let mut both = redis::pipe();
    both.cmd("XLEN").arg(queue.stream());
    both.cmd("HMGET").arg(queue.waiting()).arg(names);
    let (length, found): (u64, Vec<Option<String>>) = link::ask_all(link, &both).await?;
    // Where the stream is gone, what the hash says is not true any more.
    let is_missing = |since: &Option<String>| length == 0 || since.is_none();
    let pairs = uuids.into_iter().zip(found);
    Ok(pairs
        .filter_map(|(uuid, since)| is_missing(&since).then_some(uuid))
        .collect())
}

/// Tells whether a job waits or is in hand.
pub(crate) async fn is_waiting(
    link: &mut ConnectionManager,
    queue: QueueName,
    uuid: Uuid,
) -> RedisResult<bool> {
    let mut ask = redis::cmd("HEXISTS");
    ask.arg(queue.waiting()).arg(uuid.to_string());
    link::ask(link, &ask).await
}
