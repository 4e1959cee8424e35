//! What rules cost and say, as metrics.

use std::collections::BTreeSet;
use std::time::Duration;

use prometheus::{
    Gauge, GaugeVec, Histogram, HistogramOpts, IntCounter, IntCounterVec, Opts, Registry,
};

use crate::model::verdict::{Evidence, RuleId};

/// Bounds of the time that one rule takes, in seconds.
const DURATIONS: [f64; 6] = [0.000_01, 0.000_1, 0.001, 0.01, 0.1, 1.0];

/// What is counted of rules; a clone counts into the same.
#[derive(Clone, Debug)]
pub(crate) struct RuleMetrics {
    durations: Histogram,
    last: GaugeVec,
    evaluations: IntCounterVec,
    failures: IntCounterVec,
    value: GaugeVec,
    /// Those of each rule, in the order of the settings: to look them up at each
    /// evaluation would take longer than many an evaluation.
    rules: Vec<RuleCounters>,
}

/// What is counted of one rule.
#[derive(Clone, Debug)]
struct RuleCounters {
    rule: RuleId,
    /// Of several values the smallest is the worst.
    smallest: bool,
    last: Gauge,
    evaluations: IntCounter,
    failures: IntCounter,
    value: Gauge,
}

impl RuleMetrics {
    /// Makes them part of our own metrics.
    pub(crate) fn register(registry: &Registry) -> prometheus::Result<Self> {
        let durations = HistogramOpts::new(
            "critwatch_rule_evaluation_duration_seconds",
            "Duration of evaluations, of all rules together.",
        );
        let durations = Histogram::with_opts(durations.buckets(DURATIONS.to_vec()))?;
        registry.register(Box::new(durations.clone()))?;
        let number = |name: &str, help: &str| {
            let gauge = GaugeVec::new(Opts::new(name, help), &["rule"])?;
            registry.register(Box::new(gauge.clone()))?;
            prometheus::Result::Ok(gauge)
        };
        let count = |name: &str, help: &str| {
            let counter = IntCounterVec::new(Opts::new(name, help), &["rule"])?;
            registry.register(Box::new(counter.clone()))?;
            prometheus::Result::Ok(counter)
        };
        Ok(Self {
            durations,
            last: number(
                "critwatch_rule_last_evaluation_duration_seconds",
                "Duration of the last evaluation of a rule.",
            )?,
            evaluations: count("critwatch_rule_evaluations_total", "Evaluations of a rule.")?,
            failures: count(
                "critwatch_rule_evaluation_failures_total",
                "Failed evaluations of a rule.",
            )?,
            value: number(
                "critwatch_rule_value",
                "The worst value that a rule selects; NaN while it selects nothing.",
            )?,
            rules: Vec::new(),
        })
    }

    /// Counts these rules from now on, and forgets the others; each comes with
    /// whether of several values the smallest is the worst.
    pub(crate) fn know<'r>(&mut self, rules: impl Iterator<Item = (&'r RuleId, bool)>) {
        let counted: Vec<_> = rules
            .map(|(rule, smallest)| self.counted(rule, smallest))
            .collect();
        let known: BTreeSet<_> = counted.iter().map(|one| &one.rule).collect();
        for gone in self.rules.iter().filter(|one| !known.contains(&one.rule)) {
            let gone = [&*gone.rule.0];
            let _ = self.last.remove_label_values(&gone);
            let _ = self.evaluations.remove_label_values(&gone);
            let _ = self.failures.remove_label_values(&gone);
            let _ = self.value.remove_label_values(&gone);
        }
        self.rules = counted;
    }

    fn counted(&self, rule: &RuleId, smallest: bool) -> RuleCounters {
        let label = [&*rule.0];
        RuleCounters {
            rule: rule.clone(),
            smallest,
            last: self.last.with_label_values(&label),
            evaluations: self.evaluations.with_label_values(&label),
            failures: self.failures.with_label_values(&label),
            value: self.value.with_label_values(&label),
        }
    }

    /// Notes an evaluation of the rule at that place.
    pub(crate) fn note(&self, place: usize, took: Duration, failed: bool, evidence: &[Evidence]) {
        let Some(rule) = self.rules.get(place) else {
            return;
        };
        let took = took.as_secs_f64();
        self.durations.observe(took);
        rule.last.set(took);
        rule.evaluations.inc();
        rule.failures.inc_by(failed.into());
        let worst = if rule.smallest { f64::min } else { f64::max };
        let values = evidence.iter().map(|one| one.value);
        rule.value.set(values.fold(f64::NAN, worst));
    }
}

#[cfg(test)]
mod tests {
    use prometheus::TextEncoder;

    use super::*;

    #[test]
    fn the_worst_value_is_told_and_a_rule_that_is_gone_leaves_nothing() {
        let registry = Registry::new();
        let mut metrics = RuleMetrics::register(&registry).unwrap();
        let ids = ["full", "low", "old"].map(|id| RuleId(id.to_owned()));
        let evidence = |values: &[f64]| -> Vec<_> {
            let evidence = values.iter().map(|value| Evidence {
                series: String::new(),
                value: *value,
            });
            evidence.collect()
        };
        metrics.know(ids.iter().zip([false, true, false]));
        let took = Duration::from_millis(5);
        metrics.note(0, took, false, &evidence(&[f64::NAN, 3.0, 9.0]));
        metrics.note(1, took, true, &evidence(&[3.0, 1.0]));
        metrics.note(2, took, false, &[]);
        metrics.note(3, took, false, &[]);
        let page = || {
            TextEncoder::new()
                .encode_to_string(&registry.gather())
                .unwrap()
        };
        let text = page();
        for line in [
            "critwatch_rule_value{rule=\"full\"} 9",
            "critwatch_rule_value{rule=\"low\"} 1",
            "critwatch_rule_value{rule=\"old\"} NaN",
            "critwatch_rule_evaluation_failures_total{rule=\"full\"} 0",
            "critwatch_rule_evaluation_failures_total{rule=\"low\"} 1",
            "critwatch_rule_evaluations_total{rule=\"old\"} 1",
            "critwatch_rule_last_evaluation_duration_seconds{rule=\"low\"} 0.005",
            "critwatch_rule_evaluation_duration_seconds_count 3",
        ] {
            assert!(text.lines().any(|one| one == line), "{line}\n{text}");
        }
        metrics.know(ids.iter().zip([false, true]));
        metrics.note(0, took, false, &[]);
        let text = page();
        assert!(!text.contains("\"old\""), "{text}");
        assert!(
            text.contains("critwatch_rule_evaluations_total{rule=\"full\"} 2"),
            "{text}"
        );
    }
}
