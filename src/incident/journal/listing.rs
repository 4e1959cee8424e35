//! The visible incidents of the folder, in the order of cState's lists.

use std::cmp::Ordering;

use jiff::Timestamp;

use crate::incident::folder::Folder;
use crate::model::finding::Finding;
use crate::model::incident::Incident;
use crate::model::incidents::list::Incidents;

/// The incidents that are visible at `now`, in the order of cState's lists.
pub fn shown(folder: &Folder, build_future: bool, now: Timestamp) -> Incidents {
    let is_here = |date: Timestamp| build_future || date <= now;
    let mut incidents: Vec<_> = folder
        .incidents()
        .filter(|incident| incident.date.is_none_or(is_here))
        .filter(|incident| incident.expires.is_none_or(|expires| expires > now))
        .cloned()
        .collect();
    incidents.sort_by(|one, other| order(one, other));
    Incidents::new(incidents)
}

/// When a page appears or disappears by itself next.
pub(crate) fn next_turn(folder: &Folder, build_future: bool, now: Timestamp) -> Option<Timestamp> {
    let appears = |incident: &Incident| {
        let date = incident.date;
        date.filter(|date| !build_future && *date > now)
    };
    let turns = folder.incidents().flat_map(|incident| {
        [
            appears(incident),
            incident.expires.filter(|expires| *expires > now),
        ]
    });
    turns.flatten().min()
}

/// Logs the files that cannot be read now, but could before.
pub(crate) fn log_new(faults: &[Finding], before: &[Finding]) {
    for fault in faults.iter().filter(|fault| !before.contains(fault)) {
        tracing::warn!(
            incident.file = fault.file,
            line = fault.line,
            column = fault.column,
            error = fault.message,
            "cannot read incident file",
        );
    }
}

/// Hugo's order of pages: weights first, then the newest, then by title, for
/// which capitals are as small letters, and by path.
fn order(one: &Incident, other: &Incident) -> Ordering {
    let weight = |incident: &Incident| match incident.weight {
        0 => i64::MAX,
        weight => weight,
    };
    weight(one)
        .cmp(&weight(other))
        .then_with(|| other.date.cmp(&one.date))
        .then_with(|| small(&one.title).cmp(small(&other.title)))
        .then_with(|| (&one.title, &one.name).cmp(&(&other.title, &other.name)))
}

fn small(title: &str) -> impl Iterator<Item = char> {
    title.chars().flat_map(char::to_lowercase)
}
