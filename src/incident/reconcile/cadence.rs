//! When the next update of an open incident is due, even if nothing changes.

use std::time::Duration;

use jiff::Timestamp;

use crate::model::incident::{EVENT, Incident};

/// The longest time between two updates of an open incident.
pub const AT_THE_LATEST: Duration = Duration::from_hours(1);

/// When the last update was written; events are not updates.
pub fn last_word(incident: &Incident) -> Option<Timestamp> {
    let words = incident
        .updates
        .iter()
        .filter(|update| update.word != EVENT);
    words.filter_map(|update| update.at).max()
}

/// When the next update is due: an hour after the last one.
///
/// A clock that went wrong may have dated an update in the future. It must not
/// delay the next one.
pub fn next_word(incident: &Incident, now: Timestamp) -> Timestamp {
    let last = last_word(incident)
        .or(incident.date)
        .unwrap_or(now)
        .min(now);
    last.checked_add(AT_THE_LATEST).unwrap_or(now)
}
