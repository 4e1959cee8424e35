//! RQ: lists of job ids, a hash for each job, and registries beside them.

use redis::Value;
use serde::Deserialize;

use crate::collect::queue::answers::{Answers, count, sum};
use crate::collect::queue::figures::{Figures, Source, State};
use crate::collect::queue::found::{Found, Shape};
use crate::collect::queue::front::{Front, Kept, Place};
use crate::collect::queue::question::{Question, printable};
use crate::collect::queue::roster::{QUEUES, Roster, WORKERS};
use crate::collect::queue::stamp;
use crate::collect::queue::words::{Names, Word};

/// A `[[collector.queue]]` table of `system = "rq"`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RqSettings {
    /// A queue; without any, all queues that RQ knows.
    pub name: Option<Word>,
    /// Several queues.
    #[serde(default)]
    pub names: Names,
    /// What all of RQ's keys begin with.
    #[serde(default = "default_prefix")]
    pub prefix: String,
    /// Tells apart applications that share a Redis.
    pub app: Option<Word>,
}

fn default_prefix() -> String {
    "rq:".to_owned()
}

/// RQ's keys in one Redis.
#[derive(Debug)]
pub struct Rq {
    prefix: String,
    queues: Roster<Queue>,
    workers: Roster<Worker>,
    last_ms: Option<i64>,
}

/// What is remembered of a queue.
#[derive(Debug, Default)]
struct Queue {
    pending: Front,
    reserved: Front,
}

/// Nothing needs to be remembered of a worker.
#[derive(Debug, Default)]
struct Worker;

/// What the hash of a worker says.
const FIELDS: [&str; 3] = ["last_heartbeat", "successful_job_count", "failed_job_count"];

impl Rq {
    /// Starts without having seen a job.
    pub fn new(settings: RqSettings) -> Self {
        let prefix = settings.prefix;
        let names = settings.names.and(settings.name);
        // The sets hold whole keys.
        let set = |name: &str, before: &str, limit| {
            let shape = Shape {
                before: format!("{prefix}{before}").into_bytes(),
                ..Shape::default()
            };
            Found::in_set(format!("{prefix}{name}").into_bytes(), shape, limit)
        };
        Self {
            queues: if names.is_empty() {
                Roster::found(set("queues", "queue:", QUEUES))
            } else {
                Roster::named(names)
            },
            workers: Roster::found(set("workers", "worker:", WORKERS)),
            prefix,
            last_ms: None,
        }
    }

    /// What the next scrape asks.
    pub fn questions(&self) -> Vec<Question> {
        let mut questions = Vec::from_iter(self.queues.question());
        questions.extend(self.workers.question());
        let jobs = format!("{}job:", self.prefix).into_bytes();
        for (name, queue) in self.queues.iter() {
            let keys = Keys::new(&self.prefix, name);
            questions.extend(keys.counts());
            questions.extend(keys.overdue(self.last_ms));
            let list = keys.of("queue");
            questions.extend(queue.pending.questions(&list, Place::First, &waits(&jobs)));
            let wip = keys.of("wip");
            questions.extend(queue.reserved.questions(&wip, Place::Lowest, &works(&jobs)));
        }
        for (name, _) in self.workers.iter() {
            questions.push(worker(&self.prefix, name));
        }
        questions
    }

