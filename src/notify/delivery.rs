//! How a delivery ends, and what is counted of it.

use std::time::Duration;

use jiff::Timestamp;
use prometheus::{HistogramVec, IntCounterVec, Opts, Registry};

/// Why a message did not arrive.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeliveryError {
    /// Not now; the remote side may have said how long to wait.
    #[error("not delivered, trying again: {reason}")]
    Later {
        /// What happened, for operators.
        reason: String,
        /// The pause that the remote side asks for.
        pause: Option<Duration>,
    },
    /// Never in this form: trying again would change nothing.
    #[error("not delivered, giving up: {reason}")]
    Never {
        /// What happened, for operators.
        reason: String,
    },
}

/// The pause before the next try, growing from one second to five minutes.
pub fn pause(tries: u32) -> Duration {
    Duration::from_secs(1 << tries.min(9)).min(Duration::from_mins(5))
}

/// Counts deliveries by notifier and outcome, and how late they were.
#[derive(Clone, Debug)]
pub struct Deliveries {
    outcomes: IntCounterVec,
    /// From the first bad sample, by `step` and `notifier`.
    delay: HistogramVec,
}

impl Deliveries {
    /// Makes the counter part of our own metrics; `delay` is part of them.
    pub fn register(registry: &Registry, delay: HistogramVec) -> prometheus::Result<Self> {
        let outcomes = IntCounterVec::new(
            Opts::new(
                "critwatch_notifications_total",
                "Messages handed to a notifier, by how that ended.",
            ),
            &["notifier", "outcome"],
        )?;
        registry.register(Box::new(outcomes.clone()))?;
        Ok(Self { outcomes, delay })
    }

    /// Lets every outcome of a notifier count from zero.
    pub fn begin(&self, notifier: &str) {
        for outcome in ["delivered", "later", "never"] {
            let counter = self.outcomes.with_label_values(&[notifier, outcome]);
            counter.inc_by(0);
        }
        self.delay.with_label_values(&["notifier", notifier]);
    }

    /// Counts one outcome.
    pub fn count(&self, notifier: &str, outcome: &str) {
        let counter = self.outcomes.with_label_values(&[notifier, outcome]);
        counter.inc();
    }

    /// Notes that an incident was told `at` that moment, since its first bad sample.
    pub fn told(&self, notifier: &str, began: Timestamp, at: Timestamp) {
        let delay: Duration = at.duration_since(began).try_into().unwrap_or_default();
        let delays = self.delay.with_label_values(&["notifier", notifier]);
        delays.observe(delay.as_secs_f64());
    }
}

/// The word under which an outcome is counted.
pub fn word<T>(outcome: &Result<T, DeliveryError>) -> &'static str {
    match outcome {
        Ok(_) => "delivered",
        Err(DeliveryError::Later { .. }) => "later",
        Err(DeliveryError::Never { .. }) => "never",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_five_minutes() {
        let pauses = [0, 1, 2, 8, 9, 40].map(|tries| pause(tries).as_secs());
        assert_eq!(pauses, [1, 2, 4, 256, 300, 300]);
    }
}
