//! How well we did, as metrics.

use prometheus::{Gauge, IntGauge, Registry};

use crate::model::facts::detection::Honesty;

/// How well we did, as metrics.
#[derive(Clone, Debug)]
pub(crate) struct DetectionMetrics {
    noticed: IntGauge,
    withdrawn: IntGauge,
    false_clears: IntGauge,
    blind: Gauge,
}

impl DetectionMetrics {
    /// Makes the levels part of our own metrics.
    pub(crate) fn register(registry: &Registry) -> prometheus::Result<Self> {
        let level = |name: &str, help: &str| {
            let gauge = IntGauge::new(name, help)?;
            registry.register(Box::new(gauge.clone()))?;
            prometheus::Result::Ok(gauge)
        };
        let blind = Gauge::new(
            "critwatch_blind_seconds",
            "Time without data in the last 30 days, including the time in which critwatch did not run.",
        )?;
        registry.register(Box::new(blind.clone()))?;
        Ok(Self {
            noticed: level(
                "critwatch_incidents_noticed",
                "Incidents opened by rules in the last 90 days.",
            )?,
            withdrawn: level(
                "critwatch_incidents_withdrawn",
                "Incidents of the last 90 days that people withdrew.",
            )?,
            false_clears: level(
                "critwatch_false_all_clears",
                "Incidents of the last 90 days that were resolved and came back.",
            )?,
            blind,
        })
    }

    /// Sets the metrics to the current values.
    pub(crate) fn set_from(&self, honesty: &Honesty) {
        let level = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        self.noticed.set(level(honesty.noticed));
        self.withdrawn.set(level(honesty.withdrawn));
        self.false_clears.set(honesty.false_clears.into());
        self.blind.set(honesty.blind_month.as_secs_f64());
    }
}
