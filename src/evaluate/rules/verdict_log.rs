//! What rules say in the log: once when it changes.

use std::collections::BTreeMap;

use crate::model::verdict::{RuleId, RuleState, Verdict};

/// How many series of evidence are worth a line each.
const EVIDENCE: usize = 2;

/// Remembers the state of each rule when it was logged last.
#[derive(Debug, Default)]
pub(crate) struct VerdictLog {
    logged: BTreeMap<RuleId, &'static str>,
}

impl VerdictLog {
    /// Logs what differs from what was logged last.
    pub(crate) fn note(&mut self, verdicts: &[Verdict]) {
        for verdict in verdicts {
            if self.is_news(verdict) {
                log(verdict);
            }
        }
    }

    fn is_news(&mut self, verdict: &Verdict) -> bool {
        let word = verdict.state.word();
        let before = self.logged.get(&verdict.rule).copied();
        let change = match verdict.state {
            // What is only pending may come to nothing.
            RuleState::Pending { .. } => return false,
            RuleState::Firing { .. } => before != Some(word),
            // Before the first samples nothing can be known.
            RuleState::Unknown { .. } if before.is_none() => return false,
            RuleState::Quiet { .. } | RuleState::Unknown { .. } => {
                before.is_some_and(|logged| logged != word)
            }
        };
        self.logged.insert(verdict.rule.clone(), word);
        change
    }
}

fn log(verdict: &Verdict) {
    for evidence in verdict.evidence.iter().take(EVIDENCE) {
        tracing::info!(
            kind = "sample", rule.id = %verdict.rule,
            "{}: {} = {}", verdict.rule, evidence.series, evidence.value,
        );
    }
    let word = verdict.state.word();
    let since = verdict.state.since().strftime("%H:%M:%S%.3f");
    tracing::info!(
        kind = "verdict", rule.id = %verdict.rule,
        "{} {word} since {since}", verdict.rule,
    );
}
