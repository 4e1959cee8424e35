//! `BullMQ`: lists and sorted sets of job ids, and a hash for each job.

use redis::Value;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::collect::queue::answers::{Answers, count, sum};
use crate::collect::queue::figures::{Figures, Source, State};
use crate::collect::queue::found::{Found, Shape, literal};
use crate::collect::queue::front::{Front, Kept, Place};
use crate::collect::queue::question::{Question, printable};
use crate::collect::queue::roster::{QUEUES, Roster};
use crate::collect::queue::stamp;
use crate::collect::queue::words::{Names, Word};

/// A `[[collector.queue]]` table of `system = "bullmq"`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BullmqSettings {
    /// A queue.
    pub name: Option<Word>,
    /// Several queues.
    #[serde(default)]
    pub names: Names,
    /// A pattern of names, instead.
    pub pattern: Option<Word>,
    /// `prefix` of the queues; in a cluster with its braces: `{bull}`.
    #[serde(default = "default_prefix")]
    pub prefix: String,
    /// Tells apart applications that share a Redis.
    pub app: Option<Word>,
}

fn default_prefix() -> String {
    "bull".to_owned()
}

/// The score of a delayed job is its time in milliseconds times this, and a count.
const SCALE: i64 = 4096;

/// Where pending jobs stand, and where the oldest of each is.
const WAITING: [(&str, &str, Place); 3] = [
    ("LLEN", ":wait", Place::Last),
    ("LLEN", ":paused", Place::Last),
    ("ZCARD", ":prioritized", Place::Lowest),
];

/// `BullMQ`'s queues in one Redis.
#[derive(Debug)]
pub struct Bullmq {
    prefix: String,
    by_pattern: Option<String>,
    queues: Roster<Queue>,
    last_ms: Option<i64>,
}

/// What is remembered of a queue.
#[derive(Debug, Default)]
struct Queue {
    waiting: [Front; 3],
    active: Front,
}

impl Bullmq {
    /// Starts without having seen a job.
    pub fn new(settings: BullmqSettings) -> Self {
        let prefix = settings.prefix;
        let by_pattern = settings.pattern.map(|word| word.0);
        let queues = match &by_pattern {
            Some(pattern) => {
                let before = format!("{prefix}:").into_bytes();
                let pattern = [&literal(&before)[..], pattern.as_bytes(), b":meta"].concat();
                let shape = Shape {
                    before,
                    after: ":meta",
                    never: &[":"],
                };
                Roster::found(Found::in_keys(pattern, "hash", shape, QUEUES))
            }
            None => Roster::named(settings.names.and(settings.name)),
        };
        Self {
            prefix,
            by_pattern,
            queues,
            last_ms: None,
        }
    }

    /// What the next scrape asks.
    pub fn questions(&self) -> Vec<Question> {
        let mut questions = Vec::from_iter(self.queues.question());
        for (name, queue) in self.queues.iter() {
            let base = base(&self.prefix, name);
            let jobs = key(&base, ":");
            for ((command, place, end), front) in WAITING.into_iter().zip(&queue.waiting) {
                let place = key(&base, place);
                questions.push(Question::new(command, &place[..]));
                questions.extend(front.questions(&place, end, &waits(&jobs)));
            }
            let active = key(&base, ":active");
            questions.push(Question::new("LLEN", &active[..]));
            questions.extend(queue.active.questions(&active, Place::Last, &works(&jobs)));
            questions.extend([":delayed", ":failed"].map(|place| card(&base, place)));
            questions.extend(overdue(&base, self.last_ms));
            questions.extend([":metrics:completed", ":metrics:failed"].map(|m| metric(&base, m)));
        }
        questions
    }

