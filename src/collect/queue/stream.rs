//! A stream with a consumer group, as queues of one's own are often built.

use redis::Value;
use serde::Deserialize;

use crate::collect::queue::answers::{Answer, Answers, from_count, weight};
use crate::collect::queue::consumers;
use crate::collect::queue::figures::{Figures, Source, State};
use crate::collect::queue::found::{Found, Shape};
use crate::collect::queue::group::{Group, StreamId, entry, groups, ids};
use crate::collect::queue::question::{Question, printable};
use crate::collect::queue::roster::{QUEUES, Roster};
use crate::collect::queue::words::Word;

/// How many jobs one scrape looks at to find the oldest that waits.
const LOOK_AT: usize = 32;

/// As many jobs are looked at as fit into these bytes.
const LOOK_BYTES: usize = 64 * 1024;

/// Consumers are looked at one by one up to this number: their list cannot be
/// cut, and dead ones may pile up in it.
const CONSUMERS: u64 = 100;

/// A `[[collector.queue]]` table of `system = "stream"`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StreamSettings {
    /// Value of the label `queue`; the key if there is none.
    pub name: Option<Word>,
    /// The stream's key.
    pub key: Option<Word>,
    /// A pattern of keys, instead.
    pub pattern: Option<Word>,
    /// The consumer group that works it off.
    pub group: Word,
    /// Tells apart applications that share a Redis.
    pub app: Option<Word>,
    /// Whether another table of the same stream tells its length: the reader of
    /// the settings sees that.
    #[serde(default)]
    pub repeats: bool,
}

/// Streams whose jobs are deleted, or acknowledged, once they are done.
#[derive(Debug)]
pub struct Streams {
    group: String,
    /// The label of the one that is named.
    name: Option<String>,
    by_pattern: Option<String>,
    roster: Roster<Stream>,
    tells_stream: bool,
}

/// What is remembered of a stream.
#[derive(Debug)]
struct Stream {
    /// The last job known to have been handed to a worker.
    delivered: StreamId,
    /// Whether it was there when we looked last: to ask for the groups of one
    /// that is not would count as an error of the very Redis we watch.
    exists: bool,
    /// Whether the group was there, and how many consumers it had.
    consumers: Option<u64>,
    /// How many jobs the next scrape looks at.
    look_at: usize,
    /// Since when the oldest job waits, if the last scrape saw one.
    since: Option<i64>,
}

impl Default for Stream {
    fn default() -> Self {
        Self {
            delivered: (0, 0),
            exists: false,
            consumers: None,
            look_at: LOOK_AT,
            since: None,
        }
    }
}

impl Streams {
    /// Starts without having seen a job.
    pub fn new(settings: StreamSettings) -> Self {
        let by_pattern = settings.pattern.map(|word| word.0);
        let key = settings.key.map(|word| word.0);
        let roster = match &by_pattern {
            Some(pattern) => Roster::found(Found::in_keys(
                pattern.clone().into_bytes(),
                "stream",
                Shape::default(),
                QUEUES,
            )),
            None => Roster::named(key),
        };
        Self {
            group: settings.group.0,
            name: settings
                .name
                .map(|word| word.0)
                .filter(|_| by_pattern.is_none()),
            by_pattern,
            roster,
            tells_stream: !settings.repeats,
        }
    }

    /// What the next scrape asks.
    pub fn questions(&self) -> Vec<Question> {
        let mut questions = Vec::from_iter(self.roster.question());
        for (key, stream) in self.roster.iter() {
            questions.extend(stream.questions(key, &self.group));
        }
        questions
    }

    /// Reads the answers.
    pub fn read(&mut self, answers: &mut Answers, figures: &mut Figures) {
        for (key, stream) in self.roster.iter_mut() {
            let printed = printable(key);
            let name = self.name.as_deref().unwrap_or(&printed);
            let read = stream.read(answers, figures, (key, name), &self.group);
            match read {
                Some(Ok((length, groups))) if self.tells_stream => {
                    let labels = [("stream", &*printed)];
                    figures.plain("redis_stream_length", &labels, from_count(length));
                    figures.plain("redis_stream_groups", &labels, from_count(groups));
                }
                Some(Err(fault)) => {
                    figures.faults.insert(fault);
                }
                _ => {}
            }
        }
        self.roster.read(answers);
        if let Some(pattern) = &self.by_pattern {
            self.roster.tell_beyond(figures, &[("pattern", pattern)]);
        }
    }
}

impl Stream {
    fn questions(&self, key: &[u8], group: &str) -> Vec<Question> {
        let mut questions = vec![Question::new("EXISTS", key), Question::new("XLEN", key)];
        questions.push(self.range(key));
        if self.exists {
            questions.push(Question::new("XINFO GROUPS", key));
        }
        if let Some(consumers) = self.consumers {
            questions.push(oldest_reserved(key, group));
            if consumers <= CONSUMERS {
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
        figures: &mut Figures,
        (key, name): (&[u8], &str),
        group: &str,
    ) -> Option<Result<(u64, u64), String>> {
        let length = answers.count(&Question::new("XLEN", key))?;
        let exists = answers.count(&Question::new("EXISTS", key));
        self.exists = exists.map_or(length > 0, |exists| exists > 0);
        let range = answers.take(&self.range(key));
        let found = answers.value(&Question::new("XINFO GROUPS", key));
        let (groups, group_found) = match found {
            Some(found) => groups(found, group),
            // What is not there is empty.
            None if length == 0 => (0, Some(Group::default())),
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
        let pending = length.saturating_sub(reserved);
        let age = self.age(range, pending, &of_group, answers.now_ms);
        let queue = Some(name);
        figures.jobs(queue, State::Pending, Some(pending));
        figures.jobs(queue, State::Reserved, Some(reserved));
        figures.age(queue, State::Pending, age);
        figures.source(name, Source::Timestamp);
        let idle = reserved_for(answers, key, group).filter(|_| self.consumers.is_some());
        figures.age(
            queue,
            State::Reserved,
            if reserved == 0 { Some(0) } else { idle },
        );
        if groups > 0 {
            consumers::tell(answers, figures, (key, name), &of_group);
        }
        self.consumers = (self.exists && groups > 0).then_some(of_group.consumers);
        Some(Ok((length, groups)))
    }

    /// How long the oldest waiting job waits, in milliseconds.
    fn age(&mut self, range: Answer, pending: u64, group: &Group, now_ms: i64) -> Option<i64> {
        let delivered = group.delivered;
        match range {
            Answer::Value(value) => {
                let weight = weight(&value);
                let ids = ids(value);
                let each = weight / ids.len().max(1);
                self.look_at = (LOOK_BYTES / each.max(1)).clamp(1, LOOK_AT);
                let oldest = ids.iter().find(|id| **id > delivered);
                // If all that we looked at was handed out since, what waits is younger.
                self.since = oldest.or(ids.last()).map(|(millis, _)| *millis);
            }
            Answer::Later => {}
            Answer::Unknown => return None,
        }
        self.delivered = delivered;
        if pending == 0 {
            self.since = None;
        }
        let since = self.since.unwrap_or(now_ms);
        Some(now_ms.saturating_sub(since).max(0))
    }
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
