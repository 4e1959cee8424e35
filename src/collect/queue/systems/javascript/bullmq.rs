//! `BullMQ` and Bull: lists and sorted sets of job ids, and a hash for each job.

use redis::Value;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::collect::queue::reading::answers::{Answers, count, sum};
use crate::collect::queue::reading::discovery::Shape;
use crate::collect::queue::reading::first_job::{Front, JobRecord, OldestPlace};
use crate::collect::queue::reading::head::ListWait;
use crate::collect::queue::reading::names::{NonEmptyText, QueueNames};
use crate::collect::queue::reading::oldest::AgeSource;
use crate::collect::queue::reading::question::{Question, printable};
use crate::collect::queue::reading::samples::{JobState, QueueSamples};
use crate::collect::queue::reading::tracked::Tracked;
use crate::collect::queue::systems::javascript::bullmq_job::{is_marker, waits, works};

/// A `[[collector.queue]]` table of `system = "bullmq"`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BullmqSettings {
    /// A queue.
    pub(crate) name: Option<NonEmptyText>,
    /// Several queues.
    #[serde(default)]
    pub(crate) names: QueueNames,
    /// A pattern of names, instead.
    pub(crate) pattern: Option<NonEmptyText>,
    /// The `prefix` of the queues; in a cluster with braces: `{bull}`.
    #[serde(default = "default_prefix")]
    pub(crate) prefix: String,
    /// Distinguishes applications that share a Redis.
    pub(crate) app: Option<NonEmptyText>,
}

fn default_prefix() -> String {
    "bull".to_owned()
}

/// The score of a delayed job is its time in milliseconds times this, and a count.
const SCALE: i64 = 4096;

/// Where pending jobs stand, and where the oldest of each is.
const WAITING: [(&str, OldestPlace); 3] = [
    (":wait", OldestPlace::Last),
    (":paused", OldestPlace::Last),
    (":prioritized", OldestPlace::Lowest),
];

/// `BullMQ`'s queues in one Redis.
#[derive(Debug)]
pub(crate) struct Bullmq {
    prefix: String,
    queues: Tracked<BullQueue>,
    last_ms: Option<i64>,
}

/// What is remembered of a queue.
#[derive(Debug, Default)]
struct BullQueue {
    waiting: [Front; 3],
    active: Front,
}

impl Bullmq {
    /// Starts without having seen a job.
    pub(crate) fn new(settings: BullmqSettings) -> Self {
        let prefix = settings.prefix;
        let shape = Shape {
            before: format!("{prefix}:").into_bytes(),
            after: ":meta",
            never: &[":"],
        };
        let queues = Tracked::matching_or_named(
            settings.pattern.map(|word| word.0),
            settings.names.and(settings.name),
            "hash",
            shape,
        );
        Self {
            prefix,
            queues,
            last_ms: None,
        }
    }

    /// What the next scrape asks.
    pub(crate) fn questions(&self) -> Vec<Question> {
        let mut questions = Vec::from_iter(self.queues.question());
        for (name, queue) in self.queues.iter() {
            let base = base(&self.prefix, name);
            let jobs = key(&base, ":");
            for ((place, end), front) in WAITING.into_iter().zip(&queue.waiting) {
                questions.extend(of_place(front, &key(&base, place), end, &waits(&jobs)));
            }
            let active = key(&base, ":active");
            let in_work = of_place(&queue.active, &active, OldestPlace::Last, &works(&jobs));
            questions.extend(in_work);
            questions.extend(pauses(&base));
            questions.extend([":delayed", ":failed"].map(|place| card(&base, place)));
            questions.extend(overdue(&base, self.last_ms));
            questions.extend([":metrics:completed", ":metrics:failed"].map(|m| metric(&base, m)));
        }
        questions
    }

    /// Reads the answers.
    pub(crate) fn read(&mut self, answers: &mut Answers, samples: &mut QueueSamples) {
        for (name, queue) in self.queues.iter_mut() {
            let base = base(&self.prefix, name);
            let label = printable(name);
            let queue_label = [("queue", &*label)];
            queue.add_pending(answers, samples, &base, &label);
            let name = Some(&*label);
            let jobs = key(&base, ":");
            let place = (&key(&base, ":active")[..], OldestPlace::Last);
            let (reserved, age) = read_place(&mut queue.active, answers, place, &works(&jobs));
            let ahead = queue.active.oldest.is_ahead(answers.now_ms);
            samples.jobs(name, JobState::Reserved, reserved);
            samples.age(name, JobState::Reserved, age, ahead);
            samples.paused(&label, is_paused(answers, &base));
            let [delayed, failed] =
                [":delayed", ":failed"].map(|place| answers.count(&card(&base, place)));
            samples.jobs(name, JobState::Delayed, delayed);
            samples.jobs(name, JobState::Failed, failed);
            let overdue = overdue(&base, self.last_ms);
            let overdue = overdue.and_then(|question| answers.count(&question));
            samples.count("queue_overdue_jobs", &queue_label, overdue);
            for (total, place) in [
                ("queue_completed_total", ":metrics:completed"),
                ("queue_failed_total", ":metrics:failed"),
            ] {
                let counted = answers.value(&metric(&base, place));
                samples.count(total, &queue_label, counted.and_then(|value| count(&value)));
            }
        }
        self.last_ms = Some(answers.now_ms);
        self.queues.read(answers);
        self.queues.report_beyond_limit(samples);
    }
}

