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
    /// PromQL; the rule holds for as long as it selects anything.
    #[serde(default)]
    pub expr: String,
    /// The alert of a Prometheus that `expr` asks for.
    #[serde(default)]
    pub alert: Option<String>,
    /// `PromQL`; once the rule fires, it goes on for as long as this selects anything.
    #[serde(default)]
    pub clear: Option<String>,
    /// The collector that evaluates it elsewhere.
    pub source: Option<String>,
    /// How long the condition must hold before the rule fires.
    #[serde(default, rename = "for", deserialize_with = "duration::deserialize")]
    #[schemars(with = "DurationText")]
    pub hold: Duration,
    /// How long the rule goes on firing after the condition stopped to hold.
    #[serde(default, deserialize_with = "duration::deserialize")]
    #[schemars(with = "DurationText")]
    pub keep_firing_for: Duration,
    /// How bad it is when it fires.
    pub severity: Severity,
    /// What it is about.
    pub components: Vec<ComponentId>,
    /// Title of the incident that it opens; fixed words, no values.
    pub title: String,
    /// What it means for visitors; see [`RuleText`](crate::evaluate::rules::template::RuleText) for what may be filled in.
    pub text: String,
    /// How far it may go by itself.
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
