//! How bad an incident is, as a whole and for each of its components.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::incident::reconcile::draft::Draft;
use crate::incident::reconcile::input::Input;
use crate::model::component::Severity;
use crate::model::time::duration::elapsed;
use crate::model::verdict::{RuleState, Verdict};

/// The severity that an incident falls to: the worst that still counts, if that is
/// milder.
///
/// A rule that was quiet for the hold counts no more. While all are quiet the
/// severity stays: then the incident is being monitored.
pub fn eased(draft: &Draft<'_>, hold: Duration, input: &Input<'_>) -> Option<Severity> {
    let before = draft.severity.filter(|_| !draft.locks.severity)?;
    if draft.firing.is_empty() {
        return None;
    }
    let level = own(draft, input)
        .filter(|verdict| counts(draft, verdict, hold, input))
        .map(|verdict| verdict.severity)
        .max()?;
    (level < before).then_some(level)
}

/// Records the level of each component that is better off than the whole.
///
/// A component that has recovered while others still fail is a notice. While all
/// are quiet the levels stay.
pub fn spread(draft: &mut Draft<'_>, hold: Duration, input: &Input<'_>) {
    if draft.firing.is_empty() {
        return;
    }
    let mut levels = BTreeMap::new();
    for component in input.observed.components {
        if !draft.affected.contains(&component.name) {
            continue;
        }
        let concerned = own(draft, input).filter(|verdict| {
            verdict.components.contains(&component.id) && counts(draft, verdict, hold, input)
        });
        let level = concerned.map(|verdict| verdict.severity).max();
        let level = level.unwrap_or(Severity::Notice);
        if Some(level) < draft.severity {
            levels.insert(component.name.clone(), level);
        }
    }
    draft.managed.levels = levels;
}

fn own<'s>(draft: &Draft<'_>, input: &Input<'s>) -> impl Iterator<Item = &'s Verdict> {
    let verdicts = input.observed.verdicts.iter();
    verdicts.filter(|verdict| {
        draft.has(&verdict.rule) && !draft.managed.overruled.contains(&verdict.rule)
    })
}

fn counts(draft: &Draft<'_>, verdict: &Verdict, hold: Duration, input: &Input<'_>) -> bool {
    match verdict.state {
        RuleState::Quiet { since } if input.is_seen_quiet(verdict) => {
            // Each of its rules fired once it was there.
            let noted = draft.managed.noted.filter(|noted| *noted <= input.now);
            let since = noted.map_or(since, |noted| noted.max(since));
            let quiet_for: Duration = elapsed(since, input.now);
            quiet_for < hold
        }
        RuleState::Quiet { .. }
        | RuleState::Pending { .. }
        | RuleState::Firing { .. }
        | RuleState::Unknown { .. } => true,
    }
}