impl BullQueue {
    fn add_pending(
        &mut self,
        answers: &mut Answers,
        samples: &mut QueueSamples,
        base: &[u8],
        label: &str,
    ) {
        let jobs = key(base, ":");
        let (mut pending, mut oldest, mut source) = (Some(0), Some(0), None);
        let mut ahead = false;
        for ((place, end), front) in WAITING.into_iter().zip(&mut self.waiting) {
            let place = (&key(base, place)[..], end);
            let (length, age) = read_place(front, answers, place, &waits(&jobs));
            ahead |= front.oldest.is_ahead(answers.now_ms);
            pending = sum(pending, length);
            if age > oldest || source.is_none() {
                source = front.oldest.source();
            }
            oldest = oldest
                .zip(age)
                .map(|(oldest, age): (i64, i64)| oldest.max(age));
        }
        samples.jobs(Some(label), JobState::Pending, pending);
        samples.age(Some(label), JobState::Pending, oldest, ahead);
        if oldest.is_some() {
            samples.source(label, source.unwrap_or(AgeSource::Timestamp));
        }
    }
}

/// What to ask about a place of jobs.
fn of_place(front: &Front, key: &[u8], end: OldestPlace, record: &JobRecord<'_>) -> Vec<Question> {
    let mut questions = vec![length(key, end)];
    questions.extend(front.questions(key, end, record));
    if end == OldestPlace::Last && front.looks_deeper() {
        questions.push(Question::last(key));
    }
    questions
}

/// How many jobs it holds, and how long the oldest of them is there.
fn read_place(
    front: &mut Front,
    answers: &mut Answers,
    (key, end): (&[u8], OldestPlace),
    record: &JobRecord<'_>,
) -> ListWait {
    let length = answers.count(&length(key, end));
    let last = match end {
        OldestPlace::Last => answers.peek(&Question::last(key)),
        OldestPlace::First | OldestPlace::Lowest => Some(&Value::Nil),
    };
    // As `BullMQ` itself, we look for a marker at that end only.
    let last = last.map(|last| match last {
        Value::BulkString(id) => Some(id.clone()),
        _ => None,
    });
    let number = |last: &Option<Vec<u8>>| u64::from(last.as_deref().is_some_and(is_marker));
    let markers = last.as_ref().map(number);
    let jobs = match length {
        Some(0) => Some(0),
        length => length
            .zip(markers)
            .map(|(length, markers)| length.saturating_sub(markers)),
    };
    let age = jobs.and_then(|jobs| front.age(answers, jobs, (key, end), record));
    front.skip(markers.unwrap_or_default(), last.flatten());
    (jobs, age)
}

fn length(key: &[u8], end: OldestPlace) -> Question {
    match end {
        OldestPlace::First | OldestPlace::Last => Question::new("LLEN", key),
        OldestPlace::Lowest => Question::new("ZCARD", key),
    }
}

/// Where it is written that a queue is paused: today, and by old versions of Bull.
fn pauses(base: &[u8]) -> [Question; 2] {
    [
        Question::new("HGET", key(base, ":meta")).with("paused"),
        Question::exists(key(base, ":meta-paused")),
    ]
}

fn is_paused(answers: &mut Answers, base: &[u8]) -> Option<bool> {
    let [meta, key] = pauses(base);
    let meta = answers.value(&meta)?;
    Some(meta != Value::Nil || answers.exists(&key)?)
}

fn base(prefix: &str, name: &[u8]) -> Vec<u8> {
    [prefix.as_bytes(), b":", name].concat()
}

fn key(base: &[u8], place: &str) -> Vec<u8> {
    [base, place.as_bytes()].concat()
}

fn card(base: &[u8], place: &str) -> Question {
    Question::new("ZCARD", key(base, place))
}

fn metric(base: &[u8], place: &str) -> Question {
    Question::new("HGET", key(base, place)).with("count")
}

fn overdue(base: &[u8], last_ms: Option<i64>) -> Option<Question> {
    let up_to = last_ms?.checked_add(1)?.checked_mul(SCALE)? - 1;
    Some(Question::up_to(&key(base, ":delayed"), up_to))
}
