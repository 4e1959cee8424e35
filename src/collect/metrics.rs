//! How each collector fares, as metrics.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;
use prometheus::core::Collector as Metric;
use prometheus::proto::{self, MetricFamily};
use prometheus::{GaugeVec, IntCounterVec, IntGaugeVec, Opts, Registry};

use crate::collect::failure::cause::{CAUSES, Failure};
use crate::model::facts::collector_health::CollectorStates;

/// The label that names a collector; `job` would be the scraper's own.
const LABEL: &str = "collector";

/// What is counted of collectors; a clone counts into the same.
#[derive(Clone, Debug)]
pub(crate) struct CollectorMetrics {
    up: IntGaugeVec,
    success: GaugeVec,
    duration: GaugeVec,
    samples: IntGaugeVec,
    interval: GaugeVec,
    scrapes: IntCounterVec,
    failures: IntCounterVec,
    /// The same for people, with the reasons.
    pub(crate) states: CollectorStates,
    /// Tells the moment at which a target answered (law 8).
    clock: fn() -> Timestamp,
}

impl CollectorMetrics {
    /// Makes them part of our own metrics.
    pub(crate) fn register(
        registry: &Registry,
        clock: fn() -> Timestamp,
    ) -> prometheus::Result<Self> {
        let level = |name: &str, help: &str| IntGaugeVec::new(Opts::new(name, help), &[LABEL]);
        let number = |name: &str, help: &str| GaugeVec::new(Opts::new(name, help), &[LABEL]);
        let count = |name: &str, help: &str, labels: &[&str]| {
            IntCounterVec::new(Opts::new(name, help), labels)
        };
        Ok(Self {
            up: made(
                registry,
                level(
                    "critwatch_collector_up",
                    "Whether the last scrape or probe of a collector succeeded.",
                )?,
            )?,
            success: made(
                registry,
                number(
                    "critwatch_collector_last_success_timestamp_seconds",
                    "Time of a collector's last successful scrape or probe, in Unix time.",
                )?,
            )?,
            duration: made(
                registry,
                number(
                    "critwatch_collector_scrape_duration_seconds",
                    "Duration of a collector's last scrape or probe.",
                )?,
            )?,
            samples: made(
                registry,
                level(
                    "critwatch_collector_scrape_samples",
                    "Samples of a collector's last scrape or probe.",
                )?,
            )?,
            interval: made(
                registry,
                number(
                    "critwatch_collector_interval_seconds",
                    "Present interval of a collector.",
                )?,
            )?,
            scrapes: made(
                registry,
                count(
                    "critwatch_collector_scrapes_total",
                    "Scrapes and probes of a collector.",
                    &[LABEL],
                )?,
            )?,
            failures: made(
                registry,
                count(
                    "critwatch_collector_scrape_failures_total",
                    "Failed scrapes and probes of a collector, by cause.",
                    &[LABEL, "cause"],
                )?,
            )?,
            states: CollectorStates::default(),
            clock,
        })
    }

    /// Counts these collectors from now on, and forgets the others.
    pub(crate) fn know(&self, ids: &BTreeSet<String>) {
        self.states.know(ids.iter());
        for id in self.known().difference(ids) {
            let gone = [&**id];
            // A level that was never set is not there.
            let _ = self.up.remove_label_values(&gone);
            let _ = self.success.remove_label_values(&gone);
            let _ = self.duration.remove_label_values(&gone);
            let _ = self.samples.remove_label_values(&gone);
            let _ = self.interval.remove_label_values(&gone);
            let _ = self.scrapes.remove_label_values(&gone);
            for cause in CAUSES {
                let _ = self.failures.remove_label_values(&[&**id, cause]);
            }
        }
        for id in ids {
            self.scrapes.with_label_values(&[&**id]);
            for cause in CAUSES {
                self.failures.with_label_values(&[&**id, cause]);
            }
        }
    }

    /// The collectors that are counted.
    fn known(&self) -> BTreeSet<String> {
        let families = self.scrapes.collect();
        let metrics = families.iter().flat_map(MetricFamily::get_metric);
        let labels = metrics.flat_map(proto::Metric::get_label);
        labels.map(|label| label.value().to_owned()).collect()
    }

    /// Notes how often a collector asks at present.
    pub(crate) fn asks_every(&self, id: &str, interval: Duration) {
        let gauge = self.interval.with_label_values(&[id]);
        gauge.set(interval.as_secs_f64());
    }

    /// Notes how a scrape went.
    pub(crate) fn note(&self, id: &str, took: Duration, samples: usize, failure: Option<&Failure>) {
        let reason = failure.map(ToString::to_string);
        self.states
            .note(id, (self.clock)(), (took, samples), reason);
        self.scrapes.with_label_values(&[id]).inc();
        self.up
            .with_label_values(&[id])
            .set(failure.is_none().into());
        self.duration
            .with_label_values(&[id])
            .set(took.as_secs_f64());
        let samples = i64::try_from(samples).unwrap_or(i64::MAX);
        self.samples.with_label_values(&[id]).set(samples);
        if let Some(failure) = failure {
            let cause = [id, failure.cause()];
            self.failures.with_label_values(&cause).inc();
        } else {
            let now = (self.clock)().duration_since(Timestamp::UNIX_EPOCH);
            let success = self.success.with_label_values(&[id]);
            success.set(now.as_secs_f64());
        }
    }
}

fn made<M: Metric + Clone + 'static>(registry: &Registry, metric: M) -> prometheus::Result<M> {
    registry.register(Box::new(metric.clone()))?;
    Ok(metric)
}

#[cfg(test)]
mod tests {
    use prometheus::TextEncoder;

    use super::*;

    fn names<const N: usize>(ids: [&str; N]) -> BTreeSet<String> {
        ids.map(str::to_owned).into()
    }

    #[test]
    fn a_collector_that_is_gone_leaves_nothing_and_one_that_stays_counts_on() {
        let registry = Registry::new();
        let at = || Timestamp::from_second(1_700_000_000).unwrap();
        let metrics = CollectorMetrics::register(&registry, at).unwrap();
        let page = || {
            TextEncoder::new()
                .encode_to_string(&registry.gather())
                .unwrap()
        };
        metrics.know(&names(["api", "redis"]));
        metrics.note("redis", Duration::from_millis(250), 7, None);
        metrics.note("redis", Duration::from_secs(2), 3, Some(&Failure::Timeout));
        metrics.note("api", Duration::ZERO, 1, None);
        metrics.know(&names(["redis", "web"]));
        let text = page();
        assert!(!text.contains("\"api\""), "{text}");
        for line in [
            "critwatch_collector_up{collector=\"redis\"} 0",
            "critwatch_collector_last_success_timestamp_seconds{collector=\"redis\"} 1700000000",
            "critwatch_collector_scrape_duration_seconds{collector=\"redis\"} 2",
            "critwatch_collector_scrape_samples{collector=\"redis\"} 3",
            "critwatch_collector_scrapes_total{collector=\"redis\"} 2",
            "critwatch_collector_scrapes_total{collector=\"web\"} 0",
            "critwatch_collector_scrape_failures_total{cause=\"timeout\",collector=\"redis\"} 1",
            "critwatch_collector_scrape_failures_total{cause=\"status\",collector=\"web\"} 0",
        ] {
            assert!(text.lines().any(|one| one == line), "{line}\n{text}");
        }
        // Before its first scrape nothing is known of it.
        assert!(!text.contains("up{collector=\"web\"}"), "{text}");
    }
}
