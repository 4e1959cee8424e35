//! Records of each job beside the queue, in the same Redis, as Laravel Horizon keeps them.
//!
//! They are what filled the Redis of the outage: a queued job takes 4051 bytes in place of some
//! hundreds, and 2894 of them stay for an hour after the job is done.

use std::time::Duration;

use jiff::Timestamp;
use redis::aio::ConnectionManager;
use redis::{Pipeline, RedisResult};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::dice::queue::entry::QueueEntry;
use crate::dice::queue::name::QueueName;

/// So long is the payload of a job of the outage's kind.
const PAYLOAD: usize = 1291;
/// A record has the payload and what the framework wraps around it.
const RECORD: usize = 1700;

const RECENT: &str = "dice:records:recent";
const PENDING: &str = "dice:records:pending";
const COMPLETED: &str = "dice:records:completed";

/// The records of jobs.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Bookkeeping {
    /// How long a record stays.
    pub(crate) keep: Duration,
}

impl Bookkeeping {
    /// Makes a job as large as those of the outage; spaces at the end mean nothing in JSON.
    pub(crate) fn padded(text: &str) -> String {
        format!("{text:<PAYLOAD$}")
    }

    /// Notes a job that was queued.
    pub(crate) async fn queued(
        self,
        link: &mut ConnectionManager,
        entry: &QueueEntry,
        now: Timestamp,
    ) -> RedisResult<()> {
        let (key, now) = (record(entry.uuid), now.as_second());
        let mut all = redis::pipe();
        all.zadd(RECENT, entry.uuid.to_string(), -now).ignore();
        all.zadd(PENDING, entry.uuid.to_string(), -now).ignore();
        let text = format!("{:<RECORD$}", entry.text);
        let fields = [
            ("connection", "redis"),
            ("queue", entry.queue.label()),
            ("status", "pending"),
            ("created_at", &entry.enqueued_at),
            ("payload", &text),
        ];
        all.hset_multiple(&key, &fields).ignore();
        all.expire(&key, self.seconds()).ignore();
        all.query_async(link).await
    }

    /// Notes that a child has taken the job.
    pub(crate) async fn reserved(
        self,
        link: &mut ConnectionManager,
        uuid: Uuid,
        at: String,
    ) -> RedisResult<()> {
        let fields = [("status", "reserved"), ("reserved_at", &at)];
        redis::Cmd::hset_multiple(record(uuid), &fields)
            .exec_async(link)
            .await
    }

    /// Notes that the job is done, and forgets what is too old.
    pub(crate) fn completed(
        self,
        all: &mut Pipeline,
        queue: QueueName,
        uuid: Uuid,
        now: Timestamp,
    ) {
        let key = record(uuid);
        let (second, keep) = (now.as_second(), self.seconds());
        all.zrem(PENDING, uuid.to_string()).ignore();
        all.zadd(COMPLETED, uuid.to_string(), -second).ignore();
        let at = now.to_string();
        let fields = [
            ("status", "completed"),
            ("completed_at", &*at),
            ("queue", queue.label()),
        ];
        all.hset_multiple(&key, &fields).ignore();
        all.expire(&key, keep).ignore();
        // The scores are negative, as Horizon's are: the newest comes first.
        for set in [RECENT, PENDING, COMPLETED] {
            all.cmd("ZREMRANGEBYSCORE")
                .arg(set)
                .arg(-(second - keep))
                .arg("+inf")
                .ignore();
        }
    }

    fn seconds(self) -> i64 {
        i64::try_from(self.keep.as_secs().max(1)).unwrap_or(i64::MAX)
    }
}

fn record(uuid: Uuid) -> String {
    format!("dice:record:{uuid}")
}
