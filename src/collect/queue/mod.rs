//! Queues in Redis: how many jobs stand where, and how long the oldest waits.
//!
//! Each `[[collector.queue]]` table is a [`QueueReader`] that says what to ask, and
//! reads the answers. All tables of a Redis are asked in one round trip, so what
//! an answer names can be asked for only by the next scrape.

pub mod backoff;
pub mod reading;
pub mod system;
pub mod system_name;
pub mod systems;

use std::collections::BTreeSet;

use redis::{Pipeline, RedisResult, Value};

use crate::collect::queue::backoff::{Backoff, BackoffChanges, Rest};
use crate::collect::queue::reading::answers::{Answer, Answers};
use crate::collect::queue::reading::question::Question;
use crate::collect::queue::reading::samples::QueueSamples;
use crate::collect::queue::system::System;
use crate::collect::queue::system_name::SystemName;
use crate::model::sample::Sample;

/// Stands here for those who use this folder.
pub use crate::collect::queue::system::QueueSettings;

/// No clock shows more milliseconds since 1970.
const LATEST_MS: i64 = 100_000_000_000_000;

/// The queues of one `[[collector.queue]]` table.
#[derive(Debug)]
pub(crate) struct QueueReader {
    system: System,
    name: SystemName,
    app: Option<String>,
    /// What the next scrape asks.
    asked: Vec<Question>,
    /// What it leaves out because the answers are large.
    left_out: Vec<Question>,
    backoff: Backoff,
    /// What is wrong, as operators know it.
    faults: BTreeSet<String>,
}

impl QueueReader {
    /// Starts without having seen a job.
    pub(crate) fn new(settings: QueueSettings) -> Self {
        let name = settings.name();
        let app = settings.app().map(str::to_owned);
        let system = System::new(settings);
        Self {
            asked: system.questions(),
            left_out: Vec::new(),
            system,
            name,
            app,
            backoff: Backoff::default(),
            faults: BTreeSet::new(),
        }
    }

    /// The keys that the next scrape asks about.
    #[cfg(test)]
    pub(crate) fn keys(&self) -> Vec<Vec<u8>> {
        let keys: BTreeSet<_> = self.asked.iter().filter_map(Question::key).collect();
        keys.into_iter().map(<[u8]>::to_vec).collect()
    }

    /// Adds the commands of a scrape.
    pub(crate) fn ask(&self, pipe: &mut Pipeline) {
        for question in &self.asked {
            question.add_to(pipe);
        }
    }

    /// Reads the answers of these commands; `now_ms` is the server's own clock.
    ///
    /// What cannot be read gives no samples, so that its rules say unknown; why,
    /// is logged when it begins and when it ends.
    pub(crate) fn read(
        &mut self,
        next: &mut impl FnMut() -> RedisResult<Value>,
        now_ms: i64,
    ) -> Vec<Sample> {
        // What no clock says must not upset what is computed from it.
        let now_ms = now_ms.clamp(0, LATEST_MS);
        let mut answers = Answers::new(now_ms);
        for question in std::mem::take(&mut self.left_out) {
            answers.put(question, Answer::Later);
        }
        for question in &self.asked {
            let answer = self.backoff.classify(question, next(), now_ms);
            answers.put(question.clone(), answer);
        }
        let mut samples = QueueSamples::new(self.name, self.app.clone(), now_ms);
        self.system.read(&mut answers, &mut samples);
        let questions = self.system.questions();
        let changes = self.backoff.changes(&questions, now_ms);
        self.asked.clear();
        for question in questions {
            match self.backoff.of(&question, now_ms) {
                Rest::None => self.asked.push(question),
                Rest::Heavy => self.left_out.push(question),
                Rest::Refused => {}
            }
        }
        self.log_changes(changes, samples.faults);
        samples.samples
    }

    fn log_changes(&mut self, changes: BackoffChanges, faults: BTreeSet<String>) {
        let system = self.name.word();
        for refused in changes.refused {
            tracing::warn!(system, error = refused, "cannot read queues of {system}");
        }
        if let Some(recovered) = changes.recovered {
            tracing::info!(
                system,
                questions = recovered,
                "reading queues of {system} recovered"
            );
        }
        for fault in faults.difference(&self.faults) {
            tracing::warn!(system, error = fault, "fault in queues of {system}");
        }
        for fault in self.faults.difference(&faults) {
            tracing::info!(
                system,
                error = fault,
                "fault in queues of {system} resolved"
            );
        }
        self.faults = faults;
    }
}

#[cfg(test)]
mod tests;
