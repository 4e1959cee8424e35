//! RSS 2.0 as cState has it, but valid: `/index.xml` and those of lists.

use askama::Template;
use jiff::Zoned;

use crate::model::incident::Incident;
use crate::model::text::xml;
use crate::model::time::date;
use crate::web::formats::cstate::issue::{began, ended};
use crate::web::formats::cstate::labels::labels;
use crate::web::formats::feed;
use crate::web::pages::affected::{affected, named};
use crate::web::pages::extra_pages;
use crate::web::site::{Names, View};
use crate::web::text::{incident_text, links};

/// How many bytes of text a feed has in full; no site of cState that we know has
/// a tenth of that.
const BYTES: usize = 4 * 1024 * 1024;

#[derive(Template)]
#[template(path = "feed.rss.xml")]
struct RssChannel<'a> {
    title: String,
    link: String,
    own: String,
    description: &'static str,
    language: &'a str,
    built: Option<String>,
    /// Whether links are whole addresses.
    whole: bool,
    items: Vec<Item>,
}

struct Item {
    title: String,
    link: String,
    date: Option<String>,
    /// The raw end, in the only place where cState tells it.
    ended: String,
    /// What it says in short, where the whole stands apart.
    summary: Option<String>,
    html: String,
}

/// `/index.xml`: every incident.
pub(crate) fn index(view: &View<'_>) -> askama::Result<String> {
    let has_history = view.names.cstate.has_history;
    let incidents = view.board.facts.incidents.iter().map(AsRef::as_ref);
    let public = incidents.filter(|incident: &&Incident| incident.is_public() && has_history);
    of_incidents(view, view.names.title.clone(), "/", false, public)
}

/// `/history.rss`: the newest incidents, where Statuspage has them.
pub(crate) fn history(view: &View<'_>) -> askama::Result<String> {
    let incidents = view.board.facts.incidents.iter().map(AsRef::as_ref);
    let public = incidents.filter(|incident: &&Incident| incident.is_public());
    let newest = public.take(feed::MAX_ENTRIES);
    let title = view.names.title.clone();
    let own = links::absolute(view.names, "/history.rss");
    let (items, built) = items(view, false, newest);
    channel(view, title, ("/", own), built.as_ref(), items)
}

/// `/issues/index.xml`: every page of the folder.
pub(crate) fn issues(view: &View<'_>) -> askama::Result<String> {
    let incidents = view.board.facts.incidents.iter().map(AsRef::as_ref);
    let pages = incidents.filter(|page: &&Incident| page.has_page());
    let title = format!("Issues on {}", view.names.title);
    of_incidents(view, title, "/issues/", true, pages)
}

/// `/affected/<slug>/index.xml`; `None` if there is nothing of that name.
pub(crate) fn system(view: &View<'_>, address: &str) -> Option<askama::Result<String>> {
    let found = affected(view.board, address)?;
    let title = format!("{} on {}", found.name, view.names.title);
    let path = links::affected_path(address);
    Some(of_incidents(
        view,
        title,
        &path,
        true,
        found.incidents.into_iter(),
    ))
}

/// `/affected/index.xml`: whatever incidents say is affected, the newest first.
pub(crate) fn parts(view: &View<'_>) -> askama::Result<String> {
    let names = view.names;
    let title = format!("Affected on {}", names.title);
    let mut built = None;
    let all = named(view.board).into_iter().take(feed::MAX_ENTRIES);
    let items = all.map(|(slug, name, newest)| {
        let date = began(newest, names);
        built = built.take().max(date.clone());
        Item {
            title: name.to_owned(),
            link: links::affected(names, &slug),
            date: date.as_ref().map(rfc1123),
            ended: String::new(),
            summary: None,
            html: xml::escape(&newest.title),
        }
    });
    let items = items.collect();
    let places = places(names, "/affected/");
    channel(view, title, places, built.as_ref(), items)
}

/// `/pages/index.xml`: the pages of a folder; `None` if there is no such folder.
pub(crate) fn pages(view: &View<'_>, section: &str) -> Option<askama::Result<String>> {
    let names = view.names;
    let title = format!("{} on {}", extra_pages::heading(section), names.title);
    let mut size = feed::FeedSize::default();
    let mut built = None;
    let pages = extra_pages::within(names, section)?
        .into_iter()
        .take(feed::MAX_ENTRIES);
    let items = pages.map(|(path, page)| {
        let date = page.date.as_deref();
        let date = date.and_then(|date| date::zoned(date, &names.dates));
        built = built.take().max(date.clone());
        let short = || feed::short(&page.body, names);
        Item {
            title: page.title.clone(),
            link: links::absolute(names, &links::free_path(path)),
            date: date.as_ref().map(rfc1123),
            ended: String::new(),
            summary: Some(short()),
            html: size.bound(extra_pages::body(page, names), short),
        }
    });
    let items = items.collect();
    let path = links::free_path(section);
    let places = places(names, &path);
    Some(channel(view, title, places, built.as_ref(), items))
}

fn of_incidents<'a>(
    view: &View<'_>,
    title: String,
    path: &str,
    apart: bool,
    incidents: impl Iterator<Item = &'a Incident>,
) -> askama::Result<String> {
    let (items, built) = items(view, apart, incidents);
    channel(view, title, places(view.names, path), built.as_ref(), items)
}

/// The incidents as items, and the newest beginning.
fn items<'a>(
    view: &View<'_>,
    apart: bool,
    incidents: impl Iterator<Item = &'a Incident>,
) -> (Vec<Item>, Option<Zoned>) {
    let names = view.names;
    let words = labels(&names.cstate.language);
    let mut size = feed::FeedSize::of(BYTES);
    let mut built: Option<Zoned> = None;
    // All of them, as in cState.
    let items = incidents.map(|incident| {
        let date = began(incident, names);
        let printed = date.as_ref().map(rfc1123);
        // Of equal moments the last, in the zone that it is written in.
        let moment = |at: &Option<Zoned>| at.as_ref().map(Zoned::timestamp);
        if moment(&date) >= moment(&built) {
            built = date;
        }
        let title = &incident.title;
        let text = incident_text::text(view, incident);
        let short = || {
            text.summary
                .get_or_init(|| feed::summary(incident, names))
                .clone()
        };
        let html = size.bound(text.html.clone(), short);
        Item {
            title: if incident.resolved == Some(true) {
                format!("[{}] {title}", words.resolved)
            } else {
                title.clone()
            },
            link: links::incident(names, incident),
            date: printed,
            ended: ended(incident).unwrap_or_default(),
            summary: apart.then(short),
            html,
        }
    });
    let items = items.collect();
    (items, built)
}

/// The path of a page, and the address of its feed.
fn places<'p>(names: &Names, path: &'p str) -> (&'p str, String) {
    (path, links::absolute(names, &format!("{path}index.xml")))
}

fn channel(
    view: &View<'_>,
    title: String,
    (path, own): (&str, String),
    built: Option<&Zoned>,
    items: Vec<Item>,
) -> askama::Result<String> {
    let names = view.names;
    RssChannel {
        title,
        link: links::absolute(names, path),
        own,
        description: labels(&names.cstate.language).history,
        language: names
            .cstate
            .language_code
            .as_ref()
            .unwrap_or(&names.cstate.language),
        built: built.map(rfc1123),
        whole: names.url.is_some(),
        items,
    }
    .render()
}

/// A date as RSS wants it.
fn rfc1123(at: &Zoned) -> String {
    at.strftime("%a, %d %b %Y %H:%M:%S %z").to_string()
}
