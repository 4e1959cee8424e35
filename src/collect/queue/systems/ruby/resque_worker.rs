//! Resque's workers: which of them live, and what they have in hand.

use std::collections::BTreeMap;

use redis::Value;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::collect::queue::reading::answers::{Answer, Answers, bytes};
use crate::collect::queue::reading::discovery::Discovery;
use crate::collect::queue::reading::oldest::{Oldest, OldestSight};
use crate::collect::queue::reading::question::{Question, printable};
use crate::collect::queue::reading::samples::{JobState, QueueSamples};
use crate::collect::queue::reading::timestamp;
use crate::collect::queue::reading::tracked::Tracked;

/// Resque itself takes a worker for dead that it has not heard of for longer,
/// in milliseconds.
const DEAD_MS: i64 = 5 * 60_000;

/// All workers that are listed.
#[derive(Debug)]
pub(crate) struct ResqueWorkers {
    prefix: String,
    tracked: Tracked<ResqueWorker>,
}

/// What is remembered of a worker.
#[derive(Debug, Default)]
struct ResqueWorker {
    /// When it was heard of last: node-resque drops the mark for moments.
    heard_ms: Option<i64>,
    /// The queue of the job in its hands.
    queue: Option<String>,
    /// That job.
    job: Oldest,
}

/// When a worker was heard of.
enum LastHeard {
    /// In milliseconds since 1970.
    At(i64),
    /// It sends no signs of life.
    Never,
    /// Nobody could ask.
    Unknown,
}

/// What a worker's value says; the job itself is skipped.
#[derive(Deserialize)]
struct InHand<'j> {
    queue: String,
    #[serde(borrow)]
    run_at: Option<&'j RawValue>,
}

/// The jobs of a queue that are in hand.
#[derive(Debug, Default)]
struct Reserved {
    number: u64,
    age_ms: i64,
    ahead: bool,
}

impl ResqueWorkers {
    /// Starts without knowing one; `discovery` looks through their set.
    pub(crate) fn new(prefix: &str, discovery: Discovery) -> Self {
        Self {
            prefix: prefix.to_owned(),
            tracked: Tracked::discovered(discovery),
        }
    }

    /// What the next scrape asks.
    pub(crate) fn questions(&self) -> Vec<Question> {
        let mut questions = Vec::from_iter(self.tracked.question());
        for (id, _) in self.tracked.iter() {
            questions.push(in_hand(&self.prefix, id));
            questions.extend(signs(&self.prefix, id));
        }
        questions
    }

    /// Tells who lives and what is in hand, of the queues given.
    pub(crate) fn add_samples(
        &mut self,
        answers: &mut Answers,
        samples: &mut QueueSamples,
        queues: Vec<String>,
    ) {
        self.add_living(answers, samples);
        self.add_reserved(answers, samples, queues);
    }

    /// Reads which workers there are.
    pub(crate) fn read(&mut self, answers: &mut Answers) {
        self.tracked.read(answers);
    }

    /// Only living workers clean the set, so one that was killed stays in it.
    fn add_living(&mut self, answers: &mut Answers, samples: &mut QueueSamples) {
        let mut living = self.tracked.is_whole().then_some(0);
        let mut ages = Vec::new();
        for (id, worker) in self.tracked.iter_mut() {
            let never = match heard_of(answers, signs(&self.prefix, id)) {
                LastHeard::At(ms) => {
                    worker.heard_ms = worker.heard_ms.max(Some(ms));
                    false
                }
                LastHeard::Never => worker.heard_ms.is_none(),
                LastHeard::Unknown => false,
            };
            let age_ms = worker.heard_ms.map(|ms| answers.now_ms - ms);
            ages.extend(age_ms.map(|age_ms| (printable(id), age_ms)));
            if never {
                samples.faults.insert(format!(
                    "the worker {} sends no heartbeats, so it is not known how many workers live; \
                    use Resque 1.27 or newer, or unregister it if it is gone",
                    printable(id)
                ));
            }
            living = living
                .zip(age_ms)
                .map(|(living, age_ms)| living + u64::from(age_ms < DEAD_MS));
        }
        samples.heartbeats(ages);
        if let Some(living) = living {
            samples.workers(None, living);
        }
        self.tracked.report_uncounted(samples);
    }

    fn add_reserved(
        &mut self,
        answers: &mut Answers,
        samples: &mut QueueSamples,
        queues: Vec<String>,
    ) {
        let mut is_complete = self.tracked.is_whole();
        let of = queues.into_iter().map(|name| (name, Reserved::default()));
        let mut reserved: BTreeMap<String, Reserved> = of.collect();
        for (id, worker) in self.tracked.iter_mut() {
            let answer = answers.take(&in_hand(&self.prefix, id));
            let Some(age_ms) = worker.observe(answer, answers.now_ms) else {
                is_complete = false;
                continue;
            };
            let queue = worker.queue.as_ref();
            if let Some(of) = queue.and_then(|queue| reserved.get_mut(queue)) {
                of.number += 1;
                of.age_ms = of.age_ms.max(age_ms);
                of.ahead |= worker.job.is_ahead(answers.now_ms);
            }
        }
        for (queue, of) in reserved.iter().filter(|_| is_complete) {
            let queue = Some(&**queue);
            samples.jobs(queue, JobState::Reserved, Some(of.number));
            samples.age(queue, JobState::Reserved, Some(of.age_ms), of.ahead);
        }
    }
}

impl ResqueWorker {
    /// Looks at what it has in hand; says for how long, 0 if there is nothing,
    /// and `None` if that is not known.
    fn observe(&mut self, answer: Answer, now_ms: i64) -> Option<i64> {
        let sight = match answer {
            Answer::Value(value) => {
                let json = bytes(value).unwrap_or_default();
                let Ok(found) = serde_json::from_slice::<InHand<'_>>(&json) else {
                    self.queue = None;
                    self.job.clear();
                    return Some(0);
                };
                let since = timestamp::of_json(found.run_at);
                self.queue = Some(found.queue);
                OldestSight::new(&json, since)
            }
            Answer::Later => OldestSight::Later,
            Answer::Unknown => return None,
        };
        self.job.age(sight, now_ms)
    }
}

fn in_hand(prefix: &str, id: &[u8]) -> Question {
    let family = format!("{prefix}worker:").into_bytes();
    Question::new("GET", [&family[..], id].concat()).one_of(family)
}

/// Where Resque and node-resque note that they heard of a worker. The second
/// knows it by host and process, without the queues behind the last colon.
fn signs(prefix: &str, id: &[u8]) -> [Question; 2] {
    let name = id.rsplitn(2, |byte| *byte == b':').nth(1).unwrap_or(id);
    let ping = format!("{prefix}worker:ping:").into_bytes();
    [
        Question::new("HGET", format!("{prefix}workers:heartbeat")).with(id),
        Question::new("GET", [&ping[..], name].concat()).one_of(ping),
    ]
}

fn heard_of(answers: &mut Answers, signs: [Question; 2]) -> LastHeard {
    let [Some(beat), Some(ping)] = signs.map(|sign| answers.value(&sign)) else {
        return LastHeard::Unknown;
    };
    let text = |value: Value| bytes(value).unwrap_or_default();
    let beat = timestamp::read_bytes(&text(beat));
    let ping = timestamp::of_field(&text(ping), "time");
    beat.max(ping).map_or(LastHeard::Never, LastHeard::At)
}
