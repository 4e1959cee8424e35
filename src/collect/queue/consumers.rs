//! What is told of a stream's consumer group and of its consumers.

use crate::collect::queue::answers::{Answers, from_count, sum};
use crate::collect::queue::figures::{Figures, seconds};
use crate::collect::queue::group::{Group, consumers};
use crate::collect::queue::question::{Question, printable};

/// What `redis_exporter` tells of a group, and the counts that follow from it.
pub fn tell(
    answers: &mut Answers,
    figures: &mut Figures,
    (key, name): (&[u8], &str),
    group: &Group,
) {
    let stream = printable(key);
    let labels = [("stream", &*stream), ("group", &*group.name)];
    for (name, count) in [
        ("redis_stream_group_lag", group.lag),
        ("redis_stream_group_consumers", Some(group.consumers)),
        ("redis_stream_group_messages_pending", Some(group.pending)),
    ] {
        if let Some(count) = count {
            figures.plain(name, &labels, from_count(count));
        }
    }
    let queue = [("queue", name)];
    let read = group.read;
    let added = sum(read, group.lag);
    let done = read.map(|read| read.saturating_sub(group.pending));
    figures.count("queue_enqueued_total", &queue, added);
    figures.count("queue_completed_total", &queue, done);
    figures.count("queue_workers", &queue, Some(group.consumers));
    let question = Question::new("XINFO CONSUMERS", key).with(&*group.name);
    let Some(found) = answers.value(&question) else {
        return;
    };
    for consumer in consumers(found) {
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
            figures.plain(&name, &labels, value);
        }
    }
}
