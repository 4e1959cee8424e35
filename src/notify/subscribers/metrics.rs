//! How many subscribers there are.

use prometheus::{IntGaugeVec, Opts, Registry};

use crate::notify::subscribers::subscriber::SubscriptionState;

/// Counts subscribers by state; a clone counts into the same.
#[derive(Clone, Debug)]
pub(crate) struct SubscriberCounts {
    subscribers: IntGaugeVec,
}

impl SubscriberCounts {
    /// Makes the counter part of our own metrics.
    pub(crate) fn register(registry: &Registry) -> prometheus::Result<Self> {
        let subscribers = IntGaugeVec::new(
            Opts::new(
                "critwatch_subscribers",
                "E-mail subscribers, by state of the subscription.",
            ),
            &["state"],
        )?;
        registry.register(Box::new(subscribers.clone()))?;
        Ok(Self { subscribers })
    }

    /// Sets how many there are of each state.
    pub(crate) fn set(&self, counts: [i64; SubscriptionState::ALL.len()]) {
        for (state, count) in SubscriptionState::ALL.into_iter().zip(counts) {
            self.subscribers
                .with_label_values(&[state.word()])
                .set(count);
        }
    }
}
