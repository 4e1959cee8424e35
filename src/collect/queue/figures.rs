//! Gathers the samples of one table of queues, named alike for all systems.

use std::collections::BTreeSet;

use crate::collect::queue::answers::from_count;
use crate::model::sample::Sample;

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Waits for a worker.
    Pending,
    /// Is in a worker's hands.
    Reserved,
    /// Waits for its time.
    Delayed,
    /// Failed; it may be tried again.
    Failed,
    /// Was given up.
    Dead,
}

impl State {
    fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Reserved => "reserved",
            Self::Delayed => "delayed",
            Self::Failed => "failed",
            Self::Dead => "dead",
        }
    }
}

/// What an age was measured by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The time that the job carries.
    Timestamp,
    /// The first time that we saw it in its place: it waits at least that long.
    Identity,
}

impl Source {
    fn word(self) -> &'static str {
        match self {
            Self::Timestamp => "timestamp",
            Self::Identity => "identity",
        }
    }
}

/// The samples of a scrape, and what is to be said to operators.
#[derive(Debug)]
pub struct Figures {
    system: &'static str,
    app: Option<String>,
    /// The samples so far.
    pub samples: Vec<Sample>,
    /// What is wrong, in words that stand alone.
    pub faults: BTreeSet<String>,
}

impl Figures {
    /// Starts without a sample; `app` tells apart applications that share a Redis.
    pub fn new(system: &'static str, app: Option<String>) -> Self {
        Self {
            system,
            app,
            samples: Vec::new(),
            faults: BTreeSet::new(),
        }
    }

    /// Adds a sample with the system's label and those given.
    pub fn add(&mut self, name: &str, labels: &[(&str, &str)], value: f64) {
        let mut sample = Sample::new(name, [("system", self.system)], value);
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
    pub fn plain(&mut self, name: &str, labels: &[(&str, &str)], value: f64) {
        let mut sample = Sample::new(name, [], value);
        for (name, value) in labels {
            let labels = &mut sample.metric.labels;
            labels.insert((*name).to_owned(), (*value).to_owned());
        }
        self.samples.push(sample);
    }

    /// Adds a number of jobs; without a queue, of the system as a whole.
    pub fn jobs(&mut self, queue: Option<&str>, state: State, count: Option<u64>) {
        if let Some(count) = count {
            let mut labels = vec![("state", state.word())];
            labels.extend(queue.map(|queue| ("queue", queue)));
            self.add("queue_jobs", &labels, from_count(count));
        }
    }

    /// Adds the age of the oldest job in that state, in milliseconds.
    pub fn age(&mut self, queue: Option<&str>, state: State, age_ms: Option<i64>) {
        if let Some(age_ms) = age_ms {
            let mut labels = vec![("state", state.word())];
            labels.extend(queue.map(|queue| ("queue", queue)));
            self.add("queue_oldest_job_age_seconds", &labels, seconds(age_ms));
        }
    }

    /// Says what the age of the oldest waiting job was measured by.
    pub fn source(&mut self, queue: &str, source: Source) {
        let labels = [("queue", queue), ("source", source.word())];
        self.add("queue_age_source_info", &labels, 1.0);
    }

    /// Adds a count, if it is known.
    pub fn count(&mut self, name: &str, labels: &[(&str, &str)], count: Option<u64>) {
        if let Some(count) = count {
            self.add(name, labels, from_count(count));
        }
    }

    /// Adds how long ago a worker was last heard of, in milliseconds.
    pub fn heartbeat(&mut self, worker: &str, age_ms: i64) {
        let labels = [("worker", worker)];
        let age = seconds(age_ms.max(0));
        self.add("queue_worker_heartbeat_age_seconds", &labels, age);
    }
}

/// Milliseconds in seconds.
#[expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "ages stay far below 2^53 ms"
)]
pub fn seconds(millis: i64) -> f64 {
    millis as f64 / 1000.0
}
