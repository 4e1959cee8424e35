//! A sorted set, as a queue of one's own or a schedule.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::collect::queue::reading::answers::Answers;
use crate::collect::queue::reading::lowest;
use crate::collect::queue::reading::names::NonEmptyText;
use crate::collect::queue::reading::oldest::{AgeSource, Oldest};
use crate::collect::queue::reading::question::Question;
use crate::collect::queue::reading::samples::{JobState, QueueSamples};
use crate::collect::queue::reading::timestamp;
use crate::collect::queue::systems::data_types::keyed::KeyedQueues;

/// The meaning of a score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Score {
    /// The time at which the job is due.
    Due,
    /// The time of queueing.
    Added,
}

/// The unit of a score.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
pub(crate) enum ScoreUnit {
    /// Seconds since 1970.
    #[default]
    #[serde(rename = "s")]
    Seconds,
    /// Milliseconds since 1970.
    #[serde(rename = "ms")]
    Millis,
}

/// A `[[collector.queue]]` table of `system = "sorted-set"`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SortedSetSettings {
    /// Value of the label `queue`; by default the key.
    pub(crate) name: Option<NonEmptyText>,
    /// The set's key.
    pub(crate) key: Option<NonEmptyText>,
    /// A pattern of keys, instead.
    pub(crate) pattern: Option<NonEmptyText>,
    /// The meaning of the score.
    pub(crate) score: Score,
    /// The unit of the score.
    #[serde(default)]
    pub(crate) unit: ScoreUnit,
    /// The state of the jobs in it.
    #[serde(default)]
    pub(crate) state: JobState,
    /// Distinguishes applications that share a Redis.
    pub(crate) app: Option<NonEmptyText>,
}

/// Sorted sets of jobs.
#[derive(Debug)]
pub(crate) struct SortedSets {
    scores: Scores,
    queues: KeyedQueues<Oldest>,
}

/// What the scores and jobs of all sets of a table mean.
#[derive(Debug)]
struct Scores {
    score: Score,
    unit: ScoreUnit,
    state: JobState,
    /// The moment of the last scrape: what was due then is overdue now.
    last_ms: Option<i64>,
}

impl SortedSets {
    /// Starts without having seen a job.
    pub(crate) fn new(settings: SortedSetSettings) -> Self {
        Self {
            scores: Scores {
                score: settings.score,
                unit: settings.unit,
                state: settings.state,
                last_ms: None,
            },
            queues: KeyedQueues::new(settings.name, settings.key, settings.pattern, "zset"),
        }
    }

    /// What the next scrape asks.
    pub(crate) fn questions(&self) -> Vec<Question> {
        let mut questions = Vec::from_iter(self.queues.question());
        for (key, _) in self.queues.iter() {
            questions.extend(self.scores.questions(key));
        }
        questions
    }

    /// Reads the answers.
    pub(crate) fn read(&mut self, answers: &mut Answers, samples: &mut QueueSamples) {
        for (key, label, oldest) in self.queues.iter_mut() {
            if self.scores.is_schedule() {
                self.scores.add_schedule(answers, samples, (key, &label));
            } else {
                let scores = &self.scores;
                scores.add_jobs(answers, samples, (key, &label), oldest);
            }
        }
        self.scores.last_ms = Some(answers.now_ms);
        self.queues.read(answers, samples);
    }
}

impl Scores {
    fn questions(&self, key: &[u8]) -> Vec<Question> {
        let mut questions = Vec::new();
        if self.is_schedule() {
            questions.push(scheduled(key));
            questions.extend(self.last().map(|last| overdue(key, last)));
        } else {
            questions.push(Question::new("ZCARD", key));
            questions.push(Question::lowest(key));
            questions.extend(self.due(key));
        }
        questions
    }

    /// Whether others move its jobs to a queue once their time has come.
    fn is_schedule(&self) -> bool {
        self.score == Score::Due && self.state == JobState::Delayed
    }

    /// The moment of the last scrape, in the unit of the scores.
    fn last(&self) -> Option<i64> {
        let last_ms = self.last_ms?;
        Some(match self.unit {
            ScoreUnit::Seconds => last_ms / 1000,
            ScoreUnit::Millis => last_ms,
        })
    }

    /// How many jobs were due at that moment.
    fn due(&self, key: &[u8]) -> Option<Question> {
        let last = self.last().filter(|_| self.score == Score::Due)?;
        Some(Question::up_to(key, last))
    }

    fn add_schedule(
        &self,
        answers: &mut Answers,
        samples: &mut QueueSamples,
        (key, name): (&[u8], &str),
    ) {
        let delayed = answers.count(&scheduled(key));
        samples.jobs(Some(name), JobState::Delayed, delayed);
        let overdue = self.last().map(|last| overdue(key, last));
        let overdue = overdue.and_then(|question| answers.count(&question));
        samples.count("queue_overdue_jobs", &[("queue", name)], overdue);
    }

    fn add_jobs(
        &self,
        answers: &mut Answers,
        samples: &mut QueueSamples,
        (key, name): (&[u8], &str),
        oldest: &mut Oldest,
    ) {
        let queue = Some(name);
        let count = answers.count(&Question::new("ZCARD", key));
        let now_ms = answers.now_ms;
        let mut wrong_unit = false;
        let age = lowest::age(oldest, answers, key, |score| {
            wrong_unit = self.unit == ScoreUnit::Seconds && timestamp::is_millis(score);
            let since = since(score, self.unit);
            match self.score {
                Score::Added => since,
                // One whose time is still to come does not wait yet.
                Score::Due => since.map(|due| due.min(now_ms)),
            }
        });
        if wrong_unit && self.score == Score::Due {
            let fault = format!("the scores of {name} count milliseconds; write unit = \"ms\"");
            samples.faults.insert(fault);
        }
        if self.score == Score::Due {
            let due = self.due(key).and_then(|question| answers.count(&question));
            samples.jobs(queue, JobState::Pending, due);
            let later = count.zip(due).map(|(all, due)| all.saturating_sub(due));
            samples.jobs(queue, JobState::Delayed, later);
            samples.count("queue_overdue_jobs", &[("queue", name)], due);
        } else {
            samples.jobs(queue, self.state, count);
        }
        samples.oldest(name, self.state, age, (oldest, AgeSource::Timestamp));
    }
}

/// Jobs that have a time: what waits already may stand beside them with none.
fn scheduled(key: &[u8]) -> Question {
    Question::new("ZCOUNT", key).with("(0").with("+inf")
}

/// Those of them whose time had come.
fn overdue(key: &[u8], last: i64) -> Question {
    Question::new("ZCOUNT", key)
        .with("(0")
        .with(last.to_string())
}

fn since(score: f64, unit: ScoreUnit) -> Option<i64> {
    match unit {
        ScoreUnit::Seconds => timestamp::of(score),
        ScoreUnit::Millis => timestamp::of(score / 1000.0),
    }
}
