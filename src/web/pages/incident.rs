//! The page of one incident.

use askama::Template;

use crate::model::component::Severity;
use crate::model::incident::Incident;
use crate::web::pages::incidents::{IncidentLine, line, link, render};
use crate::web::parts::charts::chart_view::ChartView;
use crate::web::parts::charts::felt_chart;
use crate::web::parts::context::{NamedLink, Present};
use crate::web::parts::incident::outlook;
use crate::web::parts::incident::recorded;
use crate::web::parts::incident::story;
use crate::web::parts::incident::timeline::{self, TimelineEntry};
use crate::web::parts::look::frame::{Frame, Here};
use crate::web::parts::look::sign::Sign;
use crate::web::parts::times::{self, When};
use crate::web::site::View;
use crate::web::text::cleaning;

#[derive(Template)]
#[template(path = "incident.html", blocks = ["article"])]
struct IncidentPage<'a> {
    frame: Frame<'a>,
    incident: IncidentLine,
    over: bool,
    /// How bad it was, if it is over.
    was: Option<String>,
    /// How long it is planned, if it is.
    until: Option<When>,
    waits: Vec<String>,
    impact: Vec<String>,
    /// What visitors feel of it, measured.
    chart: Option<ChartView>,
    opening: String,
    timeline: Vec<TimelineEntry>,
    began: Option<When>,
    /// How long it lasts or lasted, as HTML; empty when nobody can tell.
    span: String,
    /// Evidence of the rules that joined, with values.
    evidence: Vec<String>,
    report: String,
    older: Option<NamedLink>,
    newer: Option<NamedLink>,
}

/// The page of one incident; `None` if there is none of that name.
pub fn page(view: &View<'_>, slug: &str) -> Option<askama::Result<String>> {
    Some(incident_page(view, slug)?.render())
}

/// What the page tells of the incident, without the frame around it.
pub(crate) fn article(view: &View<'_>, slug: &str) -> Option<askama::Result<String>> {
    Some(incident_page(view, slug)?.as_article().render())
}

fn incident_page<'a>(view: &View<'a>, slug: &str) -> Option<IncidentPage<'a>> {
    let incident = view.board.incident(slug)?;
    let present = Present::new(view);
    let story = story::story(incident);
    let shown = line(&present, incident);
    let over = incident.resolved == Some(true) && !incident.informational;
    let outlook = view
        .board
        .facts
        .outlooks
        .get(&incident.id)
        .filter(|_| shown.open);
    let backlogs = outlook.map_or(&[][..], |outlook| &outlook.backlogs);
    let [newer, older] = neighbours(&present, incident);
    let work = present.work(incident);
    let heading = present.speech.say("recorded-data");
    let zone = &view.names.zone;
    let (recorded, report) = recorded::split(story.report, incident, zone, &heading);
    let report = if incident.is_html() {
        cleaning::clean(story.report)
    } else {
        render(&present, &report)
    };
    let was = incident
        .severity
        .filter(|_| over && shown.sign != Sign::Maintenance);
    Some(IncidentPage {
        frame: Frame::new(&present, Here::Incident),
        over,
        was: was.map(|was: Severity| {
            Sign::from(crate::model::component::Health::from(was)).word(&present.speech)
        }),
        until: work.and_then(|work| present.dated(work.until, work.days.ended)),
        waits: if shown.open {
            outlook::waits(&present, incident)
        } else {
            Vec::new()
        },
        impact: backlogs
            .iter()
            .filter_map(|one| outlook::impact(&present, one))
            .collect(),
        chart: felt_chart::chart(&present, incident),
        opening: render(&present, story.opening),
        timeline: timeline::timeline(&present, incident, &story.more, &recorded),
        began: timeline::full(&present, shown.began.clone(), incident.date),
        span: span(&present, incident, &shown),
        evidence: evidence(&present, incident),
        report,
        older,
        newer,
        incident: shown,
    })
}

/// How long an incident lasts or lasted.
fn span(present: &Present<'_>, incident: &Incident, shown: &IncidentLine) -> String {
    match incident.lasted().filter(|_| shown.ended.is_some()) {
        _ if shown.lasted.is_empty() => String::new(),
        Some(span) => times::span(&present.speech, span),
        None => incident
            .date
            .map(|date| present.ticking("lasting-span", date))
            .unwrap_or_default(),
    }
}

/// Measurements of the rules that joined, one line each.
fn evidence(present: &Present<'_>, incident: &Incident) -> Vec<String> {
    let texts = incident.managed.evidence.values();
    texts.map(|text| render(present, text)).collect()
}

/// The incidents before and after one in the list.
fn neighbours(present: &Present<'_>, incident: &Incident) -> [Option<NamedLink>; 2] {
    let beside = present.view.board.facts.incidents.beside(&incident.id.0);
    beside.map(|one| one.map(|incident| link(present, incident)))
}
