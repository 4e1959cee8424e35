//! What another condition of a rule would have done.

use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::oneshot;

use crate::model::verdict::RuleId;

/// A rule as somebody wants to try it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleTrial {
    /// The rule.
    pub rule: RuleId,
    /// Its other condition.
    pub expr: String,
    /// What holds it once it fires; `None` is as in the settings.
    pub clear: Option<String>,
    /// How long the condition must hold; `None` is as in the settings.
    pub hold: Option<Duration>,
}

/// What becomes of an incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TriedFate {
    /// Only the changed rule opens it.
    New,
    /// Only the rule as it is opens it.
    Gone,
    /// Both do, at other moments.
    Moved,
    /// Both do alike.
    Same,
}

/// An incident of either.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TriedIncident {
    /// What becomes of it.
    pub fate: TriedFate,
    /// Its heading.
    pub title: String,
    /// When it begins.
    pub since: Timestamp,
    /// Seconds by which it begins later; negative is earlier.
    pub begins_later: i64,
    /// Seconds by which it ends later; `None` where one of them is open.
    pub ends_later: Option<i64>,
}

/// What the changed rule would have done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrialReport {
    /// The first moment that was looked at.
    pub from: Option<Timestamp>,
    /// The last one.
    pub until: Option<Timestamp>,
    /// Scrapes that were looked at.
    pub scrapes: u64,
    /// The incidents of both, the oldest first.
    pub changes: Vec<TriedIncident>,
    /// From when until when it would have fired.
    pub firings: Vec<(Timestamp, Option<Timestamp>)>,
}

/// A trial on its way.
#[derive(Debug)]
pub struct PendingTrial {
    /// What is tried.
    pub trial: RuleTrial,
    /// Takes what comes of it, or why nothing does.
    pub answer: oneshot::Sender<Result<TrialReport, String>>,
}
