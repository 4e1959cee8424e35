//! Queues of Laravel: lists of jobs, with sorted sets beside them.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::collect::queue::reading::answers::{Answers, from_count};
use crate::collect::queue::reading::discovery::Shape;
use crate::collect::queue::reading::head::{ListEnd, ListState};
use crate::collect::queue::reading::lowest;
use crate::collect::queue::reading::names::{NonEmptyText, QueueNames};
use crate::collect::queue::reading::oldest::{AgeSource, Oldest};
use crate::collect::queue::reading::question::{Question, printable};
use crate::collect::queue::reading::samples::{JobState, QueueSamples};
use crate::collect::queue::reading::timestamp;
use crate::collect::queue::reading::tracked::Tracked;
use crate::model::text::shape::DurationText;
use crate::model::time::duration;

/// A `[[collector.queue]]` table of `system = "laravel"`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LaravelSettings {
    /// A queue; in a cluster with braces: `{default}`.
    pub(crate) name: Option<NonEmptyText>,
    /// Several queues.
    #[serde(default)]
    pub(crate) names: QueueNames,
    /// A pattern of names, instead.
    pub(crate) pattern: Option<NonEmptyText>,
    /// Laravel's prefix of all keys, as in `shop_database_`.
    #[serde(default)]
    pub(crate) prefix: String,
    /// `retry_after` of the connection: when a reserved job is released.
    #[serde(
        default = "default_retry_after",
        deserialize_with = "duration::deserialize"
    )]
    #[schemars(with = "DurationText")]
    pub(crate) retry_after: Duration,
    /// Distinguishes applications that share a Redis.
    pub(crate) app: Option<NonEmptyText>,
}

/// Laravel's own default.
pub(crate) fn default_retry_after() -> Duration {
    Duration::from_secs(90)
}

/// Queues that Laravel's workers take from.
#[derive(Debug)]
pub(crate) struct Laravel {
    /// What stands before a queue's name.
    before: Vec<u8>,
    retry_after: Duration,
    /// The moment of the last scrape: what was due then is overdue now.
    last_ms: Option<i64>,
    tracked: Tracked<LaravelQueue>,
}

/// What is remembered of a queue.
#[derive(Debug, Default)]
struct LaravelQueue {
    pending: ListState,
    reserved: Oldest,
}

/// What a job says of its times.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct JobTimes<'j> {
    #[serde(borrow)]
    created_at: Option<&'j RawValue>,
    #[serde(borrow)]
    pushed_at: Option<&'j RawValue>,
    #[serde(borrow)]
    delay: Option<&'j RawValue>,
    #[serde(borrow)]
    attempts: Option<&'j RawValue>,
}

impl Laravel {
    /// Starts without having seen a job.
    pub(crate) fn new(settings: LaravelSettings) -> Self {
        let before = format!("{}queues:", settings.prefix).into_bytes();
        let shape = Shape {
            before: before.clone(),
            never: &[":reserved", ":delayed", ":notify"],
            ..Shape::default()
        };
        let tracked = Tracked::matching_or_named(
            settings.pattern.map(|word| word.0),
            settings.names.and(settings.name),
            "list",
            shape,
        );
        Self {
            before,
            retry_after: settings.retry_after,
            last_ms: None,
            tracked,
        }
    }

    /// What the next scrape asks.
    pub(crate) fn questions(&self) -> Vec<Question> {
        let mut questions = Vec::from_iter(self.tracked.question());
        for (name, _) in self.tracked.iter() {
            let keys = LaravelKeys::new(&self.before, name);
            questions.extend(ListState::questions(&keys.pending, ListEnd::Left));
            questions.push(Question::new("ZCARD", &keys.reserved[..]));
            questions.push(Question::lowest(&keys.reserved));
            questions.push(Question::new("ZCARD", &keys.delayed[..]));
            questions.extend(keys.overdue(self.last_ms));
        }
        questions
    }

