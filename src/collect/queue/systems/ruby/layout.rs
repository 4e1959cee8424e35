//! What Resque and Sidekiq lay out alike: the set of queues, their lists and the totals.

use redis::Value;

use crate::collect::queue::reading::answers::{Answers, count};
use crate::collect::queue::reading::discovery::{Discovery, Shape};
use crate::collect::queue::reading::question::Question;
use crate::collect::queue::reading::samples::QueueSamples;

/// The totals that are kept as plain numbers.
const TOTALS: [&str; 2] = ["stat:processed", "stat:failed"];

/// Keys that begin with one prefix.
#[derive(Debug)]
pub(crate) struct RubyKeys {
    prefix: String,
}

impl RubyKeys {
    /// Keys with this prefix.
    pub(crate) fn new(prefix: String) -> Self {
        Self { prefix }
    }

    /// The key of that name.
    pub(crate) fn key(&self, name: &str) -> Vec<u8> {
        [&self.prefix, name].concat().into_bytes()
    }

    /// The key of a queue's list.
    pub(crate) fn queue(&self, name: &[u8]) -> Vec<u8> {
        [self.prefix.as_bytes(), b"queue:", name].concat()
    }

    /// Discovers the members of a set.
    pub(crate) fn set(&self, name: &str, limit: usize) -> Discovery {
        Discovery::in_set(self.key(name), Shape::default(), limit)
    }

    /// Asks for the totals.
    pub(crate) fn totals(&self) -> [Question; 2] {
        TOTALS.map(|name| Question::new("GET", self.key(name)))
    }

    /// Adds the totals. Both systems count each failed try as processed, too.
    pub(crate) fn add_totals(&self, answers: &mut Answers, samples: &mut QueueSamples) {
        let [processed, failed] = self
            .totals()
            .map(|question| match answers.value(&question)? {
                Value::Nil => Some(0),
                value => count(&value),
            });
        let completed = processed
            .zip(failed)
            .map(|(all, failed)| all.saturating_sub(failed));
        samples.count("queue_completed_total", &[], completed);
        samples.count("queue_failed_total", &[], failed);
    }
}
