//! A rule as the settings write it.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::model::component::{ComponentId, Severity};
use crate::model::text::shape::DurationText;
use crate::model::time::duration;
use crate::model::verdict::{Publish, RuleId};

/// A `[[rule]]` table.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RuleSettings {
    /// Its name.
    pub id: RuleId,
    /// PromQL; the condition holds while it selects anything.
    #[serde(default)]
    pub expr: String,
    /// The name of an alert of your Prometheus, instead of `expr`.
    #[serde(default)]
    pub alert: Option<String>,
    /// `PromQL`; once the rule fires, it keeps firing for as long as this selects anything.
    #[serde(default)]
    pub clear: Option<String>,
    /// The collector whose server evaluates it.
    pub source: Option<String>,
    /// How long the condition must hold before the rule fires.
    #[serde(default, rename = "for", deserialize_with = "duration::deserialize")]
    #[schemars(with = "DurationText")]
    pub hold: Duration,
    /// How long the rule keeps firing after the condition last held.
    #[serde(default, deserialize_with = "duration::deserialize")]
    #[schemars(with = "DurationText")]
    pub keep_firing_for: Duration,
    /// The severity when it fires.
    pub severity: Severity,
    /// The ids of the affected components.
    pub components: Vec<ComponentId>,
    /// The title of the incident; fixed text without values.
    pub title: String,
    /// What the fault means for visitors, with values such as `{{ value }}`.
    pub text: String,
    /// What it may do without a person.
    #[serde(default)]
    pub publish: Publish,
}

impl RuleSettings {
    /// The labels of its alerts in Prometheus, beside those of their series.
    pub(crate) fn labels(&self) -> Vec<(&'static str, String)> {
        let ids: Vec<_> = self
            .components
            .iter()
            .map(|ComponentId(id)| id.as_str())
            .collect();
        let mut labels = vec![
            ("severity", self.severity.word().to_owned()),
            ("components", ids.join(",")),
        ];
        match self.publish {
            Publish::Auto => {}
            Publish::Draft => labels.push(("publish", "draft".to_owned())),
            Publish::Internal => labels.push(("publish", "internal".to_owned())),
            Publish::Hold => labels.push(("publish", "hold".to_owned())),
        }
        labels
    }
}
