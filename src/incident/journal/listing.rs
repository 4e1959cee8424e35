//! The visible incidents of the folder, in the order of cState's lists.

use std::cmp::Reverse;
use std::sync::Arc;

use jiff::Timestamp;

use crate::incident::folder::Folder;
use crate::model::finding::Finding;
use crate::model::incident::Incident;
use crate::model::incidents::list::Incidents;

/// The incidents that are visible at `now`, in the order of cState's lists.
pub fn shown(folder: &Folder, build_future: bool, now: Timestamp) -> Incidents {
    let is_here = |date: Timestamp| build_future || date <= now;
    let mut incidents: Vec<_> = folder
        .contents()
        .incidents()
        .filter(|incident| incident.date.is_none_or(is_here))
        .filter(|incident| incident.expires.is_none_or(|expires| expires > now))
        .cloned()
        .collect();
    sort(&mut incidents);
    Incidents::new(incidents)
}

/// When a page appears or disappears by itself next.
pub(crate) fn next_turn(folder: &Folder, build_future: bool, now: Timestamp) -> Option<Timestamp> {
    let appears = |incident: &Incident| {
        let date = incident.date;
        date.filter(|date| !build_future && *date > now)
    };
    let turns = folder.contents().incidents().flat_map(|incident| {
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

/// Logs what open incidents have lost now, and had before.
pub(crate) fn log_lost(lost: &[Finding], before: &[Finding]) {
    for one in lost.iter().filter(|one| !before.contains(one)) {
        tracing::warn!(
            incident.file = one.file,
            line = one.line,
            error = one.message,
            "incident file has lost something that its incident keeps",
        );
    }
}

/// Puts pages in Hugo's order: weights first, then the newest, then by title, for
/// which capitals are as small letters, and by path.
///
/// Titles are looked at only where they decide: of ten thousand incidents few share
/// a moment.
fn sort(incidents: &mut [Arc<Incident>]) {
    let rank = |incident: &Arc<Incident>| {
        let weight = match incident.weight {
            0 => i64::MAX,
            weight => weight,
        };
        (weight, Reverse(incident.date))
    };
    incidents.sort_by_cached_key(rank);
    for tied in incidents.chunk_by_mut(|one, other| rank(one) == rank(other)) {
        tied.sort_by(|one, other| {
            let by_title = small(&one.title).cmp(small(&other.title));
            by_title.then_with(|| (&one.title, &one.name).cmp(&(&other.title, &other.name)))
        });
    }
}

fn small(title: &str) -> impl Iterator<Item = char> {
    title.chars().flat_map(char::to_lowercase)
}
