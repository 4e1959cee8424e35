//! Incidents that are over: those that recur, and those that a person closed.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::incident::reconcile::input::Input;
use crate::model::incident::Incident;
use crate::model::incidents::managed::Managed;
use crate::model::time::duration::elapsed;
use crate::model::verdict::{Publish, RuleState, Verdict};

/// A failure within this time after the end is the same incident.
const SOON: Duration = Duration::from_hours(1);

/// What is still to be written into the file of a closed incident.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ManualEnd {
    /// The end, if its author left it out.
    pub end: Option<Timestamp>,
    /// The managed keys, if they change.
    pub managed: Option<Managed>,
}

/// Whether a person resolved an incident of the rule while it went on firing.
pub fn closed_by_hand(verdict: &Verdict, incidents: &[Arc<Incident>], now: Timestamp) -> bool {
    incidents.iter().any(|incident| {
        // A recurrence by another rule leaves this one overruled.
        incident.managed.overruled.contains(&verdict.rule)
            || incident.resolved == Some(true) && closed_while(incident, verdict, now)
    })
}

/// Whether an incident that is over recurs with a verdict: one of its own rules
/// fires soon after the end.
///
/// A rule that is only related may have found another fault, which must not appear
/// under this title; and what never was does not recur.
pub fn came_back(incident: &Incident, verdict: &Verdict, now: Timestamp) -> bool {
    let newest = incident.updates.first().and_then(|update| update.at);
    let seen = usable_end(incident, now).or(incident.managed.good_since);
    let since = verdict.state.since();
    let soon = seen
        .max(newest)
        .is_some_and(|over| elapsed(over, since) <= SOON);
    incident.resolved == Some(true)
        && !incident.managed.withdrawn
        && incident.managed.rules.contains(&verdict.rule)
        && incident.draft == (verdict.publish == Publish::Draft)
        && soon
}

/// The end that a person wrote, if it can be one: neither before the beginning
/// nor still to come.
fn usable_end(incident: &Incident, now: Timestamp) -> Option<Timestamp> {
    let end = incident.resolved_when?;
    // Our own end counts, whatever the clock said when it was written.
    if incident.managed.ended == Some(end) {
        return Some(end);
    }
    let begun = incident.date.is_none_or(|date| date < end);
    (begun && end <= now).then_some(end)
}

/// Whether our own end is still to come: a clock that was ahead wrote it, and
/// nobody has touched it since.
fn is_ahead(incident: &Incident, now: Timestamp) -> bool {
    let end = incident.resolved_when.filter(|end| *end > now);
    end.is_some() && end == incident.managed.ended
}

/// Whether a closed incident ended after its rule began to fire.
///
/// Where the end is left out or cannot be true, what counts is whether the rule
/// was seen quiet since.
fn closed_while(incident: &Incident, verdict: &Verdict, now: Timestamp) -> bool {
    let since = verdict.state.since();
    let ended = usable_end(incident, now).or(incident.managed.good_since);
    // The service ends nothing while its rules fire; after that only a clock that
    // steps back lets one fire before the end.
    let is_own_end = incident
        .resolved_when
        .is_some_and(|end| incident.managed.ended == Some(end));
    verdict.state.is_firing()
        && !is_own_end
        && incident.managed.rules.contains(&verdict.rule)
        && !is_ahead(incident, now)
        && ended.is_none_or(|end| end >= since || is_typed_within(incident, end, since))
}

/// Whether a person's end is in the second in which a rule began to fire: people
/// type whole seconds.
fn is_typed_within(incident: &Incident, end: Timestamp, since: Timestamp) -> bool {
    incident.resolved_when == Some(end) && end.as_second() == since.as_second()
}

/// Completes the file of a closed incident. It records rules that fire on after a
/// person resolved the incident, so that a restart takes none of them for a new
/// outage, and removes each once it is quiet.
pub fn manual_end(incident: &Incident, input: &Input<'_>) -> ManualEnd {
    let now = input.now;
    let mut managed = incident.managed.clone();
    let mut quiet_since = None;
    let mut failing = false;
    for verdict in input.observed.verdicts {
        if !incident.managed.rules.contains(&verdict.rule) {
            continue;
        }
        match verdict.state {
            RuleState::Firing { .. } => {
                failing = true;
                let new = !managed.overruled.contains(&verdict.rule);
                if new && closed_while(incident, verdict, now) {
                    managed.overruled.push(verdict.rule.clone());
                }
            }
            RuleState::Quiet { .. } if input.is_seen_quiet(verdict) => {
                quiet_since = quiet_since.max(Some(verdict.since()));
                managed.overruled.retain(|rule| *rule != verdict.rule);
            }
            RuleState::Pending { .. } => failing = true,
            // A rule that cannot be seen must not overrule the others for ever.
            RuleState::Quiet { .. } | RuleState::Unknown { .. } => {}
        }
    }
    if is_ahead(incident, now) {
        // The recovery by the present clock, if it was seen.
        let end = quiet_since
            .filter(|_| !failing)
            .map_or(now, |since| since.min(now));
        let end = incident.date.map_or(end, |date| end.max(date));
        // While the beginning is still to come as well, there is no better one.
        let end = (incident.managed.ended != Some(end)).then_some(end);
        managed.ended = end.or(managed.ended);
        return ManualEnd {
            end,
            managed: (managed != incident.managed).then_some(managed),
        };
    }
    let well = quiet_since.filter(|_| !failing && usable_end(incident, now).is_none());
    // A missing end becomes the recovery. An impossible end stays as written, and
    // the recovery is recorded beside it.
    let end = well.filter(|_| incident.resolved_when.is_none());
    let end = end.map(|end| incident.date.map_or(end, |date| end.max(date)));
    let usable = end.is_some_and(|end| incident.date.is_none_or(|date| date < end));
    if !usable && well.is_some() && managed.good_since.is_none() {
        managed.good_since = well;
    }
    managed.ended = end.or(managed.ended);
    ManualEnd {
        end,
        managed: (managed != incident.managed).then_some(managed),
    }
}
