//! Dramatiq over Redis: lists of ids, and hashes of all that is not done.

use serde::Deserialize;

use crate::collect::queue::reading::answers::Answers;
use crate::collect::queue::reading::discovery::{FoundNames, Shape, literal};
use crate::collect::queue::reading::head::{ListEnd, ListState};
use crate::collect::queue::reading::names::{NonEmptyText, QueueNames};
use crate::collect::queue::reading::oldest::AgeSource;
use crate::collect::queue::reading::question::{Question, printable};
use crate::collect::queue::reading::samples::{JobState, QueueSamples};
use crate::collect::queue::reading::tracked::{QUEUES, Roster};

/// A `[[collector.queue]]` table of `system = "dramatiq"`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DramatiqSettings {
    /// A queue.
    pub name: Option<NonEmptyText>,
    /// Several queues.
    #[serde(default)]
    pub names: QueueNames,
    /// A pattern of names, instead.
    pub pattern: Option<NonEmptyText>,
    /// `namespace` of the broker, and its colon.
    #[serde(default = "default_prefix")]
    pub prefix: String,
    /// Tells apart applications that share a Redis.
    pub app: Option<NonEmptyText>,
}

fn default_prefix() -> String {
    "dramatiq:".to_owned()
}

/// Dramatiq's queues in one Redis.
#[derive(Debug)]
pub struct Dramatiq {
    prefix: String,
    by_pattern: Option<String>,
    queues: Roster<ListState>,
}

impl Dramatiq {
    /// Starts without having seen a job.
    pub fn new(settings: DramatiqSettings) -> Self {
        let prefix = settings.prefix;
        let by_pattern = settings.pattern.map(|word| word.0);
        let queues = match &by_pattern {
            Some(pattern) => {
                let shape = Shape {
                    before: prefix.clone().into_bytes(),
                    never: &[".DQ", "__"],
                    ..Shape::default()
                };
                let pattern = [&literal(prefix.as_bytes())[..], pattern.as_bytes()].concat();
                Roster::found(FoundNames::in_keys(pattern, "list", shape, QUEUES))
            }
            None => Roster::named(settings.names.and(settings.name)),
        };
        Self {
            prefix,
            by_pattern,
            queues,
        }
    }

    /// What the next scrape asks.
    pub fn questions(&self) -> Vec<Question> {
        let mut questions = Vec::from_iter(self.queues.question());
        for (name, _) in self.queues.iter() {
            let key = key(&self.prefix, name);
            questions.extend(ListState::questions(&key, ListEnd::Left));
            questions.extend(sizes(&key));
        }
        questions
    }

    /// Reads the answers.
    pub fn read(&mut self, answers: &mut Answers, figures: &mut QueueSamples) {
        for (name, head) in self.queues.iter_mut() {
            let key = key(&self.prefix, name);
            let label = printable(name);
            let queue = Some(&*label);
            // A message carries the time of its first try, delays included.
            let (pending, age) = head.read(answers, &key, ListEnd::Left, |_| None);
            let [all, delayed, dead] = sizes(&key).map(|question| answers.count(&question));
            let reserved = all.zip(pending);
            let reserved = reserved.map(|(all, pending)| all.saturating_sub(pending));
            figures.jobs(queue, JobState::Pending, pending);
            figures.wait(&label, age, &head.oldest, AgeSource::Identity);
            figures.jobs(queue, JobState::Reserved, reserved);
            figures.jobs(queue, JobState::Delayed, delayed);
            figures.jobs(queue, JobState::Dead, dead);
        }
        self.queues.read(answers);
        if let Some(pattern) = &self.by_pattern {
            self.queues.tell_beyond(figures, &[("pattern", pattern)]);
        }
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
