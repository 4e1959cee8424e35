//! How a delivery ends, and what is counted of it.

use std::time::Duration;

use prometheus::{IntCounterVec, Opts, Registry};

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

/// Counts deliveries by notifier and outcome.
#[derive(Clone, Debug)]
pub struct Deliveries(IntCounterVec);

impl Deliveries {
    /// Makes the counter part of our own metrics.
    pub fn register(registry: &Registry) -> prometheus::Result<Self> {
        let counter = IntCounterVec::new(
            Opts::new(
                "critwatch_notifications_total",
                "Messages handed to a notifier, by how that ended.",
            ),
            &["notifier", "outcome"],
        )?;
        registry.register(Box::new(counter.clone()))?;
        Ok(Self(counter))
    }

    /// Lets every outcome of a notifier count from zero.
    pub fn begin(&self, notifier: &str) {
        for outcome in ["delivered", "later", "never"] {
            self.0.with_label_values(&[notifier, outcome]).inc_by(0);
        }
    }

    /// Counts one outcome.
    pub fn count(&self, notifier: &str, outcome: &str) {
        self.0.with_label_values(&[notifier, outcome]).inc();
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
