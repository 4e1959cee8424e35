//! Which collectors are to ask faster: those whose rules may turn soon.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::evaluate::rules::rule::Rule;
use crate::evaluate::window::Window;
use crate::model::sample::{CollectorId, Expected};
use crate::model::verdict::{RuleState, Verdict};

/// The collectors that can ask faster, by the rules that read what they bring.
#[derive(Debug, Default)]
pub(crate) struct Hurry {
    /// For each rule, in the order of the settings.
    by_rule: Vec<Vec<CollectorId>>,
}

impl Hurry {
    /// Finds out which of the collectors that have a faster pace decide which rule.
    pub(crate) fn new(rules: &[Rule], expected: &[Expected], fast: &BTreeSet<CollectorId>) -> Self {
        let able: Vec<_> = expected
            .iter()
            .filter(|one| fast.contains(&one.collector))
            .collect();
        let readers = rules.iter().map(|rule| {
            let selectors = rule.selectors();
            let read = able.iter().filter(|one| {
                selectors.iter().any(|selector| {
                    let named = selector.name.as_deref();
                    let job = selector.wants("job");
                    named.is_none_or(|name| one.brings.may_be(name))
                        && job.is_none_or(|job| job == one.collector.0)
                })
            });
            read.map(|one| one.collector.clone()).collect()
        });
        Self {
            by_rule: readers.collect(),
        }
    }

    /// The collectors that are to ask faster now.
    pub(crate) fn hurried(
        &self,
        rules: &[Rule],
        verdicts: &[Verdict],
        window: &Window,
        now: Timestamp,
    ) -> BTreeSet<CollectorId> {
        let mut hurried = BTreeSet::new();
        for ((rule, verdict), collectors) in rules.iter().zip(verdicts).zip(&self.by_rule) {
            if !collectors.is_empty() && may_turn(rule, verdict, window, now) {
                hurried.extend(collectors.iter().cloned());
            }
        }
        hurried
    }
}

/// Whether a rule is about to change what it says: it is pending, recovers, or its value is
/// near the threshold. What cannot be seen is not seen sooner by asking more often.
fn may_turn(rule: &Rule, verdict: &Verdict, window: &Window, now: Timestamp) -> bool {
    match verdict.state {
        RuleState::Pending { .. } => true,
        RuleState::Unknown { .. } => false,
        RuleState::Firing { .. } => verdict.evidence.is_empty() || rule.is_near(window, now),
        RuleState::Quiet { .. } => rule.is_near(window, now),
    }
}
