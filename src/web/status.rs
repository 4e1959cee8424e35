//! The first page: is it down, since when, and is it getting better?

use askama::Template;

use crate::model::board::{self, Board, ComponentState, Outlook, Sight};
use crate::model::component::Health;
use crate::model::incident::Incident;
use crate::web::bars::{self, Bars};
use crate::web::figures::{self, FigureView};
use crate::web::frame::Frame;
use crate::web::incidents::IncidentView;
use crate::web::reported::{self, Reported};
use crate::web::site::View;
use crate::web::words;

/// Updates of an open incident on the first page.
const UPDATES: usize = 3;

/// Past incidents on the first page.
const PAST: usize = 8;

#[derive(Template)]
#[template(path = "status.html")]
struct StatusPage<'a> {
    frame: Frame<'a>,
    banner: Banner,
    open: Vec<IncidentView>,
    posts: Vec<IncidentView>,
    groups: Vec<Group<'a>>,
    has_bars: bool,
    figures: Vec<FigureView>,
    reported: Vec<Reported<'a>>,
    past: Vec<IncidentView>,
    more_past: bool,
}

struct Banner {
    health: Health,
    glyph: &'static str,
    headline: String,
    detail: String,
    lasting: Option<String>,
}

struct Group<'a> {
    name: Option<&'a str>,
    parts: Vec<Part<'a>>,
}

struct Part<'a> {
    id: &'a str,
    name: &'a str,
    description: Option<&'a str>,
    health: Health,
    word: &'static str,
    since: Option<String>,
    bars: Option<Bars>,
}

/// The first page of a view.
pub fn page(view: &View<'_>) -> askama::Result<String> {
    let (board, zone) = (view.board, &view.names.zone);
    let mut past: Vec<_> = board
        .incidents
        .iter()
        .filter(|incident| incident.is_public() && !incident.is_active())
        .take(PAST + 1)
        .map(|incident| IncidentView::head(incident, view.now, zone))
        .collect();
    let more_past = past.len() > PAST;
    past.truncate(PAST);
    let groups = groups(view);
    StatusPage {
        frame: Frame::new(view),
        banner: banner(view),
        open: board
            .active()
            .filter(|incident| incident.pin != Some(false))
            .map(|incident| IncidentView::new(incident, UPDATES, view.now, view.names))
            .collect(),
        posts: board
            .incidents
            .iter()
            .filter(|post| post.is_public() && post.informational && post.pin == Some(true))
            .map(|post| IncidentView::new(post, 0, view.now, view.names))
            .collect(),
        has_bars: groups
            .iter()
            .flat_map(|group| &group.parts)
            .any(|part| part.bars.is_some()),
        groups,
        figures: figures::shown(view),
        reported: reported::reported(view),
        past,
        more_past,
    }
    .render()
}

fn banner(view: &View<'_>) -> Banner {
    let board = view.board;
    let gravest = board
        .active()
        .filter(|incident| incident.severity.is_some());
    // Of equally grave ones the first in the list, which is the newest.
    let gravest = gravest.reduce(|one, other| {
        if other.severity > one.severity {
            other
        } else {
            one
        }
    });
    let (headline, detail, lasting) = match (gravest, board.sight) {
        (_, Sight::Blind { since }) => blind(view, since),
        (Some(incident), _) => trouble(view, incident),
        (None, _) if board.health == Health::Ok => {
            ("Everything works.".to_owned(), String::new(), None)
        }
        (None, _) => (unwell(board), String::new(), None),
    };
    let health = board.health;
    Banner {
        health,
        glyph: words::glyph(health),
        headline,
        detail,
        lasting,
    }
}

fn blind(view: &View<'_>, since: jiff::Timestamp) -> (String, String, Option<String>) {
    let when = words::when(since, view.now, &view.names.zone).text;
    (
        format!("We cannot see our systems since {when}."),
        "What you read here may be out of date.".to_owned(),
        None,
    )
}

fn trouble(view: &View<'_>, incident: &Incident) -> (String, String, Option<String>) {
    let zone = &view.names.zone;
    let outlook = view.board.outlooks.get(&incident.id);
    if let Some((since, until)) = outlook.and_then(Outlook::watched) {
        let clock =
            |at: jiff::Timestamp| at.to_zoned(zone.clone()).strftime("%H:%M:%S").to_string();
        let headline = format!("Working again since {}.", clock(since));
        let detail = format!("We watch it until {} before we call it over.", clock(until));
        return (headline, detail, None);
    }
    let mut detail = Vec::new();
    if let Some(date) = incident.date {
        detail.push(format!(
            "Started {}.",
            words::when(date, view.now, zone).text
        ));
    }
    match incident.affected.as_slice() {
        [] => {}
        [one] => detail.push(format!("{one} is affected.")),
        several => detail.push(format!("{} parts are affected.", several.len())),
    }
    let lasting = incident
        .date
        .map(|date| format!("for {}", words::lasting(date, view.now)));
    (incident.title.clone(), detail.join(" "), lasting)
}

/// Says which components are not fine when no incident says more.
fn unwell(board: &Board) -> String {
    let of = |health| -> Vec<String> {
        let states = board
            .components
            .iter()
            .filter(|state| state.health == health);
        states.map(|state| state.component.name.clone()).collect()
    };
    let names = of(board.health);
    let verb = if names.len() == 1 { "is" } else { "are" };
    match board.health {
        Health::Unknown => format!("We cannot see how {} {verb}.", words::row(&names)),
        health => format!("{} {verb} {}.", words::row(&names), words::health(health)),
    }
}

fn groups<'a>(view: &View<'a>) -> Vec<Group<'a>> {
    let names = view.names;
    let mut groups: Vec<_> = names
        .categories
        .iter()
        .map(|category| (Some(&*category.name), !category.untitled, Vec::new()))
        .collect();
    for state in &view.board.components {
        let name = state.component.category.as_deref();
        match groups.iter_mut().find(|(known, _, _)| *known == name) {
            Some((_, _, parts)) => parts.push(part(view, state)),
            // Like cState: where categories are laid down, others are not shown.
            None if names.categories.is_empty() => {
                groups.push((name, true, vec![part(view, state)]));
            }
            None => {}
        }
    }
    let shown = groups.into_iter().filter(|(_, _, parts)| !parts.is_empty());
    shown
        .map(|(name, titled, parts)| Group {
            name: name.filter(|_| titled),
            parts,
        })
        .collect()
}

fn part<'a>(view: &View<'a>, state: &'a ComponentState) -> Part<'a> {
    let component = &state.component;
    // Only what makes it as bad as it is tells since when it is so.
    let incident = view.board.active().filter(|incident| {
        incident.affected.contains(&component.name)
            && board::weight(incident).map(Health::from) == Some(state.health)
    });
    let began = incident.filter_map(|incident| incident.date).min();
    let since = (state.health != Health::Ok)
        .then(|| began.or(state.uptime.since))
        .flatten();
    Part {
        id: &component.id.0,
        name: view
            .names
            .labels
            .get(&component.name)
            .unwrap_or(&component.name),
        description: component.description.as_deref(),
        health: state.health,
        word: words::health(state.health),
        since: since.map(|since| format!("for {}", words::lasting(since, view.now))),
        bars: bars::bars(&state.uptime),
    }
}
