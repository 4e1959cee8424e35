//! What is told of a stream's consumer group and of its consumers.

use std::time::Duration;

use crate::collect::queue::reading::answers::{Answers, from_count, sum};
use crate::collect::queue::reading::question::{Question, printable};
use crate::collect::queue::reading::samples::{QueueSamples, seconds};
use crate::collect::queue::systems::data_types::stream_group::{
    ConsumerGroup, StreamConsumer, consumers,
};

/// Consumers are looked at one by one up to this number: their list cannot be
/// cut, and dead ones may pile up in it.
pub(crate) const CONSUMERS: u64 = 100;

/// Why living consumers cannot be told.
const NOT_NOTED: &str = "`worker_timeout` needs Redis 7.2 or newer: those before it do not note \
    when a consumer asked last, so living workers are not counted";

/// What `redis_exporter` tells of a group, and the counts that follow from it.
///
/// Nobody cleans the list of consumers, so a worker is one that has asked for
/// something within `worker_timeout`.
pub(crate) fn add_consumers(
    answers: &mut Answers,
    samples: &mut QueueSamples,
    (key, name): (&[u8], &str),
    group: &ConsumerGroup,
    worker_timeout: Option<Duration>,
) {
    let stream = printable(key);
    let labels = [("stream", &*stream), ("group", &*group.name)];
    for (name, count) in [
        ("redis_stream_group_lag", group.lag),
        ("redis_stream_group_consumers", Some(group.consumers)),
        ("redis_stream_group_messages_pending", Some(group.pending)),
    ] {
        if let Some(count) = count {
            samples.plain(name, &labels, from_count(count));
        }
    }
    let queue = [("queue", name)];
    let read = group.read;
    let added = sum(read, group.lag);
    let done = read.map(|read| read.saturating_sub(group.pending));
    samples.count("queue_enqueued_total", &queue, added);
    samples.count("queue_completed_total", &queue, done);
    let question = Question::new("XINFO CONSUMERS", key).with(&*group.name);
    let Some(found) = answers.value(&question) else {
        if worker_timeout.is_some() && group.consumers > CONSUMERS {
            samples.faults.insert(format!(
                "the group {} of the stream {stream} lists more than {CONSUMERS} consumers, so \
                those that live are not counted; delete dead ones with XGROUP DELCONSUMER",
                group.name
            ));
        }
        return;
    };
    let found = consumers(found);
    if let Some(within) = worker_timeout {
        match living(&found, within) {
            Some(living) => samples.workers(Some(name), living),
            None => {
                samples.faults.insert(NOT_NOTED.to_owned());
            }
        }
    }
    for consumer in found {
        let name = printable(&consumer.name);
        let labels = [
            ("stream", &*stream),
            ("group", &*group.name),
            ("consumer", &*name),
        ];
        for (name, value) in [
            ("idle_seconds", seconds(consumer.idle_ms)),
            ("messages_pending", from_count(consumer.pending)),
        ] {
            let name = format!("redis_stream_group_consumer_{name}");
            samples.plain(&name, &labels, value);
        }
    }
}

/// How many consumers asked for something within that time; `None` if the server
/// does not note that.
fn living(consumers: &[StreamConsumer], within: Duration) -> Option<u64> {
    let within_ms = i64::try_from(within.as_millis()).unwrap_or(i64::MAX);
    let noted = consumers.iter().all(|consumer| consumer.asks_noted);
    let living = consumers
        .iter()
        .filter(|consumer| consumer.idle_ms < within_ms);
    u64::try_from(living.count()).ok().filter(|_| noted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn consumers_that_asked_within_the_time_live_where_the_server_notes_that() {
        let consumer = |idle: u64, after: &str| {
            let fields = 3 + after.matches("inactive").count();
            format!(
                "*{}\r\n$4\r\nname\r\n$1\r\nc\r\n$7\r\npending\r\n:1\r\n$4\r\nidle\r\n:{idle}\r\n{after}",
                fields * 2
            )
        };
        let living_of = |each: [String; 2]| {
            let answer = format!("*2\r\n{}", each.concat());
            let answer = redis::parse_redis_value(answer.as_bytes()).unwrap();
            living(&consumers(answer), Duration::from_mins(1))
        };
        let noted = "$8\r\ninactive\r\n:90000\r\n";
        assert_eq!(
            living_of([59_999, 60_000].map(|idle| consumer(idle, noted))),
            Some(1)
        );
        assert_eq!(living_of([0, 0].map(|idle| consumer(idle, ""))), None);
        assert_eq!(living(&[], Duration::from_mins(1)), Some(0));
    }
}
