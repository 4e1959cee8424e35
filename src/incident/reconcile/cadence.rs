//! The next word is promised, and kept though nothing has changed.

use std::time::Duration;

use jiff::Timestamp;

use crate::model::incident::{EVENT, Incident};

/// Nobody waits longer for a word on an open incident.
pub const AT_THE_LATEST: Duration = Duration::from_hours(1);

/// When somebody said something last; what was done to the service is no word.
pub fn last_word(incident: &Incident) -> Option<Timestamp> {
    let words = incident
        .updates
        .iter()
        .filter(|update| update.word != EVENT);
    words.filter_map(|update| update.at).max()
}

/// When the next word is due: an hour after the last one.
///
/// Words that lie in the future were written by a clock that went wrong; they
/// must not silence us.
pub fn next_word(incident: &Incident, now: Timestamp) -> Timestamp {
    let words = incident
        .updates
        .iter()
        .filter(|update| update.word != EVENT);
    let last = words.filter_map(|update| update.at).max();
    let last = last.or(incident.date).unwrap_or(now).min(now);
    last.checked_add(AT_THE_LATEST).unwrap_or(now)
}
