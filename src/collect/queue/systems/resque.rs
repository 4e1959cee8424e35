//! Resque: lists of jobs, counts, and what its workers do.

use redis::Value;
use serde::Deserialize;

use crate::collect::queue::reading::answers::{Answers, count};
use crate::collect::queue::reading::discovery::{FoundNames, Shape};
use crate::collect::queue::reading::head::{ListEnd, ListState};
use crate::collect::queue::reading::names::{NonEmptyText, QueueNames};
use crate::collect::queue::reading::oldest::AgeSource;
use crate::collect::queue::reading::question::{Question, printable};
use crate::collect::queue::reading::samples::{JobState, QueueSamples};
use crate::collect::queue::reading::tracked::{QUEUES, Roster, WORKERS};
use crate::collect::queue::systems::resque_worker::ResqueWorkers;

/// A `[[collector.queue]]` table of `system = "resque"`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResqueSettings {
    /// A queue; without any, all queues that Resque knows.
    pub name: Option<NonEmptyText>,
    /// Several queues.
    #[serde(default)]
    pub names: QueueNames,
    /// What all of Resque's keys begin with.
    #[serde(default = "default_prefix")]
    pub prefix: String,
    /// Tells apart applications that share a Redis.
    pub app: Option<NonEmptyText>,
}

fn default_prefix() -> String {
    "resque:".to_owned()
}

/// Resque's keys in one Redis.
#[derive(Debug)]
pub struct Resque {
    prefix: String,
    queues: Roster<ListState>,
    workers: ResqueWorkers,
    last_ms: Option<i64>,
}

impl Resque {
    /// Starts without having seen a job.
    pub fn new(settings: ResqueSettings) -> Self {
        let prefix = settings.prefix;
        let names = settings.names.and(settings.name);
        let set = |name: &str, limit| {
            let key = format!("{prefix}{name}").into_bytes();
            FoundNames::in_set(key, Shape::default(), limit)
        };
        Self {
            queues: if names.is_empty() {
                Roster::found(set("queues", QUEUES))
            } else {
                Roster::named(names)
            },
            workers: ResqueWorkers::new(&prefix, set("workers", WORKERS)),
            prefix,
            last_ms: None,
        }
    }

    fn key(&self, name: &str) -> Vec<u8> {
        [&self.prefix, name].concat().into_bytes()
    }

    fn stat(&self, name: &str) -> Question {
        Question::new("GET", self.key(name))
    }

    /// What `resque-scheduler` keeps, if it is used: one element for each second
    /// in which jobs are due.
    fn overdue(&self) -> Option<Question> {
        let key = self.key("delayed_queue_schedule");
        Some(Question::up_to(&key, self.last_ms? / 1000))
    }

    /// What the next scrape asks.
    pub fn questions(&self) -> Vec<Question> {
        let mut questions = Vec::from_iter(self.queues.question());
        questions.extend(self.workers.questions());
        for (name, _) in self.queues.iter() {
            questions.extend(ListState::questions(
                &queue(&self.prefix, name),
                ListEnd::Left,
            ));
        }
        questions.push(Question::new("LLEN", self.key("failed")));
        questions.extend(["stat:processed", "stat:failed"].map(|name| self.stat(name)));
        questions.extend(self.overdue());
        questions
    }

    /// Reads the answers.
    pub fn read(&mut self, answers: &mut Answers, figures: &mut QueueSamples) {
        let labels = self.queues.iter().map(|(name, _)| printable(name));
        self.workers.tell(answers, figures, labels.collect());
        for (name, head) in self.queues.iter_mut() {
            let label = printable(name);
            let key = queue(&self.prefix, name);
            // A job does not say when it was queued.
            let (length, age) = head.read(answers, &key, ListEnd::Left, |_| None);
            figures.jobs(Some(&label), JobState::Pending, length);
            figures.wait(&label, age, &head.oldest, AgeSource::Identity);
        }
        let failed = answers.count(&Question::new("LLEN", self.key("failed")));
        figures.jobs(None, JobState::Failed, failed);
        let mut stat = |name| match answers.value(&self.stat(name))? {
            Value::Nil => Some(0),
            value => count(&value),
        };
        let (processed, bad) = (stat("stat:processed"), stat("stat:failed"));
        // Resque counts each failed job as processed, too.
        let completed = processed.zip(bad).map(|(all, bad)| all.saturating_sub(bad));
        figures.count("queue_completed_total", &[], completed);
        figures.count("queue_failed_total", &[], bad);
        let overdue = self.overdue().and_then(|question| answers.count(&question));
        figures.count("queue_overdue_jobs", &[], overdue);
        self.last_ms = Some(answers.now_ms);
        self.queues.read(answers);
        self.workers.read(answers);
        self.queues.tell_beyond(figures, &[]);
    }
}

fn queue(prefix: &str, name: &[u8]) -> Vec<u8> {
    [prefix.as_bytes(), b"queue:", name].concat()
}
