//! Laravel Horizon: its queues, masters, supervisors and failed jobs.

use std::collections::BTreeMap;
use std::time::Duration;

use redis::Value;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::collect::queue::reading::answers::{Answers, Record, count, from_count, scored};
use crate::collect::queue::reading::names::{NonEmptyText, QueueNames};
use crate::collect::queue::reading::question::{Question, printable};
use crate::collect::queue::reading::samples::{JobState, QueueSamples};
use crate::collect::queue::reading::timestamp;
use crate::collect::queue::systems::php::laravel::{
    Laravel, LaravelSettings, default_retry_after, label,
};
use crate::model::text::shape::DurationText;
use crate::model::time::duration;

/// A `[[collector.queue]]` table of `system = "horizon"`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HorizonSettings {
    /// A queue.
    pub(crate) name: Option<NonEmptyText>,
    /// Several queues.
    #[serde(default)]
    pub(crate) names: QueueNames,
    /// A pattern of names, instead.
    pub(crate) pattern: Option<NonEmptyText>,
    /// Laravel's prefix of all keys of the queues.
    #[serde(default)]
    pub(crate) prefix: String,
    /// The prefix of Horizon's own keys, as in `shop_horizon:`.
    pub(crate) horizon_prefix: NonEmptyText,
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

/// A master without a heartbeat for longer is gone, in milliseconds.
const MASTER_MS: i64 = 14_000;

/// A supervisor likewise.
const SUPERVISOR_MS: i64 = 29_000;

/// How many masters or supervisors are looked at, the liveliest first.
const LOOK_AT: usize = 500;

/// An hour, in milliseconds.
const HOUR_MS: i64 = 3_600_000;

/// Horizon, and the queues that it works off.
#[derive(Debug)]
pub(crate) struct Horizon {
    laravel: Laravel,
    prefix: Vec<u8>,
    /// Masters and supervisors that the last scrape found alive.
    masters: Vec<Vec<u8>>,
    supervisors: Vec<Vec<u8>>,
    last_ms: Option<i64>,
}

impl Horizon {
    /// Starts without having seen a job.
    pub(crate) fn new(settings: HorizonSettings) -> Self {
        Self {
            laravel: Laravel::new(LaravelSettings {
                name: settings.name,
                names: settings.names,
                pattern: settings.pattern,
                prefix: settings.prefix,
                retry_after: settings.retry_after,
                app: None,
            }),
            prefix: settings.horizon_prefix.0.into_bytes(),
            masters: Vec::new(),
            supervisors: Vec::new(),
            last_ms: None,
        }
    }

    /// What the next scrape asks.
    pub(crate) fn questions(&self) -> Vec<Question> {
        let mut questions = self.laravel.questions();
        questions.extend([
            self.living("masters"),
            self.living("supervisors"),
            self.card("failed_jobs"),
            self.card("recent_jobs"),
            self.card("recent_failed_jobs"),
        ]);
        questions.extend(self.failed_within_an_hour());
        questions.extend(self.masters.iter().map(|name| self.status(name)));
        questions.extend(self.supervisors.iter().map(|name| self.processes(name)));
        questions.extend(self.laravel.names().map(|name| self.throughput(name)));
        questions
    }

    fn key(&self, name: &str) -> Vec<u8> {
        [&self.prefix[..], name.as_bytes()].concat()
    }

    /// The scores are when each was last heard of.
    fn living(&self, name: &str) -> Question {
        Question::new("ZRANGE", self.key(name))
            .with(format!("-{LOOK_AT}"))
            .with("-1")
            .with("WITHSCORES")
    }

    fn card(&self, name: &str) -> Question {
        Question::new("ZCARD", self.key(name))
    }

    /// Scores of jobs are negative, so that the newest come first.
    fn failed_within_an_hour(&self) -> Option<Question> {
        let from_ms = self.last_ms? - HOUR_MS;
        Some(Question::up_to(&self.key("failed_jobs"), -(from_ms / 1000)))
    }

    fn status(&self, master: &[u8]) -> Question {
        let family = self.key("master:");
        Question::fields([&family[..], master].concat(), &["status"]).one_of(family)
    }

    fn processes(&self, supervisor: &[u8]) -> Question {
        let family = self.key("supervisor:");
        Question::fields([&family[..], supervisor].concat(), &["processes"]).one_of(family)
    }

    fn throughput(&self, queue: &[u8]) -> Question {
        Question::new("HGET", [&self.key("queue:")[..], queue].concat()).with("throughput")
    }

