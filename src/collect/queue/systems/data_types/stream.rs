//! A stream with a consumer group, as queues of one's own are often built.

use std::time::Duration;

use redis::Value;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};

use crate::collect::queue::reading::answers::{Answer, Answers, from_count, weight};
use crate::collect::queue::reading::names::NonEmptyText;
use crate::collect::queue::reading::oldest::{AgeSource, Oldest, OldestSight};
use crate::collect::queue::reading::question::{Question, printable};
use crate::collect::queue::reading::samples::{JobState, QueueSamples};
use crate::collect::queue::reading::timestamp;
use crate::collect::queue::systems::data_types::keyed::KeyedQueues;
use crate::collect::queue::systems::data_types::stream_consumers;
use crate::collect::queue::systems::data_types::stream_group::{
    ConsumerGroup, StreamId, entry, groups, ids,
};
use crate::model::text::shape::DurationText;
use crate::model::time::duration;

/// How many jobs one scrape looks at, at most, to find the oldest that waits.
const LOOK_AT: usize = 32;

/// How many suffice where the server says how many wait and few are taken between two
/// scrapes: reading what jobs carry costs more than all else.
const LOOK_AT_FEW: usize = 4;

/// As many jobs are looked at as fit into these bytes.
const LOOK_BYTES: usize = 64 * 1024;

/// A `[[collector.queue]]` table of `system = "stream"`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StreamSettings {
    /// Value of the label `queue`; by default the key.
    pub(crate) name: Option<NonEmptyText>,
    /// The stream's key.
    pub(crate) key: Option<NonEmptyText>,
    /// A pattern of keys, instead.
    pub(crate) pattern: Option<NonEmptyText>,
    /// The consumer group of the workers.
    pub(crate) group: NonEmptyText,
    /// A consumer that has not asked for work for this long no longer counts as a worker.
    #[serde(default, deserialize_with = "some_duration")]
    #[schemars(with = "Option<DurationText>")]
    pub(crate) worker_timeout: Option<Duration>,
    /// Distinguishes applications that share a Redis.
    pub(crate) app: Option<NonEmptyText>,
    /// Whether another table of the same stream tells its length: the reader of
    /// the settings sees that.
    #[serde(default)]
    #[schemars(skip)]
    pub(crate) repeats: bool,
}

fn some_duration<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Duration>, D::Error> {
    duration::deserialize(from).map(Some)
}

/// Streams whose jobs are acknowledged, or deleted, once they are done.
#[derive(Debug)]
pub(crate) struct Streams {
    group: String,
    worker_timeout: Option<Duration>,
    queues: KeyedQueues<StreamState>,
    reports_length: bool,
}

/// What is remembered of a stream.
#[derive(Debug)]
struct StreamState {
    /// The last job known to have been handed to a worker.
    delivered: StreamId,
    /// Whether it was there when we looked last: to ask for the groups of one
    /// that is not would count as an error of the very Redis we watch.
    exists: bool,
    /// Whether the group was there, and how many consumers it had.
    consumers: Option<u64>,
    /// How many jobs the next scrape looks at.
    look_at: usize,
    /// The job that waits longest.
    oldest: Oldest,
}

impl Default for StreamState {
    fn default() -> Self {
        Self {
            delivered: (0, 0),
            exists: false,
            consumers: None,
            look_at: LOOK_AT,
            oldest: Oldest::default(),
        }
    }
}

impl Streams {
    /// Starts without having seen a job.
    pub(crate) fn new(settings: StreamSettings) -> Self {
        Self {
            group: settings.group.0,
            worker_timeout: settings.worker_timeout,
            queues: KeyedQueues::new(settings.name, settings.key, settings.pattern, "stream"),
            reports_length: !settings.repeats,
        }
    }

    /// What the next scrape asks.
    pub(crate) fn questions(&self) -> Vec<Question> {
        let mut questions = Vec::from_iter(self.queues.question());
        for (key, stream) in self.queues.iter() {
            questions.extend(stream.questions(key, &self.group));
        }
        questions
    }

    /// Reads the answers.
    pub(crate) fn read(&mut self, answers: &mut Answers, samples: &mut QueueSamples) {
        for (key, label, stream) in self.queues.iter_mut() {
            let group = (&*self.group, self.worker_timeout);
            let read = stream.read(answers, samples, (key, &label), group);
            match read {
                Some(Ok((length, groups))) if self.reports_length => {
                    let key = printable(key);
                    let labels = [("stream", &*key)];
                    samples.plain("redis_stream_length", &labels, from_count(length));
                    samples.plain("redis_stream_groups", &labels, from_count(groups));
                }
                Some(Err(fault)) => {
                    samples.faults.insert(fault);
                }
                _ => {}
            }
        }
        self.queues.read(answers, samples);
    }
}

