//! How far a rule has come, and how it goes on from there after a restart or a reload.

use std::collections::BTreeMap;

use crate::evaluate::rules::rule::Rule;
use crate::model::series::run::RuleProgress;

impl Rule {
    /// Whether it could not be evaluated when it was judged last.
    pub(crate) fn is_faulty(&self) -> bool {
        self.fault.is_some()
    }

    /// Where it stands, for a later run of the program.
    pub(crate) fn run(&self) -> RuleProgress {
        RuleProgress {
            firing_since: self.firing_since,
            good_since: self.good_since,
            unknown_since: self.unknown_since,
            alerts: self.alerts.runs(),
        }
    }

    /// Goes on where it stood in an earlier run of the program.
    pub(crate) fn resume(&mut self, run: &RuleProgress) {
        self.firing_since = run.firing_since;
        self.good_since = run.good_since;
        self.unknown_since = run.unknown_since;
        self.alerts.resume(&run.alerts);
    }

    /// The labels of its alerts that fire, each without the metric's name.
    pub(crate) fn firing(&self) -> Vec<&BTreeMap<String, String>> {
        self.alerts.firing()
    }

    /// The time since the last evaluation was not measured: the clock leapt.
    pub(crate) fn leap(&mut self) {
        self.alerts.leap();
    }

    /// Goes on from the same rule of earlier settings: one of another condition
    /// is another rule.
    pub(crate) fn go_on(&mut self, before: &Self) {
        if self.name() != before.name() {
            return;
        }
        self.resume(&before.run());
        if self.settings.text == before.settings.text {
            self.last_text.clone_from(&before.last_text);
        }
    }
}
