//! Resque: lists of jobs, counts, and what its workers do.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::collect::queue::reading::answers::Answers;
use crate::collect::queue::reading::head::{ListEnd, ListState};
use crate::collect::queue::reading::names::{NonEmptyText, QueueNames};
use crate::collect::queue::reading::oldest::AgeSource;
use crate::collect::queue::reading::question::{Question, printable};
use crate::collect::queue::reading::samples::{JobState, QueueSamples};
use crate::collect::queue::reading::tracked::{QUEUES, Tracked, WORKERS};
use crate::collect::queue::systems::ruby::layout::RubyKeys;
use crate::collect::queue::systems::ruby::resque_worker::ResqueWorkers;

/// A `[[collector.queue]]` table of `system = "resque"`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ResqueSettings {
    /// A queue; by default all queues that Resque lists.
    pub(crate) name: Option<NonEmptyText>,
    /// Several queues.
    #[serde(default)]
    pub(crate) names: QueueNames,
    /// The prefix of Resque's keys.
    #[serde(default = "default_prefix")]
    pub(crate) prefix: String,
    /// Distinguishes applications that share a Redis.
    pub(crate) app: Option<NonEmptyText>,
}

fn default_prefix() -> String {
    "resque:".to_owned()
}

/// Resque's keys in one Redis.
#[derive(Debug)]
pub(crate) struct Resque {
    keys: RubyKeys,
    queues: Tracked<ListState>,
    workers: ResqueWorkers,
    last_ms: Option<i64>,
}

impl Resque {
    /// Starts without having seen a job.
    pub(crate) fn new(settings: ResqueSettings) -> Self {
        let names = settings.names.and(settings.name);
        let workers = settings.prefix.clone();
        let keys = RubyKeys::new(settings.prefix);
        Self {
            queues: Tracked::named_or_discovered(names, keys.set("queues", QUEUES)),
            workers: ResqueWorkers::new(&workers, keys.set("workers", WORKERS)),
            keys,
            last_ms: None,
        }
    }

    /// What `resque-scheduler` keeps, if it is used: one element for each second
    /// in which jobs are due.
    fn overdue(&self) -> Option<Question> {
        let key = self.keys.key("delayed_queue_schedule");
        Some(Question::up_to(&key, self.last_ms? / 1000))
    }

    /// What the next scrape asks.
    pub(crate) fn questions(&self) -> Vec<Question> {
        let mut questions = Vec::from_iter(self.queues.question());
        questions.extend(self.workers.questions());
        for (name, _) in self.queues.iter() {
            questions.extend(ListState::questions(&self.keys.queue(name), ListEnd::Left));
        }
        questions.push(Question::new("LLEN", self.keys.key("failed")));
        questions.extend(self.keys.totals());
        questions.extend(self.overdue());
        questions
    }

    /// Reads the answers.
    pub(crate) fn read(&mut self, answers: &mut Answers, samples: &mut QueueSamples) {
        let labels = self.queues.iter().map(|(name, _)| printable(name));
        self.workers.add_samples(answers, samples, labels.collect());
        for (name, head) in self.queues.iter_mut() {
            let label = printable(name);
            let key = self.keys.queue(name);
            // A job does not say when it was queued.
            let (length, age) = head.read(answers, &key, ListEnd::Left, |_| None);
            samples.jobs(Some(&label), JobState::Pending, length);
            samples.wait(&label, age, &head.oldest, AgeSource::Identity);
        }
        let failed = answers.count(&Question::new("LLEN", self.keys.key("failed")));
        samples.jobs(None, JobState::Failed, failed);
        self.keys.add_totals(answers, samples);
        let overdue = self.overdue().and_then(|question| answers.count(&question));
        samples.count("queue_overdue_jobs", &[], overdue);
        self.last_ms = Some(answers.now_ms);
        self.queues.read(answers);
        self.workers.read(answers);
        self.queues.report_beyond_limit(samples);
    }
}