    /// Reads the answers.
    pub(crate) fn read(&mut self, answers: &mut Answers, samples: &mut QueueSamples) {
        let retry_after = self.retry_after.as_secs_f64();
        for (name, queue) in self.tracked.iter_mut() {
            let keys = LaravelKeys::new(&self.before, name);
            let label = label(name);
            let name = Some(&*label);
            let (length, age) = queue
                .pending
                .read(answers, &keys.pending, ListEnd::Left, since);
            samples.jobs(name, JobState::Pending, length);
            samples.wait(&label, age, &queue.pending.oldest, AgeSource::Timestamp);
            let mut count = |key: &[u8]| answers.count(&Question::new("ZCARD", key));
            samples.jobs(name, JobState::Reserved, count(&keys.reserved));
            samples.jobs(name, JobState::Delayed, count(&keys.delayed));
            // The score is when the job is given back if it is not done by then.
            let age = lowest::age(&mut queue.reserved, answers, &keys.reserved, |score| {
                timestamp::of(score - retry_after)
            });
            let ahead = queue.reserved.is_ahead(answers.now_ms);
            samples.age(name, JobState::Reserved, age, ahead);
            if let Some(count) = keys
                .overdue(self.last_ms)
                .and_then(|question| answers.count(&question))
            {
                let labels = [("queue", &*label)];
                samples.add("queue_overdue_jobs", &labels, from_count(count));
            }
        }
        self.last_ms = Some(answers.now_ms);
        self.tracked.read(answers);
        self.tracked.report_beyond_limit(samples);
    }

    /// The queues, by the names that Laravel has for them.
    pub(crate) fn names(&self) -> impl Iterator<Item = &Vec<u8>> {
        self.tracked.iter().map(|(name, _)| name)
    }
}

/// The name without the braces that a cluster needs.
pub(crate) fn label(name: &[u8]) -> String {
    let bare = name
        .strip_prefix(b"{")
        .and_then(|name| name.strip_suffix(b"}"));
    printable(bare.unwrap_or(name))
}

/// The keys of one queue.
struct LaravelKeys {
    pending: Vec<u8>,
    reserved: Vec<u8>,
    delayed: Vec<u8>,
}

impl LaravelKeys {
    fn new(before: &[u8], name: &[u8]) -> Self {
        let pending = [before, name].concat();
        Self {
            reserved: [&pending[..], b":reserved"].concat(),
            delayed: [&pending[..], b":delayed"].concat(),
            pending,
        }
    }

    fn overdue(&self, last_ms: Option<i64>) -> Option<Question> {
        last_ms.map(|last_ms| Question::up_to(&self.delayed, last_ms / 1000))
    }
}

/// Since when a job waits: since it was pushed, or since its delay was over.
///
/// One that was tried before says nothing of its present wait.
fn since(job: &[u8]) -> Option<i64> {
    let times: JobTimes<'_> = serde_json::from_slice(job).ok()?;
    let number = |raw: Option<&RawValue>| raw?.get().trim_matches('"').parse::<f64>().ok();
    if number(times.attempts).is_some_and(|attempts| attempts > 0.0) {
        return None;
    }
    let created =
        timestamp::of_json(times.pushed_at).or_else(|| timestamp::of_json(times.created_at))?;
    let delay = number(times.delay).filter(|delay| (0.0..1e9).contains(delay));
    Some(created + timestamp::millis(delay.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_waits_since_it_was_pushed_or_its_delay_was_over_but_a_retry_says_nothing() {
        for (job, moment) in [
            (
                r#"{"id":"a","createdAt":1700000000}"#,
                Some(1_700_000_000_000),
            ),
            (
                r#"{"createdAt":1699999000,"pushedAt":"1700000000.5"}"#,
                Some(1_700_000_000_500),
            ),
            (
                r#"{"createdAt":1700000000,"delay":30,"attempts":0}"#,
                Some(1_700_000_030_000),
            ),
            (
                r#"{"createdAt":1700000000,"delay":null}"#,
                Some(1_700_000_000_000),
            ),
            (r#"{"createdAt":1700000000,"attempts":1}"#, None),
            (r#"{"createdAt":1700000000,"createdAt":1700000000}"#, None),
            (r#"{"id":"a"}"#, None),
            ("igbinary\x00\x01", None),
        ] {
            assert_eq!(since(job.as_bytes()), moment, "{job}");
        }
    }
}
