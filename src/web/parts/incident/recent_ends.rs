//! Incidents that ended a short while ago, for visitors who check whether they did.

use std::time::Duration;

use jiff::Timestamp;

use crate::model::incident::Incident;
use crate::model::time::duration::elapsed;
use crate::web::pages::incidents;
use crate::web::parts::context::{NamedLink, Present, was_planned};
use crate::web::parts::times;

/// How long the first page shows an end.
const TOLD: Duration = Duration::from_hours(24);

/// How long it shows a post-mortem.
const LEARNED: Duration = Duration::from_hours(7 * 24);

/// Maximum number of ends that it shows.
const MOST: usize = 3;

/// An incident that is over.
#[derive(Debug)]
pub(crate) struct RecentEnd {
    /// How long ago it was resolved, or its post-mortem published, as HTML.
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
    let within = |at: Timestamp, span| at <= now && elapsed(at, now) < span;
    let mut ends: Vec<(Timestamp, RecentEnd)> = recent
        .filter_map(|incident| {
            let learned = learned(incident).filter(|at| within(*at, LEARNED));
            let ended = ended(incident).filter(|at| within(*at, TOLD));
            // A post-mortem says that it is over, too.
            let (at, words) = match (learned, ended) {
                (Some(at), _) => (at, "post-mortem-ago"),
                (None, Some(at)) => (at, "resolved-ago"),
                (None, None) => return None,
            };
            let end = RecentEnd {
                ago: present.ticking(words, at),
                link: incidents::link(present, incident),
                lasted: incident.lasted().map_or_else(String::new, |span| {
                    let span = times::span(&present.speech, span);
                    present.speech.with("lasted", "span", span)
                }),
            };
            Some((at, end))
        })
        .collect();
    ends.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    ends.into_iter().take(MOST).map(|(_, end)| end).collect()
}

/// When the post-mortem of an incident was published.
fn learned(incident: &Incident) -> Option<Timestamp> {
    let over = incident.resolved == Some(true) && !incident.informational;
    let mut updates = incident.updates.iter().filter(|_| over);
    let published = updates.find(|update| {
        let word = update.word.to_lowercase();
        word == "post-mortem" || word == "postmortem"
    });
    published?.at
}

/// When an outage ended; neither planned work nor a post is one, nor what a person
/// says never was, and nobody counts minutes from a day.
fn ended(incident: &Incident) -> Option<Timestamp> {
    let is_outage = incident.resolved == Some(true)
        && incident.severity.is_some()
        && !incident.informational
        && !incident.managed.withdrawn
        && !was_planned(incident);
    let at = incident.resolved_when.filter(|_| is_outage)?;
    incident.days.ended.is_none().then_some(at)
}
