//! The two queues, and the names of what they keep in Redis.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Consumer group of all workers, on each stream.
pub(crate) const GROUP: &str = "workers";
/// The field of an entry that holds the job as JSON.
pub(crate) const JOB_FIELD: &str = "job";
/// Pub/sub channel that carries the uuid of each answered roll.
pub(crate) const ANSWERED: &str = "dice:answered";

/// One of the two queues.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum QueueName {
    /// Rolls that wait for their dice.
    Rolls,
    /// Images that wait for their thumbnail.
    Assets,
}

impl QueueName {
    /// Both queues.
    pub(crate) const ALL: [Self; 2] = [Self::Rolls, Self::Assets];

    /// Names the stream of the jobs that wait or are in hand.
    pub(crate) fn stream(self) -> &'static str {
        match self {
            Self::Rolls => "dice:rolls",
            Self::Assets => "dice:assets",
        }
    }

    /// Names the hash from uuid to enqueuing time of every job that is in the stream.
    pub(crate) fn waiting(self) -> &'static str {
        match self {
            Self::Rolls => "dice:rolls:waiting",
            Self::Assets => "dice:assets:waiting",
        }
    }

    /// Names the stream of the jobs that were given up.
    pub(crate) fn dead_letters(self) -> &'static str {
        match self {
            Self::Rolls => "dice:rolls:failed",
            Self::Assets => "dice:assets:failed",
        }
    }

    /// Names the queue as a label value.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Rolls => "rolls",
            Self::Assets => "assets",
        }
    }

    /// The place of the queue in arrays that have one place for each.
    pub(crate) fn index(self) -> usize {
        match self {
            Self::Rolls => 0,
            Self::Assets => 1,
        }
    }

    /// The other queue.
    pub(crate) fn other(self) -> Self {
        match self {
            Self::Rolls => Self::Assets,
            Self::Assets => Self::Rolls,
        }
    }
}

/// Names the key of an image that waits for its thumbnail.
pub(crate) fn image(uuid: Uuid) -> String {
    format!("dice:asset:{uuid}:image")
}

/// Names the key of a finished thumbnail.
pub(crate) fn thumbnail(uuid: Uuid) -> String {
    format!("dice:asset:{uuid}")
}

/// Names the key of the reason why there is no thumbnail.
pub(crate) fn thumbnail_failure(uuid: Uuid) -> String {
    format!("dice:asset:{uuid}:failed")
}
