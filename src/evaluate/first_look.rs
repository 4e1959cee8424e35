//! Rules that were not judged yet by anything measured since the program started.
//!
//! After a restart, rules go on from what an earlier run stored. If that run was
//! killed, its last moments are missing: a rule that had begun to fire is quiet
//! again, since a moment before the fault. What it says then is no look.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::evaluate::rules::rule::Rule;
use crate::evaluate::window::Window;
use crate::model::verdict::RuleId;

/// The rules that wait for their first look.
#[derive(Debug)]
pub(crate) struct FirstLook {
    started: Timestamp,
    waiting: BTreeSet<RuleId>,
}

impl FirstLook {
    /// Every rule waits at the start.
    pub(crate) fn new(rules: &[Rule], started: Timestamp) -> Self {
        let waiting = rules.iter().map(|rule| rule.name().0.clone());
        Self {
            started,
            waiting: waiting.collect(),
        }
    }

    /// Other settings start no program: what looked before has looked.
    pub(crate) fn go_on(&mut self, before: &Self) {
        self.started = before.started;
        self.waiting.retain(|rule| before.waiting.contains(rule));
    }

    /// The rules that still wait at `now`.
    pub(crate) fn waiting(
        &mut self,
        rules: &[Rule],
        window: &Window,
        now: Timestamp,
    ) -> &BTreeSet<RuleId> {
        if !self.waiting.is_empty() {
            let looked = rules
                .iter()
                .filter(|rule| rule.has_looked_since(window, self.started, now));
            for rule in looked {
                self.waiting.remove(rule.name().0);
            }
        }
        &self.waiting
    }
}
