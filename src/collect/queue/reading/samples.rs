//! Gathers the samples of one table of queues, named alike for all systems.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::collect::queue::reading::answers::from_count;
use crate::collect::queue::reading::oldest::{AgeSource, Oldest, to_come};
use crate::collect::queue::system_name::SystemName;
use crate::model::sample::Sample;

/// Of how many workers there are samples, each by its name.
pub(crate) const WORKERS_LISTED: usize = 100;

/// The state of a job.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum JobState {
    /// Waits for a worker.
    #[default]
    Pending,
    /// Is in progress.
    Reserved,
    /// Waits until it is due.
    Delayed,
    /// Failed; may be retried.
    Failed,
    /// Failed for good.
    Dead,
}

impl JobState {
    /// As the label `state` and settings name it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Reserved => "reserved",
            Self::Delayed => "delayed",
            Self::Failed => "failed",
            Self::Dead => "dead",
        }
    }
}

/// The samples of a scrape, and what is to be said to operators.
#[derive(Debug)]
pub(crate) struct QueueSamples {
    system: SystemName,
    app: Option<String>,
    now_ms: i64,
    /// The samples so far.
    pub(crate) samples: Vec<Sample>,
    /// What is wrong, in words that stand alone.
    pub(crate) faults: BTreeSet<String>,
}

impl QueueSamples {
    /// Starts without a sample; `app` tells apart applications that share a
    /// Redis, `now_ms` is the moment of the scrape.
    pub(crate) fn new(system: SystemName, app: Option<String>, now_ms: i64) -> Self {
        Self {
            system,
            app,
            now_ms,
            samples: Vec::new(),
            faults: BTreeSet::new(),
        }
    }

    /// Adds a sample with the system's label and those given.
    pub(crate) fn add(&mut self, name: &str, labels: &[(&str, &str)], value: f64) {
        let mut sample = Sample::new(name, [("system", self.system.word())], value);
        let own = self.app.as_deref().map(|app| ("app", app));
        for (name, value) in labels.iter().copied().chain(own) {
            sample
                .metric
                .labels
                .insert(name.to_owned(), value.to_owned());
        }
        self.samples.push(sample);
    }

    /// Adds a count under a name and labels of `redis_exporter`, with none of ours.
    pub(crate) fn plain(&mut self, name: &str, labels: &[(&str, &str)], value: f64) {
        let mut sample = Sample::new(name, [], value);
        for (name, value) in labels {
            let labels = &mut sample.metric.labels;
            labels.insert((*name).to_owned(), (*value).to_owned());
        }
        self.samples.push(sample);
    }

    /// Adds a number of jobs; without a queue, of the system as a whole.
    pub(crate) fn jobs(&mut self, queue: Option<&str>, state: JobState, count: Option<u64>) {
        if let Some(count) = count {
            let mut labels = vec![("state", state.word())];
            labels.extend(queue.map(|queue| ("queue", queue)));
            self.add("queue_jobs", &labels, from_count(count));
        }
    }

    /// Adds the age of the oldest job in that state, in milliseconds, and tells
    /// operators if such jobs are `ahead`: carry times that are still to come.
    pub(crate) fn age(
        &mut self,
        queue: Option<&str>,
        state: JobState,
        age_ms: Option<i64>,
        ahead: bool,
    ) {
        if ahead {
            self.ahead(queue, state);
        }
        if let Some(age_ms) = age_ms {
            let mut labels = vec![("state", state.word())];
            labels.extend(queue.map(|queue| ("queue", queue)));
            self.add("queue_oldest_job_age_seconds", &labels, seconds(age_ms));
        }
    }

    /// Adds the age of the oldest waiting job of a queue, and what it was
    /// measured by; `usual` is what it would be by if there were any job.
    pub(crate) fn wait(
        &mut self,
        queue: &str,
        age_ms: Option<i64>,
        oldest: &Oldest,
        usual: AgeSource,
    ) {
        let ahead = oldest.is_ahead(self.now_ms);
        self.age(Some(queue), JobState::Pending, age_ms, ahead);
        if age_ms.is_some() {
            self.source(queue, oldest.source().unwrap_or(usual));
        }
    }

    /// Adds the age of the oldest job in that state, and of a waiting one also what
    /// the age was measured by; `usual` as for [`QueueSamples::wait`].
    pub(crate) fn oldest(
        &mut self,
        queue: &str,
        state: JobState,
        age_ms: Option<i64>,
        (oldest, usual): (&Oldest, AgeSource),
    ) {
        if state == JobState::Pending {
            self.wait(queue, age_ms, oldest, usual);
        } else {
            let ahead = oldest.is_ahead(self.now_ms);
            self.age(Some(queue), state, age_ms, ahead);
        }
    }

    /// Says what the age of the oldest waiting job was measured by.
    pub(crate) fn source(&mut self, queue: &str, source: AgeSource) {
        let word = match source {
            AgeSource::Timestamp => "timestamp",
            AgeSource::Identity => "identity",
        };
        let labels = [("queue", queue), ("source", word)];
        self.add("queue_age_source_info", &labels, 1.0);
    }

    fn ahead(&mut self, queue: Option<&str>, state: JobState) {
        let jobs = match queue {
            Some(queue) => format!("{} jobs of the queue {queue}", state.word()),
            None => format!("{} jobs", state.word()),
        };
        let way_out = match (self.system, state) {
            (SystemName::Laravel | SystemName::Horizon, JobState::Reserved) => {
                "set `retry_after` to the value of the application, or correct its clock"
            }
            _ => "correct the clocks of the machines that queue and process them",
        };
        self.faults.insert(format!(
            "{jobs} have times in the future, so their age is counted from when they \
            were first seen; {way_out}"
        ));
    }

    /// Says whether workers are told to take nothing from a queue.
    pub(crate) fn paused(&mut self, queue: &str, paused: Option<bool>) {
        let value = paused.map(u64::from);
        self.count("queue_paused", &[("queue", queue)], value);
    }

    /// Adds a count, if it is known.
    pub(crate) fn count(&mut self, name: &str, labels: &[(&str, &str)], count: Option<u64>) {
        if let Some(count) = count {
            self.add(name, labels, from_count(count));
        }
    }

    /// Adds how long ago each worker was last heard of, in milliseconds.
    pub(crate) fn heartbeats(&mut self, ages: impl IntoIterator<Item = (String, i64)>) {
        for (worker, age_ms) in ages.into_iter().take(WORKERS_LISTED) {
            if to_come(age_ms) {
                self.faults.insert(format!(
                    "the worker {worker} has a heartbeat in the future; correct its clock"
                ));
            }
            let labels = [("worker", &*worker)];
            let age = seconds(age_ms.max(0));
            self.add("queue_worker_heartbeat_age_seconds", &labels, age);
        }
    }

    /// Adds the number of workers that live; without a queue, of the system as a whole.
    pub(crate) fn workers(&mut self, queue: Option<&str>, living: u64) {
        let labels: Vec<_> = queue.map(|queue| ("queue", queue)).into_iter().collect();
        self.count("queue_workers", &labels, Some(living));
    }
}

/// Milliseconds in seconds.
#[expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "ages stay far below 2^53 ms"
)]
pub(crate) fn seconds(millis: i64) -> f64 {
    millis as f64 / 1000.0
}
