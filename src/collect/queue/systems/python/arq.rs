//! arq: one sorted set of job ids for what waits, is delayed and is in work.

use std::collections::BTreeSet;

use redis::Value;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::collect::queue::reading::answers::{Answer, Answers, scored};
use crate::collect::queue::reading::names::{NonEmptyText, QueueNames};
use crate::collect::queue::reading::oldest::{AgeSource, Oldest, OldestSight};
use crate::collect::queue::reading::question::{Question, printable};
use crate::collect::queue::reading::samples::{JobState, QueueSamples};
use crate::collect::queue::reading::timestamp;
use crate::collect::queue::reading::tracked::Tracked;

/// A `[[collector.queue]]` table of `system = "arq"`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ArqSettings {
    /// A queue; by default arq's own.
    pub(crate) name: Option<NonEmptyText>,
    /// Several queues.
    #[serde(default)]
    pub(crate) names: QueueNames,
    /// Distinguishes applications that share a Redis.
    pub(crate) app: Option<NonEmptyText>,
}

/// The queue of who names none.
const DEFAULT: &str = "arq:queue";

/// What the key begins with that marks a job as being in work, whatever its queue.
const IN_WORK: &str = "arq:in-progress:";

/// How many jobs one scrape looks at, at least and at most: what is in work is
/// among the first of its queue.
const LOOK_AT: (usize, usize) = (32, 512);

/// arq's queues in one Redis.
#[derive(Debug)]
pub(crate) struct Arq {
    queues: Tracked<ArqQueue>,
    last_ms: Option<i64>,
}

/// What is remembered of a queue.
#[derive(Debug, Default)]
struct ArqQueue {
    /// The first jobs that the last scrape saw, if it saw any.
    first: Option<Vec<Vec<u8>>>,
    /// Those that it found in work.
    in_work: usize,
    oldest: Oldest,
}

impl Arq {
    /// Starts without having seen a job.
    pub(crate) fn new(settings: ArqSettings) -> Self {
        let mut names = settings.names.and(settings.name);
        if names.is_empty() {
            names.push(DEFAULT.to_owned());
        }
        Self {
            queues: Tracked::named(names),
            last_ms: None,
        }
    }

    /// What the next scrape asks.
    pub(crate) fn questions(&self) -> Vec<Question> {
        let mut questions = Vec::new();
        for (key, queue) in self.queues.iter() {
            questions.push(Question::new("ZCARD", &key[..]));
            questions.push(queue.next(key));
            questions.extend(queue.marks());
            questions.extend(self.last_ms.map(|last_ms| Question::up_to(key, last_ms)));
        }
        questions
    }

    /// Reads the answers.
    pub(crate) fn read(&mut self, answers: &mut Answers, samples: &mut QueueSamples) {
        for (key, queue) in self.queues.iter_mut() {
            let label = printable(key);
            let name = Some(&*label);
            let all = answers.count(&Question::new("ZCARD", &key[..]));
            let due = self.last_ms.map(|last_ms| Question::up_to(key, last_ms));
            let due = due.and_then(|question| answers.count(&question));
            let seen = queue.read(answers, key);
            let reserved = seen.map(|(in_work, _)| in_work);
            let pending = due.zip(reserved);
            let pending = pending.map(|(due, reserved)| due.saturating_sub(reserved));
            let delayed = all.zip(due).map(|(all, due)| all.saturating_sub(due));
            samples.jobs(name, JobState::Pending, pending);
            samples.jobs(name, JobState::Reserved, reserved);
            samples.jobs(name, JobState::Delayed, delayed);
            let age = seen.map(|(_, age)| age);
            samples.wait(&label, age, &queue.oldest, AgeSource::Timestamp);
        }
        self.last_ms = Some(answers.now_ms);
    }
}

impl ArqQueue {
    /// The first jobs with the moments when they are due.
    fn next(&self, key: &[u8]) -> Question {
        let (at_least, at_most) = LOOK_AT;
        let last = (self.in_work * 2 + at_least).min(at_most) - 1;
        Question::new("ZRANGE", key)
            .with("0")
            .with(last.to_string())
            .with("WITHSCORES")
    }

    /// Which of those that the last scrape saw are in work.
    fn marks(&self) -> Option<Question> {
        let mut keys = self.first.as_ref()?.iter().map(|id| mark(id));
        let first = keys.next()?;
        Some(
            keys.fold(Question::new("MGET", first), Question::with)
                .one_of(IN_WORK),
        )
    }

    /// How many jobs are in work, and how long the oldest of the others waits;
    /// `None` if that is not known.
    fn read(&mut self, answers: &mut Answers, key: &[u8]) -> Option<(u64, i64)> {
        let in_work = self.in_work(answers);
        let range = match answers.take(&self.next(key)) {
            Answer::Value(value) => scored(value),
            Answer::Later | Answer::Unknown => return None,
        };
        let now_ms = answers.now_ms;
        let ids = range.iter().map(|(id, _)| id.clone());
        self.first = Some(ids.collect());
        let in_work = in_work?;
        let (busy, others): (Vec<_>, Vec<_>) =
            range.into_iter().partition(|(id, _)| in_work.contains(id));
        self.in_work = busy.len();
        let due = |(_, score): &&(Vec<u8>, f64)| timestamp::millis(score / 1000.0) <= now_ms;
        let age = if let Some((id, score)) = others.first().filter(due) {
            let sight = OldestSight::new(id, timestamp::of(score / 1000.0));
            self.oldest.age(sight, now_ms)?
        } else {
            self.oldest.clear();
            0
        };
        Some((u64::try_from(busy.len()).ok()?, age))
    }

    fn in_work(&self, answers: &mut Answers) -> Option<BTreeSet<Vec<u8>>> {
        let first = self.first.as_ref()?;
        let Some(question) = self.marks() else {
            return Some(BTreeSet::new());
        };
        let Some(Value::Array(marks)) = answers.value(&question) else {
            return None;
        };
        let marked = first.iter().zip(marks);
        let marked = marked.filter(|(_, mark)| *mark != Value::Nil);
        Some(marked.map(|(id, _)| id.clone()).collect())
    }
}

fn mark(id: &[u8]) -> Vec<u8> {
    [IN_WORK.as_bytes(), id].concat()
}
