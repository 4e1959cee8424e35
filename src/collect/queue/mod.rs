//! Depth of a queue in Redis and the age of its oldest waiting job.

use redis::{Pipeline, RedisResult, Value};
use serde::Deserialize;

use crate::collect::failure::Failure;
use crate::model::sample::Sample;

/// How many jobs one scrape looks at to find the oldest that waits.
const LOOK_AT: usize = 32;

/// A `[[collector.queue]]` table: a stream with a consumer group.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QueueSettings {
    /// Value of the label `queue`.
    pub name: String,
    /// The stream's key.
    pub key: String,
    /// The consumer group that works it off.
    pub group: String,
}

/// A stream whose jobs are deleted once they are done.
#[derive(Debug)]
pub struct Queue {
    settings: QueueSettings,
    /// The last job known to have been handed to a worker.
    delivered: StreamId,
    /// Whether the stream was there when we looked last: to ask for the groups
    /// of one that is not would count as an error of the very Redis we watch.
    exists: bool,
    /// Why nothing can be said, told once.
    fault: Option<String>,
}

/// A stream's id: milliseconds and a number within them.
type StreamId = (i64, u64);

impl Queue {
    /// Starts without having seen a job.
    pub fn new(settings: QueueSettings) -> Self {
        Self {
            settings,
            delivered: (0, 0),
            exists: false,
            fault: None,
        }
    }

    /// Adds the commands of a scrape.
    pub fn ask(&self, pipe: &mut Pipeline) {
        let key = &self.settings.key;
        let (millis, number) = self.delivered;
        pipe.cmd("XLEN").arg(key);
        // Jobs are handed out in order, so what waits lies behind what was the
        // last one handed out when we looked before.
        pipe.cmd("XRANGE")
            .arg(key)
            .arg(format!("({millis}-{number}"));
        pipe.arg("+").arg("COUNT").arg(LOOK_AT);
        if self.exists {
            pipe.cmd("XINFO").arg("GROUPS").arg(key);
        }
    }

    /// Reads the answers of these commands; `now_ms` is the server's own clock.
    ///
    /// A queue that cannot be read gives no samples, so that its rules say
    /// unknown; why, is logged when it begins and when it ends.
    pub fn read(
        &mut self,
        next: &mut impl FnMut() -> RedisResult<Value>,
        now_ms: i64,
    ) -> Vec<Sample> {
        let (length, waiting) = (next(), next());
        let groups = self.exists.then(next);
        let read = self.samples(length, waiting, groups, now_ms);
        let fault = read.as_ref().err().map(ToString::to_string);
        if fault != self.fault {
            let queue = &self.settings.name;
            if let Some(fault) = &fault {
                tracing::warn!(queue, "the queue {queue} cannot be read: {fault}");
            } else {
                tracing::info!(queue, "the queue {queue} can be read again");
            }
            self.fault = fault;
        }
        read.unwrap_or_default()
    }

    fn samples(
        &mut self,
        length: RedisResult<Value>,
        waiting: RedisResult<Value>,
        groups: Option<RedisResult<Value>>,
        now_ms: i64,
    ) -> Result<Vec<Sample>, Failure> {
        let length: u64 = redis::from_redis_value(length?)?;
        let ids: Vec<StreamId> = ids(waiting?);
        let existed = std::mem::replace(&mut self.exists, length > 0);
        let (reserved, delivered) = match groups {
            // The last job was done and deleted; the stream itself may be gone.
            _ if length == 0 => (0, (0, 0)),
            Some(groups) => group(groups?, &self.settings.group).ok_or_else(|| {
                let QueueSettings { key, group, .. } = &self.settings;
                Failure::Answer(format!("the stream {key} has no group {group}"))
            })?,
            // Jobs have just come: who works them off is asked the next time.
            None if !existed => (0, (0, 0)),
            None => (0, self.delivered),
        };
        let oldest = ids.iter().find(|id| **id > delivered);
        let pending = length.saturating_sub(reserved);
        let since = match oldest {
            _ if pending == 0 => None,
            Some((millis, _)) => Some(*millis),
            // All that we looked at was handed out since: what waits is younger.
            None => ids.last().map(|(millis, _)| *millis),
        };
        let age = since.map_or(0, |since| now_ms.saturating_sub(since).max(0));
        self.delivered = delivered;
        let name = &*self.settings.name;
        let labels = |state| [("system", "stream"), ("queue", name), ("state", state)];
        Ok(vec![
            Sample::new("queue_jobs", labels("pending"), float(pending)),
            Sample::new("queue_jobs", labels("reserved"), float(reserved)),
            Sample::new(
                "queue_oldest_job_age_seconds",
                labels("pending"),
                seconds(age),
            ),
        ])
    }
}

#[expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "counts stay far below 2^53"
)]
fn float(count: u64) -> f64 {
    count as f64
}

#[expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "ages stay far below 2^53 ms"
)]
fn seconds(millis: i64) -> f64 {
    millis as f64 / 1000.0
}

/// Jobs in work and the last one handed out, of the group of that name.
fn group(groups: Value, name: &str) -> Option<(u64, StreamId)> {
    let groups: Vec<std::collections::HashMap<String, Value>> =
        redis::from_redis_value(groups).ok()?;
    let mut group = groups.into_iter().find(|group| {
        group
            .get("name")
            .is_some_and(|found| text(found).as_deref() == Some(name))
    })?;
    let pending = redis::from_redis_value(group.remove("pending")?).ok()?;
    let delivered = stream_id(&text(group.get("last-delivered-id")?)?)?;
    Some((pending, delivered))
}

/// The ids of a range of jobs; what the jobs carry is dropped unread.
fn ids(range: Value) -> Vec<StreamId> {
    let Value::Array(entries) = range else {
        return Vec::new();
    };
    entries
        .iter()
        .filter_map(|entry| match entry {
            Value::Array(parts) => stream_id(&text(parts.first()?)?),
            _ => None,
        })
        .collect()
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::BulkString(bytes) => String::from_utf8(bytes.clone()).ok(),
        Value::SimpleString(text) => Some(text.clone()),
        _ => None,
    }
}

fn stream_id(text: &str) -> Option<StreamId> {
    let (millis, number) = text.split_once('-')?;
    Some((millis.parse().ok()?, number.parse().ok()?))
}
