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
}

/// A stream's id: milliseconds and a number within them.
type StreamId = (i64, u64);

impl Queue {
    /// Starts without having seen a job.
    pub fn new(settings: QueueSettings) -> Self {
        Self {
            settings,
            delivered: (0, 0),
        }
    }

    /// Adds the three commands of a scrape.
    pub fn ask(&self, pipe: &mut Pipeline) {
        let key = &self.settings.key;
        let (millis, number) = self.delivered;
        pipe.cmd("XLEN").arg(key);
        pipe.cmd("XINFO").arg("GROUPS").arg(key);
        // Jobs are handed out in order, so what waits lies behind what was the
        // last one handed out when we looked before.
        pipe.cmd("XRANGE")
            .arg(key)
            .arg(format!("({millis}-{number}"));
        pipe.arg("+").arg("COUNT").arg(LOOK_AT);
    }

    /// Reads the answers of these commands; `now_ms` is the server's own clock.
    pub fn read(
        &mut self,
        next: &mut impl FnMut() -> RedisResult<Value>,
        now_ms: i64,
    ) -> Result<Vec<Sample>, Failure> {
        let (length, groups, waiting) = (next(), next(), next());
        let length: u64 = redis::from_redis_value(length?)?;
        // A stream that nobody wrote to does not exist, and has no groups.
        let groups = if length == 0 {
            groups.unwrap_or(Value::Nil)
        } else {
            groups?
        };
        let group = group(groups, &self.settings.group);
        let (reserved, delivered) = group.unwrap_or((0, (0, 0)));
        let ids: Vec<StreamId> = ids(waiting?);
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
