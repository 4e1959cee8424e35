//! A sorted set, as a queue of one's own or a schedule.

use serde::Deserialize;

use crate::collect::queue::answers::{Answers, from_count};
use crate::collect::queue::figures::{Figures, Source, State};
use crate::collect::queue::found::{Found, Shape};
use crate::collect::queue::lowest;
use crate::collect::queue::oldest::Oldest;
use crate::collect::queue::question::{Question, printable};
use crate::collect::queue::roster::{QUEUES, Roster};
use crate::collect::queue::stamp;
use crate::collect::queue::words::Word;

/// What a score says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Score {
    /// When the job may be taken.
    Due,
    /// When it was queued.
    Added,
}

/// What a score counts in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum Unit {
    /// Seconds since 1970.
    #[default]
    #[serde(rename = "s")]
    Seconds,
    /// Milliseconds since 1970.
    #[serde(rename = "ms")]
    Millis,
}

/// A `[[collector.queue]]` table of `system = "sorted-set"`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SortedSetSettings {
    /// Value of the label `queue`; the key if there is none.
    pub name: Option<Word>,
    /// The set's key.
    pub key: Option<Word>,
    /// A pattern of keys, instead.
    pub pattern: Option<Word>,
    /// What the score says.
    pub score: Score,
    /// What it counts in.
    #[serde(default)]
    pub unit: Unit,
    /// Tells apart applications that share a Redis.
    pub app: Option<Word>,
}

/// Sorted sets of jobs.
#[derive(Debug)]
pub struct SortedSets {
    name: Option<String>,
    by_pattern: Option<String>,
    score: Score,
    unit: Unit,
    /// The moment of the last scrape: what was due then is overdue now.
    last_ms: Option<i64>,
    roster: Roster<Oldest>,
}

impl SortedSets {
    /// Starts without having seen a job.
    pub fn new(settings: SortedSetSettings) -> Self {
        let by_pattern = settings.pattern.map(|word| word.0);
        let roster = match &by_pattern {
            Some(pattern) => {
                let pattern = pattern.clone().into_bytes();
                Roster::found(Found::in_keys(pattern, "zset", Shape::default(), QUEUES))
            }
            None => Roster::named(settings.key.map(|word| word.0)),
        };
        Self {
            name: settings
                .name
                .map(|word| word.0)
                .filter(|_| by_pattern.is_none()),
            by_pattern,
            score: settings.score,
            unit: settings.unit,
            last_ms: None,
            roster,
        }
    }

    /// What the next scrape asks.
    pub fn questions(&self) -> Vec<Question> {
        let mut questions = Vec::from_iter(self.roster.question());
        for (key, _) in self.roster.iter() {
            questions.push(Question::new("ZCARD", &key[..]));
            questions.push(Question::lowest(key));
            questions.extend(self.due(key));
        }
        questions
    }

    fn due(&self, key: &[u8]) -> Option<Question> {
        due(self.last_ms, self.score, self.unit, key)
    }

    /// Reads the answers.
    pub fn read(&mut self, answers: &mut Answers, figures: &mut Figures) {
        let (score, unit, last_ms) = (self.score, self.unit, self.last_ms);
        for (key, oldest) in self.roster.iter_mut() {
            let printed = printable(key);
            let name = self.name.as_deref().unwrap_or(&printed);
            let queue = Some(name);
            let count = answers.count(&Question::new("ZCARD", &key[..]));
            let age = lowest::age(oldest, answers, key, |score| since(score, unit));
            match score {
                Score::Added => figures.jobs(queue, State::Pending, count),
                Score::Due => {
                    let due = due(last_ms, score, unit, key);
                    let due = due.and_then(|question| answers.count(&question));
                    figures.jobs(queue, State::Pending, due);
                    let later = count.zip(due).map(|(all, due)| all.saturating_sub(due));
                    figures.jobs(queue, State::Delayed, later);
                    if let Some(due) = due {
                        figures.add("queue_overdue_jobs", &[("queue", name)], from_count(due));
                    }
                }
            }
            figures.age(queue, State::Pending, age);
            if age.is_some() {
                figures.source(name, oldest.source().unwrap_or(Source::Timestamp));
            }
        }
        self.last_ms = Some(answers.now_ms);
        self.roster.read(answers);
        if let Some(pattern) = &self.by_pattern {
            self.roster.tell_beyond(figures, &[("pattern", pattern)]);
        }
    }
}

/// How many were due when the last scrape was taken.
fn due(last_ms: Option<i64>, score: Score, unit: Unit, key: &[u8]) -> Option<Question> {
    let last_ms = last_ms.filter(|_| score == Score::Due)?;
    let last = match unit {
        Unit::Seconds => last_ms / 1000,
        Unit::Millis => last_ms,
    };
    Some(Question::up_to(key, last))
}

fn since(score: f64, unit: Unit) -> Option<i64> {
    match unit {
        Unit::Seconds => stamp::of(score),
        Unit::Millis => stamp::of(score / 1000.0),
    }
}
