//! A plain list, as a queue of one's own.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::collect::queue::reading::answers::Answers;
use crate::collect::queue::reading::head::{ListEnd, ListState};
use crate::collect::queue::reading::names::NonEmptyText;
use crate::collect::queue::reading::oldest::AgeSource;
use crate::collect::queue::reading::question::Question;
use crate::collect::queue::reading::samples::{JobState, QueueSamples};
use crate::collect::queue::reading::timestamp;
use crate::collect::queue::systems::data_types::keyed::KeyedQueues;

/// A `[[collector.queue]]` table of `system = "list"`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListSettings {
    /// Value of the label `queue`; by default the key.
    pub(crate) name: Option<NonEmptyText>,
    /// The list's key.
    pub(crate) key: Option<NonEmptyText>,
    /// A pattern of keys, instead.
    pub(crate) pattern: Option<NonEmptyText>,
    /// The end from which workers take jobs.
    pub(crate) take: ListEnd,
    /// The top-level field of a job's JSON with the time of queueing.
    pub(crate) time_field: Option<NonEmptyText>,
    /// The state of the jobs in it.
    #[serde(default)]
    pub(crate) state: JobState,
    /// Distinguishes applications that share a Redis.
    pub(crate) app: Option<NonEmptyText>,
}

/// Lists of jobs.
#[derive(Debug)]
pub(crate) struct Lists {
    take: ListEnd,
    time_field: Option<String>,
    state: JobState,
    queues: KeyedQueues<ListState>,
}

impl Lists {
    /// Starts without having seen a job.
    pub(crate) fn new(settings: ListSettings) -> Self {
        Self {
            take: settings.take,
            time_field: settings.time_field.map(|word| word.0),
            state: settings.state,
            queues: KeyedQueues::new(settings.name, settings.key, settings.pattern, "list"),
        }
    }

    /// What the next scrape asks.
    pub(crate) fn questions(&self) -> Vec<Question> {
        let mut questions = Vec::from_iter(self.queues.question());
        for (key, _) in self.queues.iter() {
            questions.extend(ListState::questions(key, self.take));
        }
        questions
    }

    /// Reads the answers.
    pub(crate) fn read(&mut self, answers: &mut Answers, samples: &mut QueueSamples) {
        let field = self.time_field.as_deref();
        for (key, label, head) in self.queues.iter_mut() {
            let (length, age) = head.read(answers, key, self.take, |job| {
                timestamp::of_field(job, field?)
            });
            samples.jobs(Some(&label), self.state, length);
            let usual = field.map_or(AgeSource::Identity, |_| AgeSource::Timestamp);
            samples.oldest(&label, self.state, age, (&head.oldest, usual));
        }
        self.queues.read(answers, samples);
    }
}