    /// Reads the answers.
    pub fn read(&mut self, answers: &mut Answers, figures: &mut Figures) {
        for (name, queue) in self.queues.iter_mut() {
            let base = base(&self.prefix, name);
            let label = printable(name);
            let queue_label = [("queue", &*label)];
            queue.tell_pending(answers, figures, &base, &label);
            let name = Some(&*label);
            let jobs = key(&base, ":");
            let active = key(&base, ":active");
            if let Some(reserved) = answers.count(&Question::new("LLEN", &active[..])) {
                let place = (&active[..], Place::Last);
                let age = queue.active.age(answers, reserved, place, &works(&jobs));
                figures.jobs(name, State::Reserved, Some(reserved));
                figures.age(name, State::Reserved, age);
            }
            let [delayed, failed] =
                [":delayed", ":failed"].map(|place| answers.count(&card(&base, place)));
            figures.jobs(name, State::Delayed, delayed);
            figures.jobs(name, State::Failed, failed);
            let overdue = overdue(&base, self.last_ms);
            let overdue = overdue.and_then(|question| answers.count(&question));
            figures.count("queue_overdue_jobs", &queue_label, overdue);
            for (total, place) in [
                ("queue_completed_total", ":metrics:completed"),
                ("queue_failed_total", ":metrics:failed"),
            ] {
                let counted = answers.value(&metric(&base, place));
                figures.count(total, &queue_label, counted.and_then(|value| count(&value)));
            }
        }
        self.last_ms = Some(answers.now_ms);
        self.queues.read(answers);
        if let Some(pattern) = &self.by_pattern {
            self.queues.tell_beyond(figures, &[("pattern", pattern)]);
        }
    }
}

impl Queue {
    fn tell_pending(
        &mut self,
        answers: &mut Answers,
        figures: &mut Figures,
        base: &[u8],
        label: &str,
    ) {
        let jobs = key(base, ":");
        let (mut pending, mut oldest, mut source) = (Some(0), Some(0), None);
        for ((command, place, end), front) in WAITING.into_iter().zip(&mut self.waiting) {
            let place = key(base, place);
            let length = answers.count(&Question::new(command, &place[..]));
            let age = length
                .and_then(|length| front.age(answers, length, (&place[..], end), &waits(&jobs)));
            pending = sum(pending, length);
            if age > oldest || source.is_none() {
                source = front.oldest.source();
            }
            oldest = oldest
                .zip(age)
                .map(|(oldest, age): (i64, i64)| oldest.max(age));
        }
        figures.jobs(Some(label), State::Pending, pending);
        figures.age(Some(label), State::Pending, oldest);
        if oldest.is_some() {
            figures.source(label, source.unwrap_or(Source::Timestamp));
        }
    }
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

/// What a waiting job's hash says.
fn waits(jobs: &[u8]) -> Kept<'_> {
    Kept {
        prefix: jobs,
        fields: &["timestamp", "delay", "opts", "processedOn"],
        since: waits_since,
        name: |id| id,
    }
}

/// What the hash of a job in work says.
fn works(jobs: &[u8]) -> Kept<'_> {
    Kept {
        prefix: jobs,
        fields: &["processedOn"],
        since: |fields| stamp::read_bytes(fields.first()?.as_deref()?),
        name: |id| id,
    }
}

/// The delay that a job was added with; that in its hash is taken away when it
/// is over.
#[derive(Deserialize)]
struct Options<'j> {
    #[serde(borrow)]
    delay: Option<&'j RawValue>,
}

/// Since when a job waits: since it was added, or since its delay was over.
///
/// One that was in work before says nothing of its present wait.
fn waits_since(fields: &[Option<Vec<u8>>]) -> Option<i64> {
    let [added, delay, options, None] = fields else {
        return None;
    };
    let added = stamp::read_bytes(added.as_deref()?)?;
    let now = delay.as_deref().and_then(number);
    let first = options.as_deref().and_then(|options| {
        let options: Options<'_> = serde_json::from_slice(options).ok()?;
        number(options.delay?.get().as_bytes())
    });
    added.checked_add(now.max(first).unwrap_or_default())
}

fn number(bytes: &[u8]) -> Option<i64> {
    let number = count(&Value::BulkString(bytes.to_vec()))?;
    i64::try_from(number).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_waits_since_its_delay_was_over_and_a_retry_says_nothing() {
        let fields = |fields: [&str; 4]| -> Vec<Option<Vec<u8>>> {
            fields
                .map(|field| (!field.is_empty()).then(|| field.as_bytes().to_vec()))
                .into()
        };
        for (hash, since) in [
            (["1700000000000", "0", "{}", ""], Some(1_700_000_000_000)),
            (
                ["1700000000000", "0", r#"{"delay":500}"#, ""],
                Some(1_700_000_000_500),
            ),
            (["1700000000000", "700", "[", ""], Some(1_700_000_000_700)),
            (["1700000000000", "", "", ""], Some(1_700_000_000_000)),
            (["1700000000000", "0", "{}", "1700000000001"], None),
            (["soon", "0", "{}", ""], None),
            (["", "", "", ""], None),
        ] {
            assert_eq!(waits_since(&fields(hash)), since, "{hash:?}");
        }
    }
}
