//! What is counted of deliveries.

use std::time::Duration;

use jiff::Timestamp;
use prometheus::{HistogramOpts, HistogramVec, IntCounterVec, IntGaugeVec, Opts, Registry};

use crate::model::time::duration::elapsed;
use crate::notify::sending::delivery::FAILURES;

/// Bounds of how long a remote side takes for a message, in seconds; for longer
/// than the last nobody waits.
const LATENCIES: [f64; 8] = [0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 30.0];

/// Every way in which a delivery ends.
const OUTCOMES: [&str; 4] = ["delivered", "later", "unknown", "never"];

/// Counts deliveries by notifier and outcome, and how late they were.
#[derive(Clone, Debug)]
pub(crate) struct Deliveries {
    outcomes: IntCounterVec,
    /// From the first bad sample, by `step` and `notifier`.
    delay: HistogramVec,
    latency: HistogramVec,
    queue: IntGaugeVec,
    oldest: IntGaugeVec,
    paused: IntGaugeVec,
    failures: IntCounterVec,
}

impl Deliveries {
    /// Makes the counter part of our own metrics; `delay` is part of them.
    pub(crate) fn register(registry: &Registry, delay: HistogramVec) -> prometheus::Result<Self> {
        let outcomes = IntCounterVec::new(
            Opts::new(
                "critwatch_notifications_total",
                "Messages handed to a notifier, by outcome.",
            ),
            &["notifier", "outcome"],
        )?;
        let latency = HistogramOpts::new(
            "critwatch_notification_latency_seconds",
            "Response time of a notifier's remote side, whether it accepted the message or not.",
        );
        let latency = HistogramVec::new(latency.buckets(LATENCIES.to_vec()), &["notifier"])?;
        let queue = IntGaugeVec::new(
            Opts::new(
                "critwatch_notifications_queued",
                "Messages that are due and not yet sent by a notifier.",
            ),
            &["notifier"],
        )?;
        let oldest = IntGaugeVec::new(
            Opts::new(
                "critwatch_notifications_oldest_due_timestamp_seconds",
                "Since when the oldest due message has been waiting, in Unix time; 0 if none is waiting.",
            ),
            &["notifier"],
        )?;
        let paused = IntGaugeVec::new(
            Opts::new(
                "critwatch_notifier_paused",
                "Whether a notifier is paused until the settings are reloaded.",
            ),
            &["notifier"],
        )?;
        let failures = IntCounterVec::new(
            Opts::new(
                "critwatch_notifications_failed_total",
                "Failed delivery attempts, by reason.",
            ),
            &["notifier", "reason"],
        )?;
        registry.register(Box::new(oldest.clone()))?;
        registry.register(Box::new(paused.clone()))?;
        registry.register(Box::new(failures.clone()))?;
        registry.register(Box::new(outcomes.clone()))?;
        registry.register(Box::new(latency.clone()))?;
        registry.register(Box::new(queue.clone()))?;
        Ok(Self {
            outcomes,
            delay,
            latency,
            queue,
            oldest,
            paused,
            failures,
        })
    }

    /// Removes the series of a notifier that is gone.
    pub(crate) fn forget(&self, notifier: &str) {
        for outcome in OUTCOMES {
            let _ = self.outcomes.remove_label_values(&[notifier, outcome]);
        }
        let _ = self.delay.remove_label_values(&["notifier", notifier]);
        let _ = self.latency.remove_label_values(&[notifier]);
        let _ = self.queue.remove_label_values(&[notifier]);
        let _ = self.oldest.remove_label_values(&[notifier]);
        let _ = self.paused.remove_label_values(&[notifier]);
        for reason in FAILURES {
            let _ = self.failures.remove_label_values(&[notifier, reason]);
        }
    }

    /// Lets every outcome of a notifier count from zero.
    pub(crate) fn begin(&self, notifier: &str) {
        for outcome in OUTCOMES {
            let counter = self.outcomes.with_label_values(&[notifier, outcome]);
            counter.inc_by(0);
        }
        self.delay.with_label_values(&["notifier", notifier]);
        self.latency.with_label_values(&[notifier]);
        for reason in FAILURES {
            self.failures
                .with_label_values(&[notifier, reason])
                .inc_by(0);
        }
        self.queued(notifier, 0, None, false);
    }

    /// Notes how many messages are due, since when, and whether none is tried.
    pub(crate) fn queued(
        &self,
        notifier: &str,
        messages: usize,
        oldest: Option<Timestamp>,
        paused: bool,
    ) {
        let messages = i64::try_from(messages).unwrap_or(i64::MAX);
        self.queue.with_label_values(&[notifier]).set(messages);
        let oldest = oldest.map_or(0, Timestamp::as_second);
        self.oldest.with_label_values(&[notifier]).set(oldest);
        self.paused
            .with_label_values(&[notifier])
            .set(paused.into());
    }

    /// Counts a delivery that failed, by reason.
    pub(crate) fn failed(&self, notifier: &str, reason: &str) {
        self.failures.with_label_values(&[notifier, reason]).inc();
    }

    /// Notes how long the remote side took for a message.
    pub(crate) fn took(&self, notifier: &str, time: Duration) {
        let latency = self.latency.with_label_values(&[notifier]);
        latency.observe(time.as_secs_f64());
    }

    /// Counts one outcome.
    pub(crate) fn count(&self, notifier: &str, outcome: &str) {
        let counter = self.outcomes.with_label_values(&[notifier, outcome]);
        counter.inc();
    }

    /// Notes that an incident was announced `at` that moment, since its first bad sample.
    pub(crate) fn announced(&self, notifier: &str, began: Timestamp, at: Timestamp) {
        let delay: Duration = elapsed(began, at);
        let delays = self.delay.with_label_values(&["notifier", notifier]);
        delays.observe(delay.as_secs_f64());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notifier_that_is_gone_leaves_no_metric() {
        let registry = Registry::new();
        let delay = HistogramOpts::new("delay_seconds", "Delays.");
        let delay = HistogramVec::new(delay, &["step", "notifier"]).unwrap();
        registry.register(Box::new(delay.clone())).unwrap();
        let deliveries = Deliveries::register(&registry, delay).unwrap();
        for notifier in ["team", "log"] {
            deliveries.begin(notifier);
            deliveries.count(notifier, "delivered");
            deliveries.took(notifier, Duration::from_millis(70));
            deliveries.queued(notifier, 3, None, false);
            deliveries.failed(notifier, "refused");
        }
        deliveries.forget("team");
        let page = prometheus::TextEncoder::new();
        let page = page.encode_to_string(&registry.gather()).unwrap();
        assert!(!page.contains("\"team\""), "{page}");
        for line in [
            "critwatch_notifications_total{notifier=\"log\",outcome=\"delivered\"} 1",
            "critwatch_notification_latency_seconds_bucket{notifier=\"log\",le=\"0.1\"} 1",
            "critwatch_notifications_queued{notifier=\"log\"} 3",
        ] {
            assert!(page.lines().any(|one| one == line), "{line}\n{page}");
        }
    }
}
