//! What a test expects and what came, as texts that can be compared.

use jiff::Timestamp;

use crate::app::rule_tests::suite::{AlertTest, ExprTest, TestLabels};
use crate::evaluate::promql::Expression;
use crate::evaluate::promql::value::Value;
use crate::evaluate::rules::rule::Rule;
use crate::evaluate::text::notation;
use crate::evaluate::window::Window;
use crate::model::sample::Metric;
use crate::model::verdict::Verdict;

/// A rule at a moment: what it says, and the alerts that Prometheus would have.
pub(crate) struct ExpectedState {
    /// What it says.
    pub(crate) verdict: Verdict,
    /// The labels of each alert, printed.
    pub(crate) alerts: Vec<String>,
}

/// The alerts of a rule that fire, as Prometheus would label them, printed.
pub(crate) fn fire(rule: &Rule) -> Vec<String> {
    let firing = rule.firing();
    let alerts = firing.into_iter().map(|series| {
        let mut all = series.clone();
        let own = rule.settings().labels().into_iter();
        all.extend(own.map(|(name, value)| (name.to_owned(), value)));
        printed(&all)
    });
    alerts.collect()
}

/// The alerts that a test expects.
pub(crate) fn expected_alerts(test: &AlertTest) -> String {
    let alerts = test.exp_alerts.iter().map(|alert| {
        let mut shown = printed(&alert.exp_labels);
        for name in ["summary", "description"] {
            if let Some(words) = alert.exp_annotations.get(name) {
                shown = format!("{shown} {name}: {words}");
            }
        }
        shown
    });
    listed(alerts.collect())
}

/// What fires, with the texts that are asked about.
pub(crate) fn alerts(test: &AlertTest, said: &ExpectedState) -> String {
    let asked = |name: &str| {
        let mut expected = test.exp_alerts.iter();
        expected.any(|alert| alert.exp_annotations.contains_key(name))
    };
    let alerts = said.alerts.iter().map(|alert| {
        let mut shown = alert.clone();
        if asked("summary") {
            shown = format!("{shown} summary: {}", said.verdict.title);
        }
        if asked("description") {
            shown = format!("{shown} description: {}", said.verdict.text);
        }
        shown
    });
    listed(alerts.collect())
}

/// What a test expects of an expression, and what it gives.
pub(crate) fn answer(test: &ExprTest, window: &Window, at: Timestamp) -> (String, String) {
    let samples = test.exp_samples.iter();
    let expected = samples.map(|sample| shown(&sample.labels, sample.value));
    let expected = listed(expected.collect());
    let evaluated = Expression::parse(&test.expr)
        .map_err(|error| error.to_string())
        .and_then(|expression| {
            let answer = expression.evaluate(window, at);
            answer.map_err(|error| error.to_string())
        });
    let got = match evaluated {
        Ok(Value::Scalar(value)) => listed(vec![shown(&Metric::new("", []), value)]),
        Ok(Value::Vector(elements)) => {
            let shown = elements.iter().map(|element| {
                let metric = notation::metric(&element.labels.to_string());
                shown(
                    &metric.unwrap_or_else(|_| Metric::new("", [])),
                    element.value,
                )
            });
            listed(shown.collect())
        }
        Err(error) => error,
    };
    (expected, got)
}

/// A sample, with as many digits as two computations agree on.
fn shown(metric: &Metric, value: f64) -> String {
    format!("{}{} {value:.9e}", metric.name, printed(&metric.labels))
}

fn printed(labels: &TestLabels) -> String {
    let pairs: Vec<_> = labels
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={value:?}"))
        .collect();
    format!("{{{}}}", pairs.join(", "))
}

fn listed(mut items: Vec<String>) -> String {
    items.sort();
    if items.is_empty() {
        "nothing".to_owned()
    } else {
        items.join("; ")
    }
}
