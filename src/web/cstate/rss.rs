//! RSS 2.0 as cState has it, but valid: `/index.xml` and those of lists.

use askama::Template;
use jiff::Zoned;

use crate::model::incident::Incident;
use crate::web::cstate::issue::{began, ended};
use crate::web::cstate::labels::labels;
use crate::web::cstate::lists::affected;
use crate::web::feed;
use crate::web::links;
use crate::web::markdown;
use crate::web::site::View;

#[derive(Template)]
#[template(path = "feed.rss.xml")]
struct Channel<'a> {
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
pub fn index(view: &View<'_>) -> askama::Result<String> {
    let has_history = view.names.cstate.has_history;
    let incidents = view.board.incidents.iter().map(AsRef::as_ref);
    let public = incidents.filter(|incident: &&Incident| incident.is_public() && has_history);
    channel(view, view.names.title.clone(), "/", false, public)
}

/// `/issues/index.xml`: every page of the folder.
pub fn issues(view: &View<'_>) -> askama::Result<String> {
    let incidents = view.board.incidents.iter().map(AsRef::as_ref);
    let pages = incidents.filter(|page: &&Incident| page.has_page());
    let title = format!("Issues on {}", view.names.title);
    channel(view, title, "/issues/", true, pages)
}

/// `/affected/<slug>/index.xml`; `None` if there is nothing of that name.
pub fn system(view: &View<'_>, address: &str) -> Option<askama::Result<String>> {
    let found = affected(view.board, address)?;
    let title = format!("{} on {}", found.name, view.names.title);
    let path = links::affected_path(address);
    Some(channel(
        view,
        title,
        &path,
        true,
        found.incidents.into_iter(),
    ))
}

fn channel<'a>(
    view: &View<'_>,
    title: String,
    path: &str,
    apart: bool,
    incidents: impl Iterator<Item = &'a Incident>,
) -> askama::Result<String> {
    let names = view.names;
    let words = labels(&names.cstate.language);
    let chosen: Vec<_> = incidents.take(feed::MOST).collect();
    let dates = chosen.iter().filter_map(|incident| began(incident, names));
    let built = dates.max_by_key(Zoned::timestamp).as_ref().map(rfc1123);
    let mut size = feed::Size::default();
    let items = chosen.into_iter().map(|incident| {
        let title = &incident.title;
        let short = || feed::summary(incident, names);
        let html = size.bound(markdown::body(incident, names), short);
        Item {
            title: if incident.resolved == Some(true) {
                format!("[{}] {title}", words.resolved)
            } else {
                title.clone()
            },
            link: links::incident(names, incident),
            date: began(incident, names).as_ref().map(rfc1123),
            ended: ended(incident).unwrap_or_default(),
            summary: apart.then(short),
            html,
        }
    });
    Channel {
        title,
        link: links::absolute(names, path),
        own: links::absolute(names, &format!("{path}index.xml")),
        description: words.history,
        language: names
            .cstate
            .language_code
            .as_ref()
            .unwrap_or(&names.cstate.language),
        built,
        whole: names.url.is_some(),
        items: items.collect(),
    }
    .render()
}

/// A date as RSS wants it.
fn rfc1123(at: &Zoned) -> String {
    at.strftime("%a, %d %b %Y %H:%M:%S %z").to_string()
}
