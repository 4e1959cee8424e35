//! A job as it goes into a queue, and as it comes out.

use serde_json::Value;
use uuid::Uuid;

use crate::dice::queue::name::QueueName;

/// A job for a queue.
#[derive(Clone, Debug)]
pub(crate) struct QueueEntry {
    /// Which queue.
    pub(crate) queue: QueueName,
    /// The job's id.
    pub(crate) uuid: Uuid,
    /// RFC 3339 with milliseconds.
    pub(crate) enqueued_at: String,
    /// The job as JSON.
    pub(crate) text: String,
    /// The image that it is about, if it is about one.
    pub(crate) image: Option<Vec<u8>>,
}

/// A job that a child has to do.
#[derive(Clone, Debug)]
pub(crate) struct Delivery {
    /// The queue that it came from.
    pub(crate) queue: QueueName,
    /// Its id in the stream.
    pub(crate) id: String,
    /// The job as it was written.
    pub(crate) text: String,
    /// How often it was delivered, this time included.
    pub(crate) count: u64,
}

impl Delivery {
    /// Finds the job's id even in a job that is otherwise malformed.
    pub(crate) fn uuid(&self) -> Option<Uuid> {
        let value: Value = serde_json::from_str(&self.text).ok()?;
        Uuid::try_parse(value.get("uuid")?.as_str()?).ok()
    }
}
