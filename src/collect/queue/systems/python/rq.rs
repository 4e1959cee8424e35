//! RQ: lists of job ids, a hash for each job, and registries beside them.

use std::collections::BTreeMap;

use redis::Value;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::collect::queue::reading::answers::{Answers, Record, count, sum};
use crate::collect::queue::reading::discovery::{Discovery, Shape};
use crate::collect::queue::reading::first_job::{Front, JobRecord, OldestPlace};
use crate::collect::queue::reading::names::{NonEmptyText, QueueNames};
use crate::collect::queue::reading::oldest::AgeSource;
use crate::collect::queue::reading::question::{Question, printable};
use crate::collect::queue::reading::samples::{JobState, QueueSamples, WORKERS_LISTED};
use crate::collect::queue::reading::timestamp;
use crate::collect::queue::reading::tracked::{QUEUES, Tracked, WORKERS};

/// A `[[collector.queue]]` table of `system = "rq"`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RqSettings {
    /// A queue; by default all queues that RQ lists.
    pub(crate) name: Option<NonEmptyText>,
    /// Several queues.
    #[serde(default)]
    pub(crate) names: QueueNames,
    /// The prefix of RQ's keys.
    #[serde(default = "default_prefix")]
    pub(crate) prefix: String,
    /// Distinguishes applications that share a Redis.
    pub(crate) app: Option<NonEmptyText>,
}

fn default_prefix() -> String {
    "rq:".to_owned()
}

/// RQ's keys in one Redis.
#[derive(Debug)]
pub(crate) struct Rq {
    prefix: String,
    queues: Tracked<RqQueue>,
    workers: Tracked<RqWorker>,
    last_ms: Option<i64>,
}

/// What is remembered of a queue.
#[derive(Debug, Default)]
struct RqQueue {
    pending: Front,
    reserved: Front,
}

/// What is remembered of a worker: the queues that it takes from, as its hash
/// said when it was whole.
#[derive(Debug, Default)]
struct RqWorker {
    queues: Option<Vec<u8>>,
}

/// What the hash of a worker says.
const FIELDS: [&str; 4] = [
    "last_heartbeat",
    "successful_job_count",
    "failed_job_count",
    "queues",
];

impl Rq {
    /// Starts without having seen a job.
    pub(crate) fn new(settings: RqSettings) -> Self {
        let prefix = settings.prefix;
        let names = settings.names.and(settings.name);
        // The sets hold whole keys.
        let set = |name: &str, before: &str, limit| {
            let shape = Shape {
                before: format!("{prefix}{before}").into_bytes(),
                ..Shape::default()
            };
            Discovery::in_set(format!("{prefix}{name}").into_bytes(), shape, limit)
        };
        Self {
            queues: Tracked::named_or_discovered(names, set("queues", "queue:", QUEUES)),
            workers: Tracked::discovered(set("workers", "worker:", WORKERS)),
            prefix,
            last_ms: None,
        }
    }

    /// What the next scrape asks.
    pub(crate) fn questions(&self) -> Vec<Question> {
        let mut questions = Vec::from_iter(self.queues.question());
        questions.extend(self.workers.question());
        let jobs = format!("{}job:", self.prefix).into_bytes();
        for (name, queue) in self.queues.iter() {
            let keys = RqKeys::new(&self.prefix, name);
            questions.extend(keys.counts());
            questions.extend(keys.overdue(self.last_ms));
            let list = keys.of("queue");
            questions.extend(
                queue
                    .pending
                    .questions(&list, OldestPlace::First, &waits(&jobs)),
            );
            let wip = keys.of("wip");
            questions.extend(
                queue
                    .reserved
                    .questions(&wip, OldestPlace::Lowest, &works(&jobs)),
            );
        }
        for (name, _) in self.workers.iter() {
            questions.push(hash(&self.prefix, name));
        }
        questions.push(suspended(&self.prefix));
        questions
    }

    /// Reads the answers.
    pub(crate) fn read(&mut self, answers: &mut Answers, samples: &mut QueueSamples) {
        let jobs = format!("{}job:", self.prefix).into_bytes();
        let suspended = answers.exists(&suspended(&self.prefix));
        for (name, queue) in self.queues.iter_mut() {
            let keys = RqKeys::new(&self.prefix, name);
            let label = printable(name);
            let name = Some(&*label);
            let [pending, reserved, scheduled, deferred, failed] =
                keys.counts().map(|question| answers.count(&question));
            samples.jobs(name, JobState::Pending, pending);
            samples.jobs(name, JobState::Reserved, reserved);
            let delayed = sum(scheduled, deferred);
            samples.jobs(name, JobState::Delayed, delayed);
            samples.jobs(name, JobState::Failed, failed);
            // All workers are suspended at once.
            samples.paused(&label, suspended);
            let overdue = keys.overdue(self.last_ms);
            let overdue = overdue.and_then(|question| answers.count(&question));
            samples.count("queue_overdue_jobs", &[("queue", &label)], overdue);
            if let Some(pending) = pending {
                let place = (&keys.of("queue")[..], OldestPlace::First);
                let age = queue.pending.age(answers, pending, place, &waits(&jobs));
                samples.wait(&label, age, &queue.pending.oldest, AgeSource::Timestamp);
            }
            if let Some(reserved) = reserved {
                let place = (&keys.of("wip")[..], OldestPlace::Lowest);
                let age = queue.reserved.age(answers, reserved, place, &works(&jobs));
                let ahead = queue.reserved.oldest.is_ahead(answers.now_ms);
                samples.age(name, JobState::Reserved, age, ahead);
            }
        }
        self.add_workers(answers, samples);
        self.last_ms = Some(answers.now_ms);
        self.queues.read(answers);
        self.workers.read(answers);
        self.queues.report_beyond_limit(samples);
    }

