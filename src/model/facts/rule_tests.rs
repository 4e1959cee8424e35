//! What the unit tests of rules say.

use serde::Serialize;

use crate::model::verdict::RuleId;

/// One comparison of a test.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TestOutcome {
    /// The line of what was expected.
    pub line: usize,
    /// The test that it belongs to.
    pub test: String,
    /// What was compared: a rule's id, or an expression.
    pub what: String,
    /// The moment, as Prometheus writes durations.
    pub at: String,
    /// Whether it came as expected.
    pub passed: bool,
    /// What was expected.
    pub expected: String,
    /// What came.
    pub got: String,
}

/// What came of all tests of the settings in force.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum RuleTestReport {
    /// They run at the moment.
    #[default]
    Running,
    /// There is no file of this name beside the settings.
    Missing(String),
    /// The file cannot be read, and why.
    Unreadable(String),
    /// Each comparison, in the order of the file of this name.
    Done(String, Vec<TestOutcome>),
}

impl RuleTestReport {
    /// The comparisons of a rule.
    pub fn of(&self, rule: &RuleId) -> Vec<&TestOutcome> {
        match self {
            Self::Done(_, outcomes) => outcomes.iter().filter(|one| one.what == rule.0).collect(),
            Self::Running | Self::Missing(_) | Self::Unreadable(_) => Vec::new(),
        }
    }
}
