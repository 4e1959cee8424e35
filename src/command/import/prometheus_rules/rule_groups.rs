//! The file format of Prometheus' rules, also within a `PrometheusRule` of Kubernetes.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_saphyr::Spanned;

use crate::command::terminal::input::BadInput;
use crate::model::text::yaml_fault::YamlFault;

/// Labels and annotations by name.
pub(crate) type PrometheusWords = BTreeMap<String, String>;

/// A file: its groups stand in it, or in the `spec` of a resource.
#[derive(Debug, Deserialize)]
struct RuleFileDocument {
    #[serde(default)]
    groups: Option<Vec<Spanned<RuleGroup>>>,
    #[serde(default)]
    spec: Option<RuleSpec>,
}

#[derive(Debug, Deserialize)]
struct RuleSpec {
    #[serde(default)]
    groups: Vec<Spanned<RuleGroup>>,
}

/// Rules that Prometheus evaluates one after the other.
#[derive(Debug, Deserialize)]
pub(crate) struct RuleGroup {
    /// Its name.
    pub(crate) name: String,
    /// How often Prometheus evaluates them.
    #[serde(default)]
    pub(crate) interval: Option<String>,
    /// How many alerts it may have.
    #[serde(default)]
    pub(crate) limit: Option<IgnoredAny>,
    /// How far behind Prometheus evaluates them.
    #[serde(default)]
    pub(crate) query_offset: Option<String>,
    /// Labels of all of its rules.
    #[serde(default)]
    pub(crate) labels: Option<PrometheusWords>,
    /// The rules.
    #[serde(default)]
    pub(crate) rules: Option<Vec<Spanned<PrometheusRule>>>,
}

/// An alert, or a series that is recorded.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct PrometheusRule {
    /// The name of an alert.
    #[serde(default)]
    pub(crate) alert: Option<String>,
    /// The name of a recorded series.
    #[serde(default)]
    pub(crate) record: Option<String>,
    /// When it holds, or what is recorded.
    #[serde(default)]
    pub(crate) expr: String,
    /// How long it must hold.
    #[serde(default, rename = "for")]
    pub(crate) hold: Option<String>,
    /// How long it goes on.
    #[serde(default)]
    pub(crate) keep_firing_for: Option<String>,
    /// Labels of its alerts.
    #[serde(default)]
    pub(crate) labels: Option<PrometheusWords>,
    /// Its texts.
    #[serde(default)]
    pub(crate) annotations: Option<PrometheusWords>,
}

/// Reads a rule file; `file` is its name in messages.
pub(crate) fn parse(text: &str, file: &str) -> Result<Vec<Spanned<RuleGroup>>, BadInput> {
    let document: RuleFileDocument = serde_saphyr::from_str(text)
        .map_err(|error| BadInput::new(YamlFault::from(&error).in_file(file)))?;
    let groups = document.groups.or(document.spec.map(|spec| spec.groups));
    groups.ok_or_else(|| {
        BadInput::new(format!(
            "{file} has no `groups`; it is not a rule file of Prometheus"
        ))
    })
}
