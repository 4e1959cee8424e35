//! The pages of incidents: one, and the list of all.

use std::time::Duration;

use askama::Template;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::model::component::{Health, Severity};
use crate::model::duration::spoken;
use crate::model::incident::Incident;
use crate::web::frame::Frame;
use crate::web::markdown;
use crate::web::site::{Names, View};
use crate::web::words::{self, When};

/// An update as shown.
#[derive(Debug)]
pub struct UpdateView {
    /// When it was written.
    pub at: Option<When>,
    /// The word that opens it.
    pub phase: String,
    /// Its text, rendered.
    pub html: String,
}

/// An incident as shown.
#[derive(Debug)]
pub struct IncidentView {
    /// Its page.
    pub href: String,
    /// Heading.
    pub title: String,
    /// What its sign shows.
    pub health: Health,
    /// How it is by now: what was is over when it is resolved.
    pub state: Health,
    /// How bad it was, if it is over.
    pub was: Option<&'static str>,
    /// What stands beside the sign.
    pub word: &'static str,
    /// Whether it is going on.
    pub open: bool,
    /// Names of the components concerned, in a row.
    pub affected: String,
    /// First bad sample.
    pub began: Option<When>,
    /// When it was well again.
    pub ended: Option<When>,
    /// How long it lasted, or lasts; empty when nobody can tell.
    pub lasted: String,
    /// The newest updates.
    pub updates: Vec<UpdateView>,
    /// The whole body, rendered.
    pub html: String,
}

impl IncidentView {
    /// Shows an incident's head, without its texts.
    pub fn head(incident: &Incident, now: Timestamp, zone: &TimeZone) -> Self {
        let open = incident.is_active();
        let health = words::drawn(incident.severity);
        let over = incident.resolved == Some(true) && !incident.informational;
        let ended = incident
            .resolved_when
            .filter(|_| incident.resolved == Some(true));
        let lasted = incident
            .date
            .zip(ended.or(open.then_some(now)))
            .map(|(from, to)| to.duration_since(from).try_into().unwrap_or(Duration::ZERO));
        Self {
            href: format!("/issues/{}/", words::address(&incident.id.0)),
            title: incident.title.clone(),
            health: if incident.informational {
                Health::Notice
            } else {
                health
            },
            state: if over { Health::Ok } else { health },
            was: incident.severity.filter(|_| over).map(Severity::word),
            word: match (incident.informational, incident.resolved) {
                (true, _) => "post",
                (false, Some(true)) => "resolved",
                (false, _) => words::health(health),
            },
            open,
            affected: words::row(&incident.affected),
            began: incident.date.map(|at| words::when(at, now, zone)),
            ended: ended.map(|at| words::when(at, now, zone)),
            lasted: match lasted {
                Some(lasted) if !incident.informational => {
                    // A form that was left at its default says nothing.
                    if lasted < Duration::from_secs(1) {
                        String::new()
                    } else {
                        spoken(lasted)
                    }
                }
                _ => String::new(),
            },
            updates: Vec::new(),
            html: String::new(),
        }
    }

    /// Shows an incident with its newest updates and its text.
    pub fn new(incident: &Incident, updates: usize, now: Timestamp, names: &Names) -> Self {
        let zone = &names.zone;
        let shown = incident
            .updates
            .iter()
            .take(updates)
            .map(|update| UpdateView {
                at: update.at.map(|at| words::when(at, now, zone)),
                phase: update.word.clone(),
                html: markdown::render(&update.text, names),
            });
        let html = if incident.is_html() {
            markdown::clean(&incident.body)
        } else {
            markdown::render(&incident.body, names)
        };
        Self {
            updates: shown.collect(),
            html,
            ..Self::head(incident, now, zone)
        }
    }
}

#[derive(Template)]
#[template(path = "incident.html")]
struct IncidentPage<'a> {
    frame: Frame<'a>,
    incident: IncidentView,
}

/// The page of one incident; `None` if there is none of that name.
pub fn page(view: &View<'_>, slug: &str) -> Option<askama::Result<String>> {
    let incident = view.board.incident(slug)?;
    let page = IncidentPage {
        frame: Frame::new(view),
        incident: IncidentView::new(incident, 0, view.now, view.names),
    };
    Some(page.render())
}

struct Year {
    name: String,
    incidents: Vec<IncidentView>,
}

#[derive(Template)]
#[template(path = "incidents.html")]
struct ListPage<'a> {
    frame: Frame<'a>,
    years: Vec<Year>,
}

/// The list of all incidents by year, newest first.
pub fn list(view: &View<'_>) -> askama::Result<String> {
    let zone = &view.names.zone;
    let mut years: Vec<Year> = Vec::new();
    for incident in view
        .board
        .incidents
        .iter()
        .filter(|incident| incident.is_public())
    {
        let year = incident
            .date
            .map(|date| date.to_zoned(zone.clone()).year().to_string());
        let name = year.unwrap_or_else(|| "Undated".to_owned());
        if years.last().is_none_or(|year| year.name != name) {
            years.push(Year {
                name,
                incidents: Vec::new(),
            });
        }
        if let Some(year) = years.last_mut() {
            year.incidents
                .push(IncidentView::head(incident, view.now, zone));
        }
    }
    ListPage {
        frame: Frame::new(view),
        years,
    }
    .render()
}
