//! Why rules may open no incident at present.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::model::verdict::RuleId;

/// Why a rule is suppressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suppression {
    /// Planned work goes on in all of its components.
    Maintenance,
    /// People silenced at least one of its alerts.
    Silenced {
        /// The number of the silence that ends first.
        silence: i64,
        /// When that silence ends, and the rule is heard again.
        until: Timestamp,
    },
}

/// The rules that are suppressed, each with the reason.
pub type SuppressedRules = BTreeMap<RuleId, Suppression>;
