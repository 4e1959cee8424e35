//! Celery over Redis: lists by queue and priority, and what is not yet acked.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::collect::queue::reading::answers::{Answers, sum};
use crate::collect::queue::reading::discovery::Shape;
use crate::collect::queue::reading::head::{ListEnd, ListState};
use crate::collect::queue::reading::lowest;
use crate::collect::queue::reading::names::{NonEmptyText, QueueNames};
use crate::collect::queue::reading::oldest::{AgeSource, Oldest};
use crate::collect::queue::reading::question::{Question, printable};
use crate::collect::queue::reading::samples::{JobState, QueueSamples};
use crate::collect::queue::reading::timestamp;
use crate::collect::queue::reading::tracked::Tracked;

/// A `[[collector.queue]]` table of `system = "celery"`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CelerySettings {
    /// A queue.
    pub(crate) name: Option<NonEmptyText>,
    /// Several queues.
    #[serde(default)]
    pub(crate) names: QueueNames,
    /// A pattern of names, instead.
    pub(crate) pattern: Option<NonEmptyText>,
    /// The transport's `global_keyprefix`.
    #[serde(default)]
    pub(crate) prefix: String,
    /// The transport's `priority_steps`.
    #[serde(default)]
    pub(crate) priorities: Priorities,
    /// The transport's `sep`, between a name and a priority.
    #[serde(default = "default_separator")]
    pub(crate) separator: NonEmptyText,
    /// Distinguishes applications that share a Redis.
    pub(crate) app: Option<NonEmptyText>,
}

/// The steps of priority; the first is the plain list.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(try_from = "Vec<u8>")]
pub(crate) struct Priorities(Vec<u8>);

impl TryFrom<Vec<u8>> for Priorities {
    type Error = &'static str;

    fn try_from(mut steps: Vec<u8>) -> Result<Self, Self::Error> {
        steps.sort_unstable();
        steps.dedup();
        if steps.is_empty() || steps.len() > 10 {
            Err("write one to ten steps, as in [0, 3, 6, 9]")
        } else {
            Ok(Self(steps))
        }
    }
}

impl Default for Priorities {
    fn default() -> Self {
        Self(vec![0, 3, 6, 9])
    }
}

fn default_separator() -> NonEmptyText {
    NonEmptyText("\u{6}\u{16}".to_owned())
}

/// Celery's keys in one Redis.
#[derive(Debug)]
pub(crate) struct Celery {
    prefix: String,
    priorities: Vec<u8>,
    separator: String,
    /// Each queue with a list for each priority.
    queues: Tracked<Vec<ListState>>,
    unacked: Oldest,
}

impl Celery {
    /// Starts without having seen a job.
    pub(crate) fn new(settings: CelerySettings) -> Self {
        let prefix = settings.prefix;
        let shape = Shape {
            before: prefix.clone().into_bytes(),
            never: &["\u{6}\u{16}", "_kombu", "unacked", "celery-task-meta-"],
            ..Shape::default()
        };
        let queues = Tracked::matching_or_named(
            settings.pattern.map(|word| word.0),
            settings.names.and(settings.name),
            "list",
            shape,
        );
        Self {
            prefix,
            priorities: settings.priorities.0,
            separator: settings.separator.0,
            queues,
            unacked: Oldest::default(),
        }
    }

    fn key(&self, name: &str) -> Vec<u8> {
        [&self.prefix, name].concat().into_bytes()
    }

    /// What the next scrape asks.
    pub(crate) fn questions(&self) -> Vec<Question> {
        let mut questions = Vec::from_iter(self.queues.question());
        for (name, _) in self.queues.iter() {
            for key in lists(&self.prefix, name, &self.separator, &self.priorities) {
                questions.extend(ListState::questions(&key, ListEnd::Right));
            }
        }
        questions.push(Question::new("HLEN", self.key("unacked")));
        questions.push(Question::lowest(&self.key("unacked_index")));
        questions
    }

    /// Reads the answers.
    pub(crate) fn read(&mut self, answers: &mut Answers, samples: &mut QueueSamples) {
        for (name, heads) in self.queues.iter_mut() {
            heads.resize_with(self.priorities.len(), ListState::default);
            let keys = lists(&self.prefix, name, &self.separator, &self.priorities);
            let (mut lengths, mut ages) = (Some(0), Some(0));
            for (key, head) in keys.iter().zip(heads) {
                // A message does not say when it was sent.
                let (length, age) = head.read(answers, key, ListEnd::Right, |_| None);
                lengths = sum(lengths, length);
                ages = ages
                    .zip(age)
                    .map(|(oldest, age): (i64, i64)| oldest.max(age));
            }
            let label = printable(name);
            samples.jobs(Some(&label), JobState::Pending, lengths);
            samples.wait(&label, ages, &Oldest::default(), AgeSource::Identity);
        }
        let unacked = answers.count(&Question::new("HLEN", self.key("unacked")));
        samples.jobs(None, JobState::Reserved, unacked);
        let key = self.key("unacked_index");
        let age = lowest::age(&mut self.unacked, answers, &key, timestamp::of);
        let ahead = self.unacked.is_ahead(answers.now_ms);
        samples.age(None, JobState::Reserved, age, ahead);
        self.queues.read(answers);
        self.queues.report_beyond_limit(samples);
    }
}

/// The keys of a queue's lists, the most urgent first: a worker takes from the
/// list of priority 0, which has the queue's name, before that of 3.
fn lists(prefix: &str, name: &[u8], separator: &str, priorities: &[u8]) -> Vec<Vec<u8>> {
    let plain = [prefix.as_bytes(), name].concat();
    let of = |step: &u8| match step {
        0 => plain.clone(),
        step => {
            let step = step.to_string();
            [&plain[..], separator.as_bytes(), step.as_bytes()].concat()
        }
    };
    priorities.iter().map(of).collect()
}