    /// Reads the answers.
    pub fn read(&mut self, answers: &mut Answers, figures: &mut Figures) {
        let jobs = format!("{}job:", self.prefix).into_bytes();
        for (name, queue) in self.queues.iter_mut() {
            let keys = Keys::new(&self.prefix, name);
            let label = printable(name);
            let name = Some(&*label);
            let [pending, reserved, scheduled, deferred, failed, workers] =
                keys.counts().map(|question| answers.count(&question));
            figures.jobs(name, State::Pending, pending);
            figures.jobs(name, State::Reserved, reserved);
            let delayed = sum(scheduled, deferred);
            figures.jobs(name, State::Delayed, delayed);
            figures.jobs(name, State::Failed, failed);
            figures.count("queue_workers", &[("queue", &label)], workers);
            let overdue = keys.overdue(self.last_ms);
            let overdue = overdue.and_then(|question| answers.count(&question));
            figures.count("queue_overdue_jobs", &[("queue", &label)], overdue);
            if let Some(pending) = pending {
                let place = (&keys.of("queue")[..], Place::First);
                let age = queue.pending.age(answers, pending, place, &waits(&jobs));
                figures.age(name, State::Pending, age);
                if age.is_some() {
                    let source = queue.pending.oldest.source();
                    figures.source(&label, source.unwrap_or(Source::Timestamp));
                }
            }
            if let Some(reserved) = reserved {
                let place = (&keys.of("wip")[..], Place::Lowest);
                let age = queue.reserved.age(answers, reserved, place, &works(&jobs));
                figures.age(name, State::Reserved, age);
            }
        }
        self.tell_workers(answers, figures);
        self.last_ms = Some(answers.now_ms);
        self.queues.read(answers);
        self.workers.read(answers);
        self.queues.tell_beyond(figures, &[]);
    }

    fn tell_workers(&self, answers: &mut Answers, figures: &mut Figures) {
        for (name, _) in self.workers.iter() {
            let Some(fields) = answers.fields(&worker(&self.prefix, name)) else {
                continue;
            };
            let label = printable(name);
            let number = |field: &Option<Vec<u8>>| match field {
                Some(bytes) => count(&Value::BulkString(bytes.clone())),
                None => Some(0),
            };
            let [heard, good, bad] = &fields[..] else {
                continue;
            };
            if let Some(heard) = heard.as_deref().and_then(stamp::read_bytes) {
                figures.heartbeat(&label, answers.now_ms - heard);
            }
            let labels = [("worker", &*label)];
            figures.count("queue_completed_total", &labels, number(good));
            figures.count("queue_failed_total", &labels, number(bad));
        }
    }
}

fn worker(prefix: &str, name: &[u8]) -> Question {
    let family = format!("{prefix}worker:").into_bytes();
    Question::fields([&family[..], name].concat(), &FIELDS).one_of(family)
}

/// What a waiting job's hash says.
fn waits(jobs: &[u8]) -> Kept<'_> {
    Kept {
        prefix: jobs,
        fields: &["enqueued_at"],
        since,
        name: |id| id,
    }
}

/// What the hash of a job in work says; its place names the job and the try.
fn works(jobs: &[u8]) -> Kept<'_> {
    Kept {
        prefix: jobs,
        fields: &["started_at"],
        since,
        name: |id| id.split(|byte| *byte == b':').next().unwrap_or(id),
    }
}

fn since(fields: &[Option<Vec<u8>>]) -> Option<i64> {
    stamp::read_bytes(fields.first()?.as_deref()?)
}

/// The keys of one queue.
struct Keys<'q> {
    prefix: &'q str,
    name: &'q [u8],
}

impl<'q> Keys<'q> {
    fn new(prefix: &'q str, name: &'q [u8]) -> Self {
        Self { prefix, name }
    }

    fn of(&self, kind: &str) -> Vec<u8> {
        [self.prefix.as_bytes(), kind.as_bytes(), b":", self.name].concat()
    }

    fn counts(&self) -> [Question; 6] {
        [
            Question::new("LLEN", self.of("queue")),
            Question::new("ZCARD", self.of("wip")),
            Question::new("ZCARD", self.of("scheduled")),
            Question::new("ZCARD", self.of("deferred")),
            Question::new("ZCARD", self.of("failed")),
            Question::new("SCARD", self.of("workers")),
        ]
    }

    fn overdue(&self, last_ms: Option<i64>) -> Option<Question> {
        last_ms.map(|last_ms| Question::up_to(&self.of("scheduled"), last_ms / 1000))
    }
}
