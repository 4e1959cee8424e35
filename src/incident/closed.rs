//! Incidents that a person called over while their rules go on firing.

use std::sync::Arc;

use jiff::Timestamp;

use crate::model::incident::{Incident, Machine};
use crate::model::verdict::{State, Verdict};

/// What a closed incident's file is to say besides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Respect {
    /// The end that its author left out.
    pub end: Option<Timestamp>,
    /// What the service notes for itself.
    pub machine: Option<Machine>,
}

/// Whether a person called it over while the rule went on firing.
pub fn closed_by_hand(verdict: &Verdict, incidents: &[Arc<Incident>]) -> bool {
    incidents.iter().any(|incident| {
        incident.resolved == Some(true)
            && (incident.machine.muted.contains(&verdict.rule) || closed_while(incident, verdict))
    })
}

/// Whether a closed incident ended after its rule began to fire, or at a time
/// that its author left out.
fn closed_while(incident: &Incident, verdict: &Verdict) -> bool {
    verdict.state.is_firing()
        && incident.machine.rules.contains(&verdict.rule)
        && incident
            .resolved_when
            .is_none_or(|end| end >= verdict.state.since())
}

/// Notes which rules fire on after a person called the incident over, so that
/// a restart does not take them for a new outage; and forgets them once quiet.
pub fn respect(incident: &Incident, verdicts: &[Verdict]) -> Respect {
    let mut machine = incident.machine.clone();
    let mut quiet_since = None;
    let mut loud = false;
    let own = verdicts
        .iter()
        .filter(|verdict| incident.machine.rules.contains(&verdict.rule));
    for verdict in own {
        match verdict.state {
            State::Firing { .. } => {
                loud = true;
                if closed_while(incident, verdict) && !machine.muted.contains(&verdict.rule) {
                    machine.muted.push(verdict.rule.clone());
                }
            }
            State::Quiet { since } => {
                quiet_since = quiet_since.max(Some(since));
                machine.muted.retain(|rule| *rule != verdict.rule);
            }
            State::Pending { .. } | State::Unknown { .. } => loud = true,
        }
    }
    // An end that its author left out is when it got well.
    let end = quiet_since.filter(|_| !loud && incident.resolved_when.is_none());
    Respect {
        end,
        machine: (machine != incident.machine).then_some(machine),
    }
}
