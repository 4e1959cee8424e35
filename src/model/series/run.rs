//! Where a rule stands in its present run: what a restart must not forget.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::verdict::RuleId;

/// Since when a rule sees what it sees.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleProgress {
    /// First bad evaluation of what has fired and is not over.
    pub firing_since: Option<Timestamp>,
    /// First good evaluation of the present good run.
    pub good_since: Option<Timestamp>,
    /// First evaluation of the present stretch without data.
    pub unknown_since: Option<Timestamp>,
    /// The alerts that are pending or firing, sorted by their labels.
    pub alerts: Vec<AlertRun>,
}

/// Where the alert of one series stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertRun {
    /// The labels of its series, without the metric's name.
    pub labels: BTreeMap<String, String>,
    /// Its first bad evaluation.
    pub since: Timestamp,
    /// For how long it was seen to be bad, until it fired.
    pub bad: Duration,
    /// Whether it was bad for long enough.
    pub fired: bool,
    /// For how long it was seen to be good since, if it is kept firing.
    pub good: Option<Duration>,
    /// Until when that was counted; `None` if nothing is, or nobody saw it last.
    pub counted: Option<Timestamp>,
}

/// A run with the rule that it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleRun {
    /// The rule.
    pub rule: RuleId,
    /// Its expression as written: another expression is another rule.
    pub expr: String,
    /// Where it stands.
    pub run: RuleProgress,
}