impl StreamState {
    fn questions(&self, key: &[u8], group: &str) -> Vec<Question> {
        let mut questions = vec![Question::exists(key), Question::new("XLEN", key)];
        questions.push(self.range(key));
        if self.exists {
            questions.push(Question::new("XINFO GROUPS", key));
        }
        if let Some(number) = self.consumers {
            questions.push(oldest_reserved(key, group));
            if number <= stream_consumers::CONSUMERS {
                questions.push(Question::new("XINFO CONSUMERS", key).with(group));
            }
        }
        questions
    }

    /// Jobs are handed out in order, so what waits lies behind what was the
    /// last one handed out when we looked before.
    fn range(&self, key: &[u8]) -> Question {
        let (millis, number) = self.delivered;
        Question::new("XRANGE", key)
            .with(format!("({millis}-{number}"))
            .with("+")
            .with("COUNT")
            .with(self.look_at.to_string())
    }

    /// Length and number of groups, or what is wrong; `None` if that is not known.
    fn read(
        &mut self,
        answers: &mut Answers,
        samples: &mut QueueSamples,
        (key, name): (&[u8], &str),
        (group, worker_timeout): (&str, Option<Duration>),
    ) -> Option<Result<(u64, u64), String>> {
        let length = answers.count(&Question::new("XLEN", key))?;
        let exists = answers.exists(&Question::exists(key));
        self.exists = exists.unwrap_or(length > 0);
        let range = answers.take(&self.range(key));
        let found = answers.value(&Question::new("XINFO GROUPS", key));
        let (groups, group_found) = match found {
            Some(found) => groups(found, group),
            // What is not there is empty.
            None if length == 0 => (0, Some(ConsumerGroup::default())),
            // Who works it off is asked the next time.
            None => return None,
        };
        let Some(of_group) = group_found else {
            self.consumers = None;
            let stream = printable(key);
            let way_out = "correct `group`, or make it with XGROUP CREATE";
            let fault = format!("the stream {stream} has no group {group}; {way_out}");
            return Some(Err(fault));
        };
        let reserved = if length == 0 { 0 } else { of_group.pending };
        let (pending, age) = self.wait(range, length, &of_group, answers.now_ms);
        let queue = Some(name);
        samples.jobs(queue, JobState::Pending, Some(pending));
        samples.jobs(queue, JobState::Reserved, Some(reserved));
        samples.wait(name, age, &self.oldest, AgeSource::Timestamp);
        let idle = reserved_for(answers, key, group).filter(|_| self.consumers.is_some());
        let idle = if reserved == 0 { Some(0) } else { idle };
        samples.age(queue, JobState::Reserved, idle, false);
        if groups > 0 {
            stream_consumers::add_consumers(
                answers,
                samples,
                (key, name),
                &of_group,
                worker_timeout,
            );
        }
        self.consumers = (self.exists && groups > 0).then_some(of_group.consumers);
        Some(Ok((length, groups)))
    }

    /// How many jobs wait, and how long the oldest does, in milliseconds.
    fn wait(
        &mut self,
        range: Answer,
        length: u64,
        group: &ConsumerGroup,
        now_ms: i64,
    ) -> (u64, Option<i64>) {
        self.delivered = group.delivered;
        let (sight, pending) = match range {
            Answer::Value(value) => {
                let weight = weight(&value);
                let ids = ids(value);
                let pending = pending(&ids, ids.len() < self.look_at, length, group);
                let each = weight / ids.len().max(1);
                let taken = ids.iter().take_while(|id| **id <= group.delivered);
                // The next time twice as many may have been taken.
                let enough = group.lag.map(|_| LOOK_AT_FEW + 2 * taken.count());
                let most = enough.unwrap_or(LOOK_AT).min(LOOK_AT);
                self.look_at = (LOOK_BYTES / each.max(1)).clamp(1, most);
                let oldest = ids.iter().find(|id| **id > group.delivered);
                // If all that we looked at was handed out since, what waits is younger.
                (oldest.or(ids.last()).map(job), pending)
            }
            Answer::Later => (Some(OldestSight::Later), pending(&[], false, length, group)),
            Answer::Unknown => return (pending(&[], false, length, group), None),
        };
        let Some(sight) = sight.filter(|_| pending > 0) else {
            self.oldest.clear();
            return (pending, Some(0));
        };
        (pending, self.oldest.age(sight, now_ms))
    }
}

/// How many jobs were not handed out yet. Done jobs may still be in the stream.
///
/// `ids` are the first behind those that were handed out when we looked before,
/// and `all` says that there are no more of them. Else the server says it, from
/// Redis 7.0 on; where it cannot, what is in the stream and not in work counts.
fn pending(ids: &[StreamId], all: bool, length: u64, group: &ConsumerGroup) -> u64 {
    let waiting = ids.iter().filter(|id| **id > group.delivered).count();
    let waiting = u64::try_from(waiting).unwrap_or(u64::MAX);
    if all {
        return waiting;
    }
    // The lag counts what was trimmed, too.
    let most = match group.lag {
        Some(lag) => lag.min(length),
        None => length.saturating_sub(group.pending),
    };
    most.max(waiting)
}

