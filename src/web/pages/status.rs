//! The first page: is it down, since when, and is it getting better?

use askama::Template;
use jiff::Timestamp;

use crate::model::board::Sight;
use crate::model::component::Health;
use crate::model::facts::weight::{self, ComponentState, SilencedByTeam};
use crate::model::incident::Incident;
use crate::model::time::moment::next_minute;
use crate::web::pages::charts;
use crate::web::pages::incidents::{self, IncidentLine, UpdateView};
use crate::web::pages::maintenance::{self, WorkCard};
use crate::web::parts::charts::sparkline::{self, Sparkline};
use crate::web::parts::context::Present;
use crate::web::parts::days::component_days::{self, Days};
use crate::web::parts::days::gap_note;
use crate::web::parts::days::recent_days::{self, DayGroup};
use crate::web::parts::incident::banner::{self, Banner};
use crate::web::parts::incident::newest_words::NewestWords;
use crate::web::parts::incident::outlook;
use crate::web::parts::incident::recent_ends::{self, RecentEnd};
use crate::web::parts::look::frame::{Frame, Here};
use crate::web::parts::look::sign::Sign;
use crate::web::parts::providers::{self, Reported};
use crate::web::site::View;

/// Updates of an open incident on the first page.
const UPDATES: usize = 3;

/// With more components, headings under which all is fine are folded.
const MANY: usize = 24;

#[derive(Template)]
#[template(path = "status.html")]
struct StatusPage<'a> {
    frame: Frame<'a>,
    banner: Banner,
    ends: Vec<RecentEnd>,
    open: Vec<OpenIncidentCard>,
    posts: Vec<Post>,
    works: Vec<WorkCard>,
    groups: Vec<ComponentGroup<'a>>,
    has_days: bool,
    /// When the monitor itself had no data.
    gaps: Option<String>,
    takes_reports: bool,
    /// Figures that the operator publishes, drawn; empty if there are none.
    charts: String,
    reported: Vec<Reported<'a>>,
    past: Vec<DayGroup>,
    last: Option<IncidentLine>,
}

/// An open incident.
struct OpenIncidentCard {
    line: IncidentLine,
    /// Whether it continues the incident of the banner.
    continues: bool,
    /// Whether the banner's sentence is its title.
    is_titled: bool,
    updates: Vec<UpdateView>,
    body: String,
    waits: Vec<String>,
}

/// A post that is pinned.
struct Post {
    line: IncidentLine,
    body: String,
}

/// Components under one heading.
struct ComponentGroup<'a> {
    name: Option<&'a str>,
    description: Option<&'a str>,
    sign: Sign,
    word: String,
    parts: Vec<ComponentRow<'a>>,
    folded: bool,
}

/// A component as a row.
struct ComponentRow<'a> {
    id: &'a str,
    name: &'a str,
    href: String,
    description: Option<&'a str>,
    sign: Sign,
    /// Whether a rule watches it.
    is_measured: bool,
    word: String,
    since: Option<String>,
    days: Option<Days>,
    /// Figures of it alone.
    lines: Vec<Sparkline>,
}

/// The first page of a view.
pub fn page(view: &View<'_>) -> askama::Result<String> {
    let present = Present::new(view);
    let groups = groups(&present);
    let mut parts = groups.iter().flat_map(|group| &group.parts);
    let (past, last) = recent_days::recent_days(&present);
    let banner = banner::banner(&present);
    StatusPage {
        frame: Frame::new(&present, Here::Status),
        ends: recent_ends::recent_ends(&present),
        open: open(&present, &banner),
        banner,
        posts: posts(&present),
        works: maintenance::open(&present),
        takes_reports: view.names.takes_reports(),
        gaps: gap_note::note(&present),
        has_days: parts.any(|part| part.days.is_some()),
        groups,
        charts: charts::section(&present, None)?,
        reported: providers::reported(&present),
        past,
        last,
    }
    .render()
}

fn open(present: &Present<'_>, banner: &Banner) -> Vec<OpenIncidentCard> {
    let shown = present.troubles.iter();
    let shown = shown.filter(|incident| incident.pin != Some(false));
    let cards = shown.enumerate().map(|(place, incident)| {
        let continues = place == 0 && banner.incident.as_ref() == Some(&incident.id);
        card(present, incident, banner, continues)
    });
    cards.collect()
}

/// An open incident as a card; that of the banner omits what the banner shows.
fn card(
    present: &Present<'_>,
    incident: &Incident,
    banner: &Banner,
    continues: bool,
) -> OpenIncidentCard {
    let newest = incident.updates.len().min(UPDATES);
    let more = vec![String::new(); newest];
    let bare = incident.updates.is_empty();
    let mut updates = incidents::updates(present, incident, &more);
    let said = banner.words.as_ref().filter(|_| continues);
    if let Some(said) = said.filter(|said| said.at < updates.len()) {
        updates.remove(said.at);
    }
    let told = continues && outlook::is_told(present, incident);
    OpenIncidentCard {
        line: incidents::line(present, incident),
        continues,
        is_titled: continues && banner.is_titled,
        updates,
        body: if bare {
            incidents::body(present, incident)
        } else {
            String::new()
        },
        waits: if told {
            Vec::new()
        } else {
            outlook::waits(present, incident)
        },
    }
}

