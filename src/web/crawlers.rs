//! What crawlers ask for: `/robots.txt` and `/sitemap.xml`.

use askama::Template;

use crate::web::links;
use crate::web::site::View;
use crate::web::words;

/// How many addresses a map may name.
const MOST: usize = 50_000;

/// What crawlers may read: all but what is for one visitor.
pub fn robots(view: &View<'_>) -> String {
    let mut text =
        "User-agent: *\nDisallow: /unsubscribe/\nDisallow: /report\nDisallow: /embed/\n".to_owned();
    // A map needs a whole address.
    if view.names.url.is_some() {
        let map = links::absolute(view.names, "/sitemap.xml");
        text.extend(["\nSitemap: ", &map, "\n"]);
    }
    text
}

#[derive(Template)]
#[template(path = "sitemap.xml")]
struct Map {
    pages: Vec<Page>,
}

struct Page {
    address: String,
    changed: Option<String>,
}

/// The map of all public pages.
pub fn sitemap(view: &View<'_>) -> askama::Result<String> {
    let names = view.names;
    let fixed = ["/", "/issues/"].map(|path| Page {
        address: links::absolute(names, path),
        changed: None,
    });
    let incidents = view.board.incidents.iter();
    let incidents = incidents
        .filter(|incident| incident.is_public())
        .map(|incident| Page {
            address: links::incident(names, incident),
            changed: incident.changed(view.now).map(words::iso),
        });
    let pages = fixed.into_iter().chain(incidents).take(MOST).collect();
    Map { pages }.render()
}
