//! RSS 2.0 as cState has it, but valid: `/index.xml` and those of lists.

use askama::Template;
use jiff::Zoned;

use crate::model::incident::Incident;
use crate::model::text::xml;
use crate::model::time::date;
use crate::web::export::memo::RssHead;
use crate::web::formats::cstate::issue::{began, ended};
use crate::web::formats::cstate::labels::labels;
use crate::web::formats::cstate::rss_item::{ItemHead, escaped, push};
use crate::web::formats::feed;
use crate::web::pages::affected::{affected, named};
use crate::web::pages::extra_pages;
use crate::web::site::{Names, View};
use crate::web::site_elements::ExtraPage;
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
    /// The items as XML.
    items: String,
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
    let (items, built) = incident_items(view, false, newest)?;
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
    let mut items = String::new();
    for (slug, name, newest) in named(view.board).into_iter().take(feed::MAX_ENTRIES) {
        let date = began(newest, names);
        let head = ItemHead {
            title: name.to_owned(),
            link: links::affected(names, &slug),
            date: date.as_ref().map(rfc1123),
            ended: String::new(),
            whole: names.url.is_some(),
        };
        push(
            &mut items,
            &head.render()?,
            None,
            &escaped(&xml::escape(&newest.title)),
        );
        built = built.max(date);
    }
    let places = places(names, "/affected/");
    channel(view, title, places, built.as_ref(), items)
}

/// `/pages/index.xml`: the pages of a folder; `None` if there is no such folder.
pub(crate) fn pages(view: &View<'_>, section: &str) -> Option<askama::Result<String>> {
    let names = view.names;
    let title = format!("{} on {}", extra_pages::heading(section), names.title);
    let pages = extra_pages::within(names, section)?;
    let path = links::free_path(section);
    let items = page_items(names, pages.into_iter());
    Some(items.and_then(|(items, built)| {
        let places = places(names, &path);
        channel(view, title, places, built.as_ref(), items)
    }))
}

/// The newest pages as items, and the newest date.
fn page_items<'a>(
    names: &Names,
    pages: impl Iterator<Item = (&'a str, &'a ExtraPage)>,
) -> askama::Result<(String, Option<Zoned>)> {
    let mut size = feed::FeedSize::default();
    let mut built = None;
    let mut items = String::new();
    for (path, page) in pages.take(feed::MAX_ENTRIES) {
        let date = page.date.as_deref();
        let date = date.and_then(|date| date::zoned(date, &names.dates));
        let head = ItemHead {
            title: page.title.clone(),
            link: links::absolute(names, &links::free_path(path)),
            date: date.as_ref().map(rfc1123),
            ended: String::new(),
            whole: names.url.is_some(),
        };
        let short = || feed::short(&page.body, names);
        let html = size.bound(extra_pages::body(page, names), short);
        push(
            &mut items,
            &head.render()?,
            Some(&escaped(&short())),
            &escaped(&html),
        );
        built = built.max(date);
    }
    Ok((items, built))
}

fn of_incidents<'a>(
    view: &View<'_>,
    title: String,
    path: &str,
    apart: bool,
    incidents: impl Iterator<Item = &'a Incident>,
) -> askama::Result<String> {
    let (items, built) = incident_items(view, apart, incidents)?;
    channel(view, title, places(view.names, path), built.as_ref(), items)
}

/// The incidents as items, and the newest beginning.
fn incident_items<'a>(
    view: &View<'_>,
    apart: bool,
    incidents: impl Iterator<Item = &'a Incident>,
) -> askama::Result<(String, Option<Zoned>)> {
    let names = view.names;
    let mut size = feed::FeedSize::of(BYTES);
    let mut built: Option<Zoned> = None;
    let mut items = String::new();
    // All of them, as in cState.
    for incident in incidents {
        let forms = incident_text::forms(view, incident);
        let head = if let Some(head) = forms.head.get() {
            head
        } else {
            let made = head(incident, names)?;
            forms.head.get_or_init(|| made)
        };
        // Of equal moments the last, in the zone that it is written in.
        let moment = |at: &Option<Zoned>| at.as_ref().map(Zoned::timestamp);
        if moment(&head.began) >= moment(&built) {
            built.clone_from(&head.began);
        }
        let short = || {
            let summary = || escaped(&feed::summary(incident, names));
            forms.summary.get_or_init(summary)
        };
        let html = incident_text::html(&forms, incident, names);
        let text = if size.has_room(html) {
            size.take(html);
            forms.escaped.get_or_init(|| escaped(html))
        } else {
            let short = short();
            size.take(short);
            short
        };
        push(
            &mut items,
            &head.xml,
            apart.then(short).map(|short| &**short),
            text,
        );
    }
    Ok((items, built))
}

/// What an item says of an incident before its text.
fn head(incident: &Incident, names: &Names) -> askama::Result<RssHead> {
    let title = &incident.title;
    let began = began(incident, names);
    let head = ItemHead {
        title: if incident.resolved == Some(true) {
            let words = labels(&names.cstate.language);
            format!("[{}] {title}", words.resolved)
        } else {
            title.clone()
        },
        link: links::incident(names, incident),
        date: began.as_ref().map(rfc1123),
        ended: ended(incident).unwrap_or_default(),
        whole: names.url.is_some(),
    };
    let xml = head.render()?;
    Ok(RssHead { xml, began })
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
    items: String,
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
        items,
    }
    .render()
}

/// A date as RSS wants it.
fn rfc1123(at: &Zoned) -> String {
    at.strftime("%a, %d %b %Y %H:%M:%S %z").to_string()
}