    /// Only living workers clean the sets that list workers, so one that was
    /// killed stays there; the hash of each lives only as long as it is heard of.
    fn add_workers(&mut self, answers: &mut Answers, samples: &mut QueueSamples) {
        let mut living = self.workers.is_whole().then(BTreeMap::new);
        let mut ages = Vec::new();
        for (at, (name, worker)) in self.workers.iter_mut().enumerate() {
            let fields = match answers.record(&hash(&self.prefix, name)) {
                Record::Found(fields) => fields,
                Record::Gone => continue,
                Record::Unknown => {
                    living = None;
                    continue;
                }
            };
            let label = printable(name);
            if at < WORKERS_LISTED {
                let done = [("queue_completed_total", 1), ("queue_failed_total", 2)];
                for (total, field) in done {
                    samples.count(total, &[("worker", &label)], number(fields[field].as_ref()));
                }
            }
            if let Some(last) = fields[0].as_deref().and_then(timestamp::read_bytes) {
                ages.push((label, answers.now_ms - last));
            }
            if fields[3].is_some() {
                worker.queues.clone_from(&fields[3]);
            }
            if worker.queues.is_none() {
                samples.faults.insert(format!(
                    "the worker {} does not say which queues it takes from, so living workers \
                    are not counted; restart it",
                    printable(name)
                ));
            }
            living = living
                .zip(worker.queues.as_deref())
                .map(|(living, queues)| with(living, queues));
        }
        samples.heartbeats(ages);
        for (name, _) in self.queues.iter() {
            if let Some(living) = &living {
                let number = living.get(name).copied().unwrap_or_default();
                samples.workers(Some(&printable(name)), number);
            }
        }
        self.workers.report_uncounted(samples);
    }
}

/// Counts a worker for each of its queues.
fn with(mut living: BTreeMap<Vec<u8>, u64>, queues: &[u8]) -> BTreeMap<Vec<u8>, u64> {
    for queue in queues.split(|byte| *byte == b',') {
        *living.entry(queue.to_vec()).or_default() += 1;
    }
    living
}

/// A count of a worker's hash, which is there once there was something to count.
fn number(field: Option<&Vec<u8>>) -> Option<u64> {
    match field {
        Some(bytes) => count(&Value::BulkString(bytes.clone())),
        None => Some(0),
    }
}

fn hash(prefix: &str, name: &[u8]) -> Question {
    let family = format!("{prefix}worker:").into_bytes();
    Question::fields([&family[..], name].concat(), &FIELDS).one_of(family)
}

fn suspended(prefix: &str) -> Question {
    Question::exists(format!("{prefix}suspended"))
}

/// What a waiting job's hash says.
fn waits(jobs: &[u8]) -> JobRecord<'_> {
    JobRecord {
        prefix: jobs,
        fields: &["enqueued_at"],
        since,
        name: |id| Some(id),
    }
}

/// What the hash of a job in work says; its place names the job and the try.
fn works(jobs: &[u8]) -> JobRecord<'_> {
    JobRecord {
        prefix: jobs,
        fields: &["started_at"],
        since,
        name: |id| id.split(|byte| *byte == b':').next(),
    }
}

fn since(fields: &[Option<Vec<u8>>], _: i64) -> Option<i64> {
    timestamp::read_bytes(fields.first()?.as_deref()?)
}

/// The keys of one queue.
struct RqKeys<'q> {
    prefix: &'q str,
    name: &'q [u8],
}

impl<'q> RqKeys<'q> {
    fn new(prefix: &'q str, name: &'q [u8]) -> Self {
        Self { prefix, name }
    }

    fn of(&self, kind: &str) -> Vec<u8> {
        [self.prefix.as_bytes(), kind.as_bytes(), b":", self.name].concat()
    }

    fn counts(&self) -> [Question; 5] {
        [
            Question::new("LLEN", self.of("queue")),
            Question::new("ZCARD", self.of("wip")),
            Question::new("ZCARD", self.of("scheduled")),
            Question::new("ZCARD", self.of("deferred")),
            Question::new("ZCARD", self.of("failed")),
        ]
    }

    fn overdue(&self, last_ms: Option<i64>) -> Option<Question> {
        last_ms.map(|last_ms| Question::up_to(&self.of("scheduled"), last_ms / 1000))
    }
}
