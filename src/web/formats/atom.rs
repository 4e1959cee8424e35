//! `/feed.atom`: an entry for every incident and for every update (RFC 4287); and
//! `/history.atom`, where Statuspage has one entry for each incident.

use askama::Template;
use jiff::Timestamp;

use crate::model::component::Severity;
use crate::model::incident::{Incident, Update};
use crate::web::formats::feed::{FeedSize, MAX_ENTRIES, summary};
use crate::web::site::{Names, View};
use crate::web::text::links;
use crate::web::text::machine;
use crate::web::text::markdown;
use crate::web::text::update_ids::keys;

/// Stands for the site in ids while it has no address; RFC 4151.
const NOWHERE: &str = "tag:localhost,2026:";

#[derive(Template)]
#[template(path = "feed.atom.xml")]
struct Feed<'a> {
    id: String,
    title: &'a str,
    description: Option<&'a str>,
    updated: String,
    page: String,
    own: String,
    entries: Vec<AtomEntry>,
}

/// An entry before the newest are chosen.
struct DatedEntry<'a> {
    incident: &'a Incident,
    update: Option<(&'a Update, String)>,
    updated: Timestamp,
}

struct AtomEntry {
    id: String,
    title: String,
    published: String,
    updated: String,
    link: String,
    category: Option<&'static str>,
    html: String,
}

/// The feed of a view.
pub(crate) fn feed(view: &View<'_>) -> askama::Result<String> {
    render(view, ("/", "/feed.atom"), found(view))
}

/// The feed in Statuspage's manner: an entry tells an incident as a whole.
pub(crate) fn history(view: &View<'_>) -> askama::Result<String> {
    let mut found = found(view);
    found.retain(|entry| entry.update.is_none());
    render(view, ("/history.atom", "/history.atom"), found)
}

/// A feed with the path in its id, and its own.
fn render(
    view: &View<'_>,
    (place, own): (&str, &str),
    mut found: Vec<DatedEntry<'_>>,
) -> askama::Result<String> {
    let names = view.names;
    // Of the same moment the incident stands before its update.
    found.sort_by_key(|entry| std::cmp::Reverse(entry.updated));
    found.truncate(MAX_ENTRIES);
    let updated = found.first().map(|newest| newest.updated);
    let mut size = FeedSize::default();
    let entries = found.iter().map(|entry| entry.show(names, &mut size));
    Feed {
        id: id(names, place),
        title: &names.title,
        description: names.description.as_deref(),
        // A feed without an entry was never changed.
        updated: machine::iso(updated.unwrap_or(Timestamp::UNIX_EPOCH)),
        page: links::absolute(names, "/"),
        own: links::absolute(names, own),
        entries: entries.collect(),
    }
    .render()
}

fn found<'a>(view: &View<'a>) -> Vec<DatedEntry<'a>> {
    let incidents = view.board.facts.incidents.iter().map(AsRef::as_ref);
    let public = incidents.filter(|incident: &&Incident| incident.is_public());
    let mut found = Vec::new();
    for incident in public {
        let begun = incident.began_at().unwrap_or(Timestamp::UNIX_EPOCH);
        let changed = incident.changed(view.now);
        found.push(DatedEntry {
            incident,
            update: None,
            // Where nothing is dated but the day itself.
            updated: changed
                .filter(|at| Some(*at) != incident.date)
                .unwrap_or(begun),
        });
        for (update, key) in incident.updates.iter().zip(keys(&incident.updates)) {
            found.push(DatedEntry {
                incident,
                updated: update.at.unwrap_or(begun),
                update: Some((update, key)),
            });
        }
    }
    found
}

impl DatedEntry<'_> {
    fn show(&self, names: &Names, size: &mut FeedSize) -> AtomEntry {
        let incident = self.incident;
        let path = links::incident_path(incident);
        let short = || summary(incident, names);
        let (id, title, html) = match &self.update {
            None => {
                let html = size.bound(markdown::body(incident, names), short);
                (id(names, &path), incident.title.clone(), html)
            }
            Some((update, key)) => {
                let html = size.bound(markdown::render(&update.text, names), short);
                let title = format!("{}: {}", update.word, incident.title);
                (id(names, &format!("{path}#update-{key}")), title, html)
            }
        };
        let begun = match &self.update {
            None => incident.began_at().filter(|date| *date <= self.updated),
            Some(_) => None,
        };
        AtomEntry {
            id,
            // A title must not be empty for most readers.
            title: if title.trim().is_empty() {
                incident.id.0.clone()
            } else {
                title
            },
            published: machine::iso(begun.unwrap_or(self.updated)),
            updated: machine::iso(self.updated),
            link: links::incident(names, incident),
            category: incident.severity.map(Severity::word),
            html,
        }
    }
}

/// What names something for ever: its address, or a tag while there is none.
fn id(names: &Names, path: &str) -> String {
    match &names.url {
        Some(url) => format!("{url}{path}"),
        None => format!("{NOWHERE}{path}"),
    }
}
