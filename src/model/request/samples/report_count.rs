//! Reports of users, counted: handed from the page to who makes samples of them.

use std::collections::BTreeMap;

/// What the counter is called, for rules and among our own metrics.
pub const REPORTS: &str = "critwatch_reports_total";

/// Reports since we began, by the id of a component; an empty one is for those
/// who do not know what it is that fails.
pub type ReportCounts = BTreeMap<String, u32>;