/// A job, which was added at the moment in its id unless that is one of the
/// application's own.
fn job(id: &StreamId) -> OldestSight {
    let (millis, number) = id;
    let name = format!("{millis}-{number}");
    OldestSight::new(name.as_bytes(), timestamp::read(&millis.to_string()))
}

/// The job that was handed out first of those that are in work.
fn oldest_reserved(key: &[u8], group: &str) -> Question {
    Question::new("XPENDING", key)
        .with(group)
        .with("-")
        .with("+")
        .with("1")
}

/// How long ago that was, in milliseconds.
fn reserved_for(answers: &mut Answers, key: &[u8], group: &str) -> Option<i64> {
    match answers.value(&oldest_reserved(key, group))? {
        Value::Array(entries) => entries.first().and_then(entry),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn group(delivered: StreamId, pending: u64, lag: Option<u64>) -> ConsumerGroup {
        ConsumerGroup {
            pending,
            delivered,
            lag,
            ..ConsumerGroup::default()
        }
    }

    #[test]
    fn done_jobs_that_stay_in_the_stream_do_not_wait() {
        // What is handed out, what is in work, the lag, the jobs seen behind, if
        // they are all, and how many wait of 100.
        for (delivered, reserved, lag, ids, all, waiting) in [
            ((9, 0), 0, None, &[][..], true, 0),
            ((9, 0), 2, None, &[(8, 0), (9, 0), (9, 1), (10, 0)], true, 2),
            ((9, 0), 0, Some(40), &[(10, 0)], false, 40),
            ((9, 0), 0, Some(0), &[(10, 0)], false, 1),
            // Trimmed before anybody took them.
            ((9, 0), 0, Some(5000), &[(10, 0)], false, 100),
            // Before Redis 7.0, or where it cannot tell.
            ((9, 0), 3, None, &[(10, 0)], false, 97),
        ] {
            let group = group(delivered, reserved, lag);
            assert_eq!(pending(ids, all, 100, &group), waiting, "{group:?} {ids:?}");
        }
    }

    #[test]
    fn an_id_that_is_no_moment_ages_from_its_first_sight() {
        let mut stream = StreamState::default();
        let range = |text: &str| Answer::Value(redis::parse_redis_value(text.as_bytes()).unwrap());
        let one = "*1\r\n*2\r\n$3\r\n5-1\r\n*0\r\n";
        let now = 1_700_000_000_000;
        let group = group((0, 0), 0, None);
        assert_eq!(stream.wait(range(one), 1, &group, now), (1, Some(0)));
        let later = now + 7000;
        assert_eq!(stream.wait(range(one), 1, &group, later), (1, Some(7000)));
        assert_eq!(stream.oldest.source(), Some(AgeSource::Identity));
        assert_eq!(stream.wait(range("*0\r\n"), 1, &group, later), (0, Some(0)));
    }

    /// The answer to `XRANGE` with jobs that were added at these moments.
    fn jobs(moments: impl Iterator<Item = i64>) -> Answer {
        let job = |moment: i64| {
            let id = Value::BulkString(format!("{moment}-0").into_bytes());
            Value::Array(vec![id, Value::Array(Vec::new())])
        };
        Answer::Value(Value::Array(moments.map(job).collect()))
    }

    proptest! {
        #[test]
        fn what_waits_is_what_was_not_handed_out_whatever_stays_in_the_stream(
            steps in prop::collection::vec(
                (0..50_usize, 0..70_usize, 0..20_usize, any::<bool>()), 1..30,
            ),
        ) {
            let mut stream = StreamState::default();
            let (mut now, mut kept, mut delivered) = (1_700_000_000_000, Vec::new(), 0);
            for (added, taken, trimmed, lag) in steps {
                kept.extend((0..added).map(|_| { now += 1000; now }));
                let waiting = |delivered: i64, kept: &[i64]| -> Vec<i64> {
                    kept.iter().copied().filter(|id| *id > delivered).collect()
                };
                let handed = waiting(delivered, &kept).into_iter().take(taken).next_back();
                delivered = handed.unwrap_or(delivered);
                let done = kept.partition_point(|id| *id <= delivered);
                kept.drain(..trimmed.min(done));
                let waiting = waiting(delivered, &kept);
                let seen = kept.iter().copied().filter(|id| *id > stream.delivered.0);
                let range = jobs(seen.take(stream.look_at));
                let number = u64::try_from(waiting.len()).unwrap();
                let length = u64::try_from(kept.len()).unwrap();
                let group = group((delivered, 0), 0, lag.then_some(number));
                let (pending, age) = stream.wait(range, length, &group, now);
                prop_assert!(pending == number || (!lag && pending > number));
                // The oldest may lie behind all that one scrape looks at.
                let oldest = waiting.first().map_or(0, |oldest| now - oldest);
                prop_assert!(age.unwrap() >= oldest, "{age:?} {oldest}");
                prop_assert!(pending > 0 || age == Some(0));
            }
        }
    }
}
