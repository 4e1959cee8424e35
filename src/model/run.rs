//! Where a rule stands in its present run: what a restart must not forget.

use jiff::Timestamp;

use crate::model::verdict::RuleId;

/// Since when a rule sees what it sees.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Run {
    /// First bad evaluation since it was last quiet.
    pub bad_since: Option<Timestamp>,
    /// Last bad evaluation of the present run.
    pub last_bad: Option<Timestamp>,
    /// First good evaluation of the present good run.
    pub good_since: Option<Timestamp>,
    /// First evaluation of the present stretch without data.
    pub unknown_since: Option<Timestamp>,
    /// Whether it fired in the present bad run.
    pub fired: bool,
}

/// A run with the rule that it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleRun {
    /// The rule.
    pub rule: RuleId,
    /// Its expression as written: another expression is another rule.
    pub expr: String,
    /// Where it stands.
    pub run: Run,
}
