//! What was over a short while ago, for those who come to see whether it is.

use std::time::Duration;

use jiff::Timestamp;

use crate::model::incident::Incident;
use crate::model::time::duration::elapsed;
use crate::web::pages::incidents;
use crate::web::parts::context::{NamedLink, Present, was_planned};
use crate::web::parts::times;

/// For how long the first page tells of an end.
const TOLD: Duration = Duration::from_hours(24);

/// Ends that it tells of at most.
const MOST: usize = 3;

/// An incident that is over.
#[derive(Debug)]
pub(crate) struct RecentEnd {
    /// How long ago it was resolved, as HTML.
    pub(crate) ago: String,
    /// Its page.
    pub(crate) link: NamedLink,
    /// How long it lasted, in words; empty if nobody can tell.
    pub(crate) lasted: String,
}

/// The newest ends of the last hours.
pub(crate) fn recent_ends(present: &Present<'_>) -> Vec<RecentEnd> {
    let now = present.view.now;
    let recent = present.recent().iter();
    let mut ends: Vec<_> = recent
        .filter_map(|incident| Some((ended(incident)?, *incident)))
        .filter(|(at, _)| *at <= now && elapsed(*at, now) < TOLD)
        .collect();
    ends.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let shown = ends.into_iter().take(MOST);
    shown
        .map(|(at, incident)| RecentEnd {
            ago: present.ticking("resolved-ago", at),
            link: incidents::link(present, incident),
            lasted: incident.lasted().map_or_else(String::new, |span| {
                let span = times::span(&present.speech, span);
                present.speech.with("lasted", "span", span)
            }),
        })
        .collect()
}

/// When an outage ended; neither planned work nor a post is one, nor what a person
/// says never was, and nobody counts minutes from a day.
fn ended(incident: &Incident) -> Option<Timestamp> {
    let is_outage = incident.resolved == Some(true)
        && incident.severity.is_some()
        && !incident.informational
        && !incident.machine.withdrawn
        && !was_planned(incident);
    let at = incident.resolved_when.filter(|_| is_outage)?;
    incident.days.ended.is_none().then_some(at)
}
