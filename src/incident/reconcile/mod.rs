//! What is written and what is true go in; what to write comes out. Pure.

pub mod draft;
pub mod scene;
#[cfg(test)]
mod tests;

use std::cmp::Reverse;

use crate::incident::closed::{self, Respect};
use crate::incident::reconcile::draft::Draft;
use crate::incident::reconcile::scene::{Change, Outcome, Scene, Turn};
use crate::incident::relation::upstream;
use crate::model::incident::Incident;
use crate::model::verdict::{Publish, Verdict};

/// Decides what to write so that the files say what is true.
pub fn reconcile(scene: &Scene<'_>) -> Outcome {
    let mut drafts: Vec<Draft<'_>> = scene
        .incidents
        .iter()
        .filter(|incident| incident.resolved == Some(false))
        .filter(|incident| !incident.machine.rules.is_empty())
        .map(|incident| Draft::of(incident, scene))
        .collect();
    for verdict in firing(scene) {
        let at = place(&drafts, verdict, scene).unwrap_or_else(|| {
            drafts.push(match recurring(verdict, scene) {
                Some(incident) => Draft::again(incident, scene),
                None => Draft::opened_by(verdict),
            });
            drafts.len() - 1
        });
        drafts[at].join(verdict, scene);
    }
    let mut outcome = Outcome::default();
    for draft in drafts {
        draft.settle(scene, &mut outcome);
    }
    let over = scene
        .incidents
        .iter()
        .filter(|incident| incident.resolved == Some(true))
        .filter(|incident| !incident.machine.rules.is_empty())
        .filter(|incident| !outcome.changes.iter().any(|(id, _)| *id == incident.id))
        .collect::<Vec<_>>();
    for incident in over {
        let Respect { end, machine } = closed::respect(incident, scene.truth.verdicts, scene.now);
        let change = Change {
            turn: end.map(Turn::Over),
            machine,
            ..Change::default()
        };
        if change != Change::default() {
            outcome.changes.push((incident.id.clone(), change));
        }
    }
    outcome
}

/// Firing verdicts that need an incident, the one to name it after first.
fn firing<'a>(scene: &Scene<'a>) -> Vec<&'a Verdict> {
    let mut firing: Vec<_> = scene
        .truth
        .verdicts
        .iter()
        .filter(|verdict| verdict.state.is_firing() && verdict.publish != Publish::Internal)
        .filter(|verdict| !closed::closed_by_hand(verdict, scene.incidents, scene.now))
        .collect();
    // Causes before symptoms: who needs nothing that fires comes first.
    firing.sort_by_cached_key(|verdict| {
        let reach = upstream(&verdict.components, scene.truth.components);
        let causes = scene.truth.verdicts.iter().filter(|other| {
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

/// Which incident accounts for a firing verdict: its own, else one that is related.
fn place(drafts: &[Draft<'_>], verdict: &Verdict, scene: &Scene<'_>) -> Option<usize> {
    let own = drafts.iter().position(|draft| draft.has(&verdict.rule));
    own.or_else(|| {
        drafts
            .iter()
            .position(|draft| draft.takes_in(verdict, scene))
    })
}

/// The incident that came back with a verdict; of several the one that began last.
fn recurring<'a>(verdict: &Verdict, scene: &Scene<'a>) -> Option<&'a Incident> {
    let incidents = scene.incidents.iter().map(AsRef::as_ref);
    incidents
        .filter(|incident| closed::came_back(incident, verdict, scene.now))
        .max_by_key(|incident: &&Incident| incident.date)
}
