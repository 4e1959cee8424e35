//! Incidents as a line of a list, and their updates.

use std::fmt::Display;
use std::time::Duration;

use jiff::Timestamp;

use crate::language::phases;
use crate::model::facts::weight;
use crate::model::incident::{Author, Incident, Update};
use crate::web::parts::context::{self, NamedLink, Present};
use crate::web::parts::look::sign::{self, Sign};
use crate::web::parts::times::{self, When};
use crate::web::text::cleaning;
use crate::web::text::links;
use crate::web::text::markdown;
use crate::web::text::timed::timed;

/// An incident as a line.
#[derive(Debug)]
pub(crate) struct IncidentLine {
    /// Its page.
    pub href: String,
    /// Heading.
    pub title: String,
    /// How bad it is or was.
    pub sign: Sign,
    /// The same as a word.
    pub word: String,
    /// Whether it is going on.
    pub open: bool,
    /// When it began.
    pub began: Option<When>,
    /// When it was well again.
    pub ended: Option<When>,
    /// How long it lasted, in a sentence of HTML; empty when nobody can tell.
    pub lasted: String,
    /// The components concerned.
    pub parts: Vec<NamedLink>,
}

/// An update as shown.
#[derive(Debug)]
pub(crate) struct UpdateView {
    /// When it was written.
    pub at: Option<When>,
    /// The word that opens it, in the language of the page where it is known.
    pub phase: String,
    /// The author, if known: `rule` or `person`.
    pub author: Option<&'static str>,
    /// Who wrote it by name, in words, where the site shows names.
    pub by: Option<String>,
    /// Its text, rendered.
    pub html: String,
}

/// An incident as a link to its page.
pub(crate) fn link(present: &Present<'_>, incident: &Incident) -> NamedLink {
    NamedLink {
        name: incident.title.clone(),
        href: present.to(&links::incident_path(incident)),
    }
}

/// Shows an incident as a line.
pub(crate) fn line(present: &Present<'_>, incident: &Incident) -> IncidentLine {
    let (speech, now) = (&present.speech, present.view.now);
    let going = present.work(incident);
    let sign = if going.is_some() || context::was_planned(incident) {
        Sign::Maintenance
    } else if incident.informational {
        Sign::Notice
    } else if incident.managed.withdrawn {
        // It never was.
        Sign::Ok
    } else {
        sign::severity(weight::shown_severity(incident))
    };
    let open = incident.is_active() && going.is_none_or(|work| work.stage.is_open());
    let ended = incident
        .resolved_when
        .filter(|_| incident.resolved == Some(true));
    let lasted = match ended.and_then(|_| incident.lasted()) {
        _ if incident.informational => String::new(),
        // A form that was left at its default says nothing.
        Some(span) if span < Duration::from_secs(1) => String::new(),
        Some(span) => speech.with("lasted", "span", times::span(speech, span)),
        None if open && incident.date.is_some_and(|date| date <= now) => {
            present.lasting(incident).unwrap_or_default()
        }
        None => String::new(),
    };
    IncidentLine {
        href: present.to(&links::incident_path(incident)),
        title: incident.title.clone(),
        sign,
        word: word(present, incident, sign),
        open,
        began: present.dated(incident.date, incident.days.began),
        ended: ended.and_then(|at| present.dated(Some(at), incident.days.ended)),
        lasted,
        parts: present.links(&incident.affected),
    }
}

/// How an incident is, in a word.
fn word(present: &Present<'_>, incident: &Incident, sign: Sign) -> String {
    let speech = &present.speech;
    if let Some(work) = present.work(incident) {
        return speech.say(&format!("stage-{}", work.stage.word().replace(' ', "-")));
    }
    let over = incident.resolved == Some(true);
    if incident.informational {
        speech.say("word-post")
    } else if over && sign == Sign::Maintenance {
        let mut words = incident
            .updates
            .iter()
            .map(|update| update.word.to_lowercase());
        let off = words.any(|word| word.starts_with("cancel"));
        speech.say(if off {
            "stage-cancelled"
        } else {
            "stage-completed"
        })
    } else if incident.managed.withdrawn {
        speech.say("word-withdrawn")
    } else if over {
        speech.say("word-resolved")
    } else {
        sign.word(speech)
    }
}

/// An incident's updates with all that belongs to each.
pub(crate) fn updates(
    present: &Present<'_>,
    incident: &Incident,
    more: &[impl Display],
) -> Vec<UpdateView> {
    let updates = incident.updates.iter().zip(more);
    updates
        .map(|(update, more)| UpdateView {
            at: present.dated(update.at, update.day),
            phase: phases::phase(&present.speech, &update.word),
            author: author(incident, update),
            by: named(present, update),
            html: render_at(
                present,
                &format!("{}\n\n{more}", update.text),
                update.at.filter(|_| update.author == Author::Rule),
            ),
        })
        .collect()
}

/// The author of an update, on sites where both people and rules write.
fn author(incident: &Incident, update: &Update) -> Option<&'static str> {
    let shows_authors = incident.is_managed() || !incident.managed.wrote.is_empty();
    shows_authors.then_some(match update.author {
        Author::Rule => "rule",
        Author::Person => "person",
    })
}

/// Who wrote an update, on sites that show names.
fn named(present: &Present<'_>, update: &Update) -> Option<String> {
    let name = update
        .by
        .as_deref()
        .filter(|_| present.view.names.authors)?;
    Some(present.speech.tell("author-named", [("name", name.into())]))
}

/// Markdown of a file in the language of the page.
pub(crate) fn render(present: &Present<'_>, text: &str) -> String {
    render_at(present, text, None)
}

/// The same for words that we wrote at a moment: each clock in them is one near it.
fn render_at(present: &Present<'_>, text: &str, written: Option<Timestamp>) -> String {
    let names = present.view.names;
    let html = markdown::render_for_page(text, names, &present.speech);
    timed(&html, written, &names.zone, |at| present.when(at).html())
}

/// Everything that a file says, as HTML.
pub(crate) fn body(present: &Present<'_>, incident: &Incident) -> String {
    if incident.is_html() {
        return cleaning::clean(&incident.body);
    }
    let mut updates = incident.updates.iter();
    let newest = incident.updates.first().and_then(|newest| newest.at);
    let is_ours = updates.all(|update| update.author == Author::Rule);
    render_at(present, &incident.body, newest.filter(|_| is_ours))
}
