//! Compares incidents as written with what is observed, and decides what to write.
//! Pure.
//!
//! It compares levels and follows no edges (law 1). Each step takes the open
//! incidents as they are written, finds the incident of every firing rule, and
//! writes the difference. So a restart, a missed step, another clock and an edited
//! or deleted file are not special cases.

pub mod cadence;
pub mod draft;
pub mod file_change;
pub mod gate;
pub mod input;
pub mod level;
pub mod ownership;
pub mod recurrence;
pub mod relation;
pub mod report;

pub mod suppression;
pub mod timeline;
pub mod transition;
pub mod wording;

#[cfg(test)]
mod tests;

use std::cmp::Reverse;

use crate::incident::file::change::{FileChange, Turn};
use crate::incident::reconcile::draft::Draft;
use crate::incident::reconcile::input::{Decision, Input};
use crate::incident::reconcile::recurrence::ManualEnd;
use crate::incident::reconcile::relation::upstream;
use crate::model::incident::Incident;
use crate::model::verdict::Verdict;

/// So many faults that nothing relates may open an incident each at a time; the
/// next ones join the gravest: they have a common cause that no `needs` tells of.
const STORM: usize = 5;

/// Decides what to write so that the files say what is true.
pub fn reconcile(input: &Input<'_>) -> Decision {
    let mut drafts: Vec<Draft<'_>> = input
        .incidents
        .iter()
        .filter(|incident| incident.resolved == Some(false) && incident.is_managed())
        .map(|incident| Draft::of(incident, input))
        .collect();
    for verdict in firing(input) {
        let at = place(&drafts, verdict, input).unwrap_or_else(|| {
            drafts.push(match recurring(verdict, input) {
                Some(incident) => Draft::again(incident, input),
                None => Draft::opened_by(verdict, input),
            });
            drafts.len() - 1
        });
        drafts[at].join(verdict, input);
    }
    let mut decision = Decision::default();
    for draft in drafts {
        file_change::decide(draft, input, &mut decision);
    }
    record_manual_ends(input, &mut decision);
    decision
}

/// Notes in closed files what their authors left out.
fn record_manual_ends(input: &Input<'_>, decision: &mut Decision) {
    let over = input
        .incidents
        .iter()
        .filter(|incident| incident.resolved == Some(true) && !incident.managed.rules.is_empty())
        .filter(|incident| !decision.changes.iter().any(|(id, _)| *id == incident.id))
        .collect::<Vec<_>>();
    for incident in over {
        let ManualEnd { end, managed } = recurrence::manual_end(incident, input);
        let change = FileChange {
            turn: end.map(Turn::Over),
            managed,
            ..FileChange::default()
        };
        if change != FileChange::default() {
            decision.changes.push((incident.id.clone(), change));
        }
    }
}

/// Firing verdicts that need an incident, the one to name it after first.
fn firing<'a>(input: &Input<'a>) -> Vec<&'a Verdict> {
    let observed = input.observed;
    let has_open_incident = |verdict: &Verdict| {
        let open = input.incidents.iter();
        open.filter(|incident| incident.resolved == Some(false))
            .any(|incident| incident.managed.rules.contains(&verdict.rule))
    };
    let mut firing: Vec<_> = observed
        .verdicts
        .iter()
        .filter(|verdict| verdict.state.is_firing() && verdict.publish.writes())
        // What is suppressed opens nothing, but what it holds open stays open.
        .filter(|verdict| {
            !observed.suppressed.contains_key(&verdict.rule) || has_open_incident(verdict)
        })
        .filter(|verdict| !recurrence::closed_by_hand(verdict, input.incidents, input.now))
        .collect();
    // Causes before symptoms: who needs nothing that fires comes first.
    firing.sort_by_cached_key(|verdict| {
        let reach = upstream(&verdict.components, observed.components);
        let causes = observed.verdicts.iter().filter(|other| {
            other.state.is_firing() && other.components.iter().any(|id| reach.contains(id))
        });
        (
            Reverse(verdict.severity),
            causes.count(),
            verdict.state.since(),
        )
    });
    firing
}

/// Which incident accounts for a firing verdict: its own, else one that is
/// related, else, in a storm, the gravest of the storm.
fn place(drafts: &[Draft<'_>], verdict: &Verdict, input: &Input<'_>) -> Option<usize> {
    let find = |fits: &dyn Fn(&Draft<'_>) -> bool| drafts.iter().position(fits);
    find(&|draft| draft.has(&verdict.rule))
        .or_else(|| find(&|draft| draft.takes_in(verdict, input)))
        .or_else(|| {
            let storm = |draft: &&Draft<'_>| draft.is_of_storm(verdict);
            let all = drafts.iter().filter(storm).count();
            let gravest = find(&|draft| draft.is_of_storm(verdict));
            gravest.filter(|_| all >= STORM && recurring(verdict, input).is_none())
        })
}

/// The incident that came back with a verdict; of several the one that began last.
fn recurring<'a>(verdict: &Verdict, input: &Input<'a>) -> Option<&'a Incident> {
    let incidents = input.incidents.iter().map(AsRef::as_ref);
    incidents
        .filter(|incident| recurrence::came_back(incident, verdict, input.now))
        .max_by_key(|incident: &&Incident| incident.date)
}