    /// Reads the answers.
    pub(crate) fn read(&mut self, answers: &mut Answers, samples: &mut QueueSamples) {
        self.add_masters(answers, samples);
        self.add_supervisors(answers, samples);
        let failed = answers.count(&self.card("failed_jobs"));
        samples.jobs(None, JobState::Failed, failed);
        for (name, question) in [
            ("horizon_recent_jobs", Some(self.card("recent_jobs"))),
            (
                "horizon_failed_recent_jobs",
                Some(self.card("recent_failed_jobs")),
            ),
            ("horizon_failed_jobs_per_hour", self.failed_within_an_hour()),
        ] {
            let count = question.and_then(|question| answers.count(&question));
            samples.count(name, &[], count);
        }
        for name in self.laravel.names() {
            // Horizon's own summary empties this count now and then: a reset.
            let done = match answers.value(&self.throughput(name)) {
                Some(Value::Nil) => Some(0),
                Some(value) => count(&value),
                None => None,
            };
            samples.count("queue_completed_total", &[("queue", &label(name))], done);
        }
        self.last_ms = Some(answers.now_ms);
        self.laravel.read(answers, samples);
    }

    fn add_masters(&mut self, answers: &mut Answers, samples: &mut QueueSamples) {
        let Some(found) = answers.value(&self.living("masters")) else {
            return;
        };
        let living = living(scored(found), answers.now_ms, MASTER_MS);
        let number = u64::try_from(living.len()).ok();
        samples.count("horizon_master_supervisors", &[], number);
        let heartbeats = living
            .iter()
            .map(|(name, age_ms)| (printable(name), *age_ms));
        samples.heartbeats(heartbeats);
        let statuses: Vec<_> = self
            .masters
            .iter()
            .filter_map(|name| answers.record(&self.status(name)).found())
            .map(|fields| fields.into_iter().next().flatten())
            .collect();
        let is_paused = |status: &Option<Vec<u8>>| status.as_deref() == Some(b"paused");
        if living.is_empty() {
            samples.add("horizon_status", &[], -1.0);
            self.add_paused(samples, false);
        } else if !statuses.is_empty() {
            let paused = statuses.iter().any(is_paused);
            samples.add("horizon_status", &[], if paused { 0.0 } else { 1.0 });
            self.add_paused(samples, statuses.iter().all(is_paused));
        }
        self.masters = living.into_iter().map(|(name, _)| name).collect();
    }

    fn add_paused(&self, samples: &mut QueueSamples, paused: bool) {
        for name in self.laravel.names() {
            samples.paused(&label(name), Some(paused));
        }
    }

    fn add_supervisors(&mut self, answers: &mut Answers, samples: &mut QueueSamples) {
        let Some(found) = answers.value(&self.living("supervisors")) else {
            return;
        };
        let looked_at = scored(found);
        let all = looked_at.len() < LOOK_AT;
        let living = living(looked_at, answers.now_ms, SUPERVISOR_MS);
        let mut processes: BTreeMap<String, u64> = BTreeMap::new();
        // What one of them leaves unsaid is missing in every sum.
        let mut known = all
            && living
                .iter()
                .all(|(name, _)| self.supervisors.contains(name));
        for name in &self.supervisors {
            match answers.record(&self.processes(name)) {
                Record::Found(fields) => {
                    let json = fields.into_iter().next().flatten().unwrap_or_default();
                    for (queue, number) in of_queues(&json) {
                        let sum = processes.entry(queue).or_default();
                        *sum = sum.saturating_add(number);
                    }
                }
                Record::Gone => {}
                Record::Unknown => known = false,
            }
        }
        if known {
            let sum = |sum: u64, number: &u64| sum.saturating_add(*number);
            samples.workers(None, processes.values().fold(0, sum));
            for (queue, number) in &processes {
                let labels = [("queue", &**queue)];
                let number = from_count(*number);
                samples.add("horizon_current_processes", &labels, number);
            }
        }
        self.supervisors = living.into_iter().map(|(name, _)| name).collect();
    }
}

/// Those heard of within the time, and how long ago, in milliseconds.
fn living(found: Vec<(Vec<u8>, f64)>, now_ms: i64, within_ms: i64) -> Vec<(Vec<u8>, i64)> {
    let aged = found
        .into_iter()
        .map(|(name, heartbeat)| (name, now_ms.saturating_sub(timestamp::millis(heartbeat))));
    aged.filter(|(_, age_ms)| *age_ms < within_ms).collect()
}

/// Workers of a supervisor by queue, from `{"redis:default":3}`.
fn of_queues(json: &[u8]) -> Vec<(String, u64)> {
    let of: BTreeMap<String, u64> = serde_json::from_slice(json).unwrap_or_default();
    of.into_iter()
        .map(|(name, number)| {
            let queue = name.split_once(':').map(|(_, queue)| queue.to_owned());
            (queue.unwrap_or(name), number)
        })
        .collect()
}
