//! Dramatiq over Redis: lists of ids, and hashes of all that is not done.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::collect::queue::reading::answers::Answers;
use crate::collect::queue::reading::discovery::Shape;
use crate::collect::queue::reading::head::{ListEnd, ListState};
use crate::collect::queue::reading::names::{NonEmptyText, QueueNames};
use crate::collect::queue::reading::oldest::AgeSource;
use crate::collect::queue::reading::question::{Question, printable};
use crate::collect::queue::reading::samples::{JobState, QueueSamples};
use crate::collect::queue::reading::tracked::Tracked;

/// A `[[collector.queue]]` table of `system = "dramatiq"`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DramatiqSettings {
    /// A queue.
    pub(crate) name: Option<NonEmptyText>,
    /// Several queues.
    #[serde(default)]
    pub(crate) names: QueueNames,
    /// A pattern of names, instead.
    pub(crate) pattern: Option<NonEmptyText>,
    /// The broker's `namespace` and a colon.
    #[serde(default = "default_prefix")]
    pub(crate) prefix: String,
    /// Distinguishes applications that share a Redis.
    pub(crate) app: Option<NonEmptyText>,
}

fn default_prefix() -> String {
    "dramatiq:".to_owned()
}

/// Dramatiq's queues in one Redis.
#[derive(Debug)]
pub(crate) struct Dramatiq {
    prefix: String,
    queues: Tracked<ListState>,
}

impl Dramatiq {
    /// Starts without having seen a job.
    pub(crate) fn new(settings: DramatiqSettings) -> Self {
        let prefix = settings.prefix;
        let shape = Shape {
            before: prefix.clone().into_bytes(),
            never: &[".DQ", "__"],
            ..Shape::default()
        };
        let queues = Tracked::matching_or_named(
            settings.pattern.map(|word| word.0),
            settings.names.and(settings.name),
            "list",
            shape,
        );
        Self { prefix, queues }
    }

    /// What the next scrape asks.
    pub(crate) fn questions(&self) -> Vec<Question> {
        let mut questions = Vec::from_iter(self.queues.question());
        for (name, _) in self.queues.iter() {
            let key = key(&self.prefix, name);
            questions.extend(ListState::questions(&key, ListEnd::Left));
            questions.extend(sizes(&key));
        }
        questions
    }

    /// Reads the answers.
    pub(crate) fn read(&mut self, answers: &mut Answers, samples: &mut QueueSamples) {
        for (name, head) in self.queues.iter_mut() {
            let key = key(&self.prefix, name);
            let label = printable(name);
            let queue = Some(&*label);
            // A message carries the time of its first try, delays included.
            let (pending, age) = head.read(answers, &key, ListEnd::Left, |_| None);
            let [all, delayed, dead] = sizes(&key).map(|question| answers.count(&question));
            let reserved = all.zip(pending);
            let reserved = reserved.map(|(all, pending)| all.saturating_sub(pending));
            samples.jobs(queue, JobState::Pending, pending);
            samples.wait(&label, age, &head.oldest, AgeSource::Identity);
            samples.jobs(queue, JobState::Reserved, reserved);
            samples.jobs(queue, JobState::Delayed, delayed);
            samples.jobs(queue, JobState::Dead, dead);
        }
        self.queues.read(answers);
        self.queues.report_beyond_limit(samples);
    }
}

fn key(prefix: &str, name: &[u8]) -> Vec<u8> {
    [prefix.as_bytes(), name].concat()
}

/// All that is not done, what is delayed (workers take that into their memory
/// and leave it in the hash), and what was given up.
fn sizes(key: &[u8]) -> [Question; 3] {
    let of = |command, after: &str| Question::new(command, [key, after.as_bytes()].concat());
    [
        of("HLEN", ".msgs"),
        of("HLEN", ".DQ.msgs"),
        of("ZCARD", ".XQ"),
    ]
}