fn posts(present: &Present<'_>) -> Vec<Post> {
    let incidents = present.view.board.facts.incidents.iter();
    let posts = incidents
        .filter(|post| post.is_public() && post.informational)
        .filter(|post| post.pin == Some(true) || post.is_active() && post.pin.is_none());
    posts
        .map(|post| Post {
            line: incidents::line(present, post),
            body: incidents::body(present, post),
        })
        .collect()
}

fn groups<'a>(present: &Present<'a>) -> Vec<ComponentGroup<'a>> {
    let names = present.view.names;
    let mut groups: Vec<ComponentGroup<'_>> = names
        .categories
        .iter()
        .map(|category| group(Some(category.name.as_str())))
        .collect();
    for state in &present.view.board.components {
        let name = state.component.category.as_deref();
        match groups.iter_mut().find(|group| group.name == name) {
            Some(group) => group.parts.push(part(present, state)),
            // Like cState: where categories are laid down, others are not shown.
            None if names.categories.is_empty() => {
                let mut group = group(name);
                group.parts.push(part(present, state));
                groups.push(group);
            }
            None => {}
        }
    }
    groups.retain(|group| !group.parts.is_empty());
    let many = groups.iter().map(|group| group.parts.len()).sum::<usize>() > MANY;
    for group in &mut groups {
        let worst = group.parts.iter().map(|part| part.sign).max();
        group.sign = worst.unwrap_or(Sign::Ok);
        let is_measured = group.parts.iter().all(|part| part.is_measured);
        group.word = group.sign.word_if(is_measured, &present.speech);
        // Healthy groups may be folded, to show the others first.
        let fine = group.sign == Sign::Ok;
        group.folded = many && fine && group.name.is_some();
        let mut laid_down = names.categories.iter();
        let category = laid_down.find(|category| Some(&*category.name) == group.name);
        if let Some(category) = category {
            group.description = category.description.as_deref();
            group.folded = (many || category.closed) && fine && !category.untitled;
            group.name = group.name.filter(|_| !category.untitled);
        }
    }
    groups
}

fn group(name: Option<&str>) -> ComponentGroup<'_> {
    ComponentGroup {
        name,
        description: None,
        sign: Sign::Ok,
        word: String::new(),
        parts: Vec::new(),
        folded: false,
    }
}

fn part<'a>(present: &Present<'a>, state: &'a ComponentState) -> ComponentRow<'a> {
    let component = &state.component;
    let sign = Sign::from(state);
    ComponentRow {
        id: &component.id.0,
        name: (present.view.names.labels.get(&component.name)).unwrap_or(&component.name),
        href: present.address_of(&component.name),
        description: component.description.as_deref(),
        sign,
        is_measured: state.is_measured,
        word: sign.word_if(state.is_measured, &present.speech),
        since: since(present, state, sign),
        days: component_days::days(present, &component.name, &state.uptime),
        lines: sparkline::of(present, &component.id),
    }
}

/// Decisions of the team about checks that still fail, as HTML.
fn decision(present: &Present<'_>, silenced: SilencedByTeam) -> String {
    let words = match silenced {
        SilencedByTeam::Until(until) => {
            let until = present.when(next_minute(until)).html();
            present.speech.with("silenced-until", "until", until)
        }
        SilencedByTeam::Overruled => present.speech.say("silenced-overruled"),
    };
    format!("· {words}")
}

/// Since when a component is not fine, as HTML.
pub(crate) fn since(present: &Present<'_>, state: &ComponentState, sign: Sign) -> Option<String> {
    let name = &state.component.name;
    if sign == Sign::Ok {
        return state.silenced.map(|silenced| decision(present, silenced));
    }
    if sign == Sign::Maintenance {
        let works = present
            .running()
            .filter(|work| work.components.contains(name));
        let until = present.until(works)?;
        return Some(present.speech.with("until", "until", until.html()));
    }
    // Only what makes it as bad as it is tells since when it is so.
    let incidents = present.troubles.iter().filter(|incident| {
        incident.affected.contains(name)
            && weight::weight_on(incident, name).map(Health::from) == Some(state.health)
    });
    let first = incidents.min_by_key(|incident| incident.date.unwrap_or(Timestamp::MAX));
    match first.filter(|first| first.date.is_some()) {
        Some(first) => present.lasting(first),
        None => Some(present.ticking("lasting", began(present, state)?)),
    }
}

/// When what rules say of a component began. While nothing can be seen, they may still
/// say what they did before.
fn began(present: &Present<'_>, state: &ComponentState) -> Option<Timestamp> {
    let facts = &present.view.board.facts;
    let measured = weight::measured(&state.component, &facts.verdicts);
    match facts.sight {
        Sight::Blind { since } if measured < Some(Health::Unknown) => Some(since),
        _ => state.uptime.since,
    }
}
