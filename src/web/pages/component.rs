//! The page of one component, or of what incidents name as one: how it is, how it
//! was, what happened to it.

use std::time::Duration;

use askama::Template;

use crate::model::facts::uptime::{DayTally, Period, Uptime};
use crate::web::pages::affected::affected;
use crate::web::pages::charts;
use crate::web::pages::incidents::{self, IncidentLine};
use crate::web::pages::lists;
use crate::web::pages::status;
use crate::web::parts::context::{NamedLink, Present};
use crate::web::parts::days::component_days::{self, Days};
use crate::web::parts::days::day_times;
use crate::web::parts::days::gap_note;
use crate::web::parts::days::spans;
use crate::web::parts::look::frame::{Frame, Here};
use crate::web::parts::look::sign::Sign;
use crate::web::parts::times;
use crate::web::site::View;
use crate::web::text::links;

/// Incidents on the page; more are in the history.
const INCIDENTS: usize = 20;

/// A stretch of time with its share.
#[derive(Debug)]
struct FaultRow {
    name: String,
    share: String,
    /// How long it was otherwise, of each way that occurred at all.
    times: Vec<String>,
}

/// A day of the table.
#[derive(Debug)]
struct DayRow {
    name: String,
    date: String,
    sign: Sign,
    text: String,
    clocks: String,
    links: Vec<NamedLink>,
}

#[derive(Template)]
#[template(path = "component.html")]
struct ComponentPage<'a> {
    frame: Frame<'a>,
    name: &'a str,
    href: String,
    description: Option<String>,
    link: Option<&'a str>,
    /// How it is, if that is known.
    sign: Option<Sign>,
    word: String,
    since: Option<String>,
    days: Option<Days>,
    /// When the monitor itself had no data.
    gaps: Option<String>,
    kinds: Vec<String>,
    rows: Vec<FaultRow>,
    table: Vec<DayRow>,
    /// Its charts as HTML; empty if there are none.
    charts: String,
    open: Vec<IncidentLine>,
    past: Vec<IncidentLine>,
    more: Option<String>,
}

/// The page of what that last part of an address names.
pub fn page(view: &View<'_>, path: &str) -> Option<askama::Result<String>> {
    let Some(found) = affected(view.board, path) else {
        return lists::slice_of(view, path);
    };
    let present = Present::new(view);
    let name = found.name;
    let state = found.state;
    let (mut open, mut past) = (Vec::new(), Vec::new());
    let public = found.incidents.into_iter();
    for incident in public.filter(|incident| incident.is_public()) {
        if incident.is_active() {
            open.push(incidents::line(&present, incident));
        } else if past.len() <= INCIDENTS {
            past.push(incidents::line(&present, incident));
        }
    }
    let more = (past.len() > INCIDENTS).then(|| present.to(&query(name)));
    past.truncate(INCIDENTS);
    let sign = match state {
        Some(state) => Some(Sign::from(state)),
        // The state of an unmonitored component comes from open incidents alone.
        None => (!open.is_empty()).then_some(found.sign),
    };
    let uptime = state.map(|state| &*state.uptime);
    let charts = match state.map(|state| charts::section(&present, Some(&state.component.id))) {
        Some(Ok(charts)) => charts,
        Some(Err(error)) => return Some(Err(error)),
        None => String::new(),
    };
    let page = ComponentPage {
        frame: Frame::new(&present, Here::Component),
        name: present.label(name),
        href: present.to(&links::affected_path(path)),
        description: state
            .and_then(|state| state.component.description.as_ref())
            .map(|text| incidents::render(&present, text)),
        link: view.names.links.get(name).map(String::as_str),
        sign,
        word: sign.map_or_else(String::new, |sign| {
            sign.word_if(state.is_none_or(|state| state.is_measured), &present.speech)
        }),
        since: state
            .zip(sign)
            .and_then(|(state, sign)| status::since(&present, state, sign)),
        days: uptime.and_then(|uptime| component_days::days(&present, name, uptime)),
        gaps: uptime.and_then(|_| gap_note::note(&present)),
        kinds: uptime
            .into_iter()
            .flat_map(kinds)
            .map(|(name, _)| present.speech.say(name))
            .collect(),
        rows: uptime.map_or_else(Vec::new, |uptime| rows(&present, uptime)),
        table: uptime.map_or_else(Vec::new, |uptime| table(&present, name, uptime)),
        charts,
        open,
        past,
        more,
    };
    Some(page.render())
}

/// The history of a component's incidents.
fn query(name: &str) -> String {
    let name: String = name
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect();
    format!("/issues/?component={name}")
}

/// The periods whose uptime is shown.
const SPANS: [(&str, Period); 5] = [
    ("span-day", Period::Day),
    ("span-week", Period::Week),
    ("span-month", Period::Month),
    ("span-quarter", Period::Quarter),
    ("span-year", Period::Year),
];

/// A way in which it was not fine: its message, and for how long.
type FaultKind = (&'static str, fn(&DayTally) -> Duration);

const KINDS: [FaultKind; 4] = [
    ("state-down", |tally| tally.down),
    ("state-disrupted", |tally| tally.disrupted),
    ("state-unknown", |tally| tally.unknown),
    ("state-maintenance", |tally| tally.maintenance),
];

/// Those of them that occurred: empty columns would only be in the way on a phone.
fn kinds(uptime: &Uptime) -> impl Iterator<Item = FaultKind> {
    let occurred = |of: fn(&DayTally) -> Duration| {
        let mut spans = SPANS.iter();
        spans.any(|(_, period)| !of(uptime.over(*period)).is_zero())
    };
    KINDS.into_iter().filter(move |(_, of)| occurred(*of))
}

fn rows(present: &Present<'_>, uptime: &Uptime) -> Vec<FaultRow> {
    let speech = &present.speech;
    let time = |time: Duration| {
        if time.is_zero() {
            "–".to_owned()
        } else {
            times::span(speech, time)
        }
    };
    // A component measured for less than a day has the same uptime in every period.
    let shown = if component_days::is_young(uptime) {
        &SPANS[..1]
    } else {
        &SPANS[..]
    };
    let rows = shown.iter().filter_map(|(name, period)| {
        let (name, period) = (*name, *period);
        let tally = uptime.over(period);
        Some(FaultRow {
            name: speech.say(name),
            share: component_days::share(present, uptime, period)?,
            times: kinds(uptime).map(|(_, of)| time(of(tally))).collect(),
        })
    });
    rows.collect()
}

/// The days as a table, newest first, as far as anything is known of them.
fn table(present: &Present<'_>, name: &str, uptime: &Uptime) -> Vec<DayRow> {
    let today = present
        .view
        .now
        .to_zoned(present.view.names.zone.clone())
        .date();
    let first = uptime.days.iter().position(day_times::is_seen);
    let first = first.unwrap_or(uptime.days.len());
    let days = uptime.days[first..].iter().rev();
    days.map(|day| {
        let links = component_days::incidents_of(present, name, day.date).into_iter();
        DayRow {
            name: times::weekday(&present.speech, day.date, today),
            date: day.date.to_string(),
            sign: component_days::sign(day, false),
            text: component_days::describe(present, day, false),
            clocks: spans::clocks(present, day),
            links: links
                .map(|incident| incidents::link(present, incident))
                .collect(),
        }
    })
    .collect()
}
