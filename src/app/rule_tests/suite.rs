//! The file format of rule tests: promtool's, and verdicts beside its alerts.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};
use serde_saphyr::Spanned;

use crate::evaluate::text::notation::{self, Step};
use crate::model::sample::Metric;
use crate::model::text::yaml_fault::YamlFault;
use crate::model::time::duration;

/// Bytes that a file of tests may have.
const LONGEST_FILE: usize = 4 * 1024 * 1024;

/// Why a file of tests cannot be used: its name, the place, and the reason.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct SuiteError(String);

/// Labels by name.
pub(crate) type TestLabels = BTreeMap<String, String>;

/// A file of tests.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Suite {
    /// Settings with the rules; rule files of Prometheus are passed over.
    #[serde(default)]
    pub(crate) rule_files: Vec<String>,
    /// How often the rules are evaluated.
    #[serde(default = "minute", deserialize_with = "duration::deserialize")]
    pub(crate) evaluation_interval: Duration,
    #[serde(default, rename = "group_eval_order")]
    _order: IgnoredAny,
    #[serde(default, rename = "fuzzy_compare")]
    _fuzzy: IgnoredAny,
    /// The tests.
    pub(crate) tests: Vec<Spanned<TestCase>>,
}

/// One test: what was measured, and what is to come of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TestCase {
    /// What it is called.
    #[serde(default)]
    pub(crate) name: Option<String>,
    /// The distance of the samples.
    #[serde(default = "minute", deserialize_with = "duration::deserialize")]
    pub(crate) interval: Duration,
    /// What was measured.
    #[serde(default)]
    pub(crate) input_series: Vec<TestInput>,
    /// Alerts that fire at a moment.
    #[serde(default)]
    pub(crate) alert_rule_test: Vec<Spanned<AlertTest>>,
    /// What an expression gives at a moment.
    #[serde(default)]
    pub(crate) promql_expr_test: Vec<Spanned<ExprTest>>,
    /// What a rule says at a moment; not in promtool.
    #[serde(default)]
    pub(crate) verdicts: Vec<Spanned<VerdictTest>>,
    #[serde(default, rename = "external_labels")]
    _labels: IgnoredAny,
    #[serde(default, rename = "external_url")]
    _url: IgnoredAny,
}

/// A series with its samples.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TestInput {
    /// Its name and labels.
    #[serde(deserialize_with = "metric")]
    pub(crate) series: Metric,
    /// Its samples, one each interval.
    #[serde(deserialize_with = "values")]
    pub(crate) values: Vec<Step>,
}

/// `alert_rule_test`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AlertTest {
    /// When.
    #[serde(deserialize_with = "duration::deserialize")]
    pub(crate) eval_time: Duration,
    /// The rule's id.
    pub(crate) alertname: String,
    /// All that fire.
    #[serde(default)]
    pub(crate) exp_alerts: Vec<ExpectedAlert>,
}

/// An alert that is to fire.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExpectedAlert {
    /// Its labels, without the alert's name.
    #[serde(default)]
    pub(crate) exp_labels: TestLabels,
    /// Its texts; `summary` is our title, `description` our text.
    #[serde(default)]
    pub(crate) exp_annotations: TestLabels,
}

/// `promql_expr_test`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExprTest {
    /// The expression.
    pub(crate) expr: String,
    /// When.
    #[serde(deserialize_with = "duration::deserialize")]
    pub(crate) eval_time: Duration,
    /// All that it gives.
    #[serde(default)]
    pub(crate) exp_samples: Vec<ExpectedSample>,
}

/// A sample that an expression is to give.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExpectedSample {
    /// Its series.
    #[serde(deserialize_with = "metric")]
    pub(crate) labels: Metric,
    /// Its value.
    pub(crate) value: f64,
}

/// What a rule says at a moment.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct VerdictTest {
    /// When.
    #[serde(deserialize_with = "duration::deserialize")]
    pub(crate) eval_time: Duration,
    /// The rule's id.
    pub(crate) rule: String,
    /// Its state.
    pub(crate) state: StateWord,
    /// What it tells visitors.
    #[serde(default)]
    pub(crate) text: Option<String>,
}

/// A state's word.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum StateWord {
    /// The condition does not hold.
    Quiet,
    /// It holds, but not for long enough.
    Pending,
    /// It holds.
    Firing,
    /// There is no data.
    Unknown,
}

impl StateWord {
    /// The word, as states have it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Quiet => "quiet",
            Self::Pending => "pending",
            Self::Firing => "firing",
            Self::Unknown => "unknown",
        }
    }
}

impl Suite {
    /// Reads a file of tests; `file` is its name in messages.
    pub(crate) fn parse(text: &str, file: &str) -> Result<Self, SuiteError> {
        if text.len() > LONGEST_FILE {
            return Err(SuiteError(format!(
                "{file} is larger than {} MiB; share the tests out over several files",
                LONGEST_FILE >> 20,
            )));
        }
        serde_saphyr::from_str(text)
            .map_err(|error| SuiteError(YamlFault::from(&error).in_file(file)))
    }
}

/// The line on which something stands.
pub(crate) fn line<T>(spanned: &Spanned<T>) -> usize {
    usize::try_from(spanned.referenced.line()).unwrap_or_default()
}

fn minute() -> Duration {
    Duration::from_mins(1)
}

fn metric<'de, D: Deserializer<'de>>(from: D) -> Result<Metric, D::Error> {
    let text = String::deserialize(from)?;
    notation::metric(&text).map_err(serde::de::Error::custom)
}

fn values<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Step>, D::Error> {
    let text = String::deserialize(from)?;
    notation::values(&text).map_err(serde::de::Error::custom)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn refused(text: &str) -> String {
        Suite::parse(text, "t.yml").unwrap_err().to_string()
    }

    #[test]
    fn what_cannot_be_read_is_told_with_its_place() {
        let said = refused("tests:\n  - interval: 1m\n    sereis: []\n");
        assert!(
            said.starts_with("t.yml:3:") && said.contains("sereis"),
            "{said}"
        );
        let said =
            refused("tests:\n  - input_series:\n      - series: up\n        values: '1 x'\n");
        assert!(
            said.starts_with("t.yml:4:") && said.contains("not a value"),
            "{said}"
        );
        let said = refused("tests:\n  - interval: often\n");
        assert!(
            said.starts_with("t.yml:2:") && said.contains("no"),
            "{said}"
        );
        assert!(refused("").starts_with("t.yml"));
        assert!(refused(&" ".repeat(LONGEST_FILE + 1)).contains("4 MiB"));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(tests:|  - |interval: |1m|\n|series|[{}'\"&*a]){0,20}") {
            let _ = Suite::parse(&text, "t.yml");
        }
    }
}
