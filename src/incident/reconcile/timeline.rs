//! Adds events to the timeline of an incident.

use std::time::Duration;

use crate::incident::reconcile::draft::Draft;
use crate::incident::reconcile::input::Input;
use crate::incident::reconcile::relation::related;
use crate::incident::reconcile::wording;
use crate::model::event::{Event, EventKind};
use crate::model::incident::{EVENT, Update};
use crate::model::time::moment::whole;

/// Events so shortly before the first bad sample belong to the incident.
const BEFORE: Duration = Duration::from_mins(15);

/// Returns new events as updates, oldest first, and records the last change, after
/// which monitoring starts again.
pub fn take_in(draft: &mut Draft<'_>, input: &Input<'_>) -> Vec<Update> {
    let from = draft.date.checked_sub(BEFORE).unwrap_or(draft.date);
    let last = draft.managed.last_event;
    let mut updates: Vec<Update> = Vec::new();
    for event in input.observed.events {
        let new = last.is_none_or(|last| event.noted > last);
        if !new || event.at > input.now {
            continue;
        }
        draft.managed.last_event = draft.managed.last_event.max(Some(event.noted));
        if event.at < from || !concerns(event, draft, input) {
            continue;
        }
        if event.kind.is_change() {
            draft.managed.changed = draft.managed.changed.max(Some(whole(event.at)));
        }
        let written = draft.written.iter().flat_map(|written| &written.updates);
        let written = written.filter(|update| update.word == EVENT);
        let known: Vec<_> = written.chain(&updates).collect();
        // In another language it is the same event.
        let (at, text) = (whole(event.at), wording::event_text(event));
        let is_known = |one: &&Update| one.at.map(whole) == Some(at) && one.text.ends_with(&text);
        if !known.iter().any(is_known) {
            let mut texts = known.iter().map(|one| &one.text);
            let is_first = !texts.any(|text| wording::is_first_report(text));
            let text = input.wording.event(event, is_first);
            updates.push(Update::plain(event.at, EVENT, text));
        }
    }
    updates.sort_by_key(|update| update.at);
    updates
}

/// The last change of a limit that concerns the components of the leading rule.
pub fn remedy<'a>(draft: &Draft<'_>, input: &Input<'a>) -> Option<&'a Event> {
    let lead = input.verdict(draft.managed.rules.first()?)?;
    let limits = input.observed.events.iter().filter(|event| {
        event.kind == EventKind::Limit
            && event.at >= draft.date
            && event.at <= input.now
            && event
                .components
                .iter()
                .any(|id| lead.components.contains(id))
    });
    limits.max_by_key(|event| event.at)
}

/// Whether an event concerns the incident; one without components always does.
fn concerns(event: &Event, draft: &Draft<'_>, input: &Input<'_>) -> bool {
    event.components.is_empty()
        || related(
            &draft.components,
            &event.components,
            input.observed.components,
        )
}
