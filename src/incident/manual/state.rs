//! A component whose state somebody holds by hand: an open incident that says so.

use crate::incident::reconcile::wording::Wording;
use crate::model::component::{Component, Severity};
use crate::model::incident::Incident;
use crate::model::request::incidents::incident_change::{
    AskedLevels, ChangeTarget, ChangedKeys, IncidentChange, IncidentEdit, NewIncident, Opener,
    StateByHand,
};

/// What must change for a component to be in a state; `None` if it is.
///
/// A state is held by one incident of its own: it begins, gets worse or better, and
/// ends. What rules or people say in other incidents stays as it is.
pub fn plan(
    component: &Component,
    state: StateByHand,
    text: Option<&str>,
    holder: Option<&Incident>,
    wording: &Wording,
) -> Option<IncidentChange> {
    let words = |severity: Severity| {
        let words = || wording.held(&component.name, severity);
        text.map_or_else(words, str::to_owned)
    };
    match (holder, state) {
        (None, StateByHand::Well) => None,
        (None, StateByHand::Bad(severity)) => Some(IncidentChange::Open(NewIncident {
            title: wording.held(&component.name, severity),
            severity,
            affected: vec![component.name.clone()],
            levels: AskedLevels::new(),
            date: None,
            over: None,
            draft: false,
            join: false,
            opener: Opener::Investigating,
            text: words(severity),
            state_of: Some(component.id.clone()),
        })),
        (Some(holder), StateByHand::Bad(severity)) => {
            if holder.severity == Some(severity) && text.is_none() {
                return None;
            }
            let edit = IncidentEdit::Update {
                opener: Opener::Update,
                keys: ChangedKeys {
                    severity: Some(severity),
                    ..ChangedKeys::default()
                },
                text: Some(words(severity)),
            };
            Some(edited(holder, edit))
        }
        (Some(holder), StateByHand::Well) => {
            let edit = IncidentEdit::Resolve {
                at: None,
                text: text.map(str::to_owned),
            };
            Some(edited(holder, edit))
        }
    }
}

fn edited(holder: &Incident, edit: IncidentEdit) -> IncidentChange {
    IncidentChange::Edit(ChangeTarget::File(holder.name.clone()), edit)
}

/// Whether an incident holds the state of a component at present.
pub fn holds(incident: &Incident, component: &Component) -> bool {
    incident.resolved == Some(false) && incident.managed.state_of.as_ref() == Some(&component.id)
}
