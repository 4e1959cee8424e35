//! Files for crawlers: `/robots.txt` and `/sitemap.xml`.

use askama::Template;

use crate::model::series::measure::ChartSpan;
use crate::web::pages::archive;
use crate::web::pages::charts::list_address;
use crate::web::pages::extra_pages;
use crate::web::site::View;
use crate::web::text::links;
use crate::web::text::machine;

/// How many addresses a map may name.
const MAX_ADDRESSES: usize = 50_000;

/// What crawlers may read: all but what is for one visitor.
pub fn robots(view: &View<'_>) -> String {
    let mut text = "User-agent: *\n".to_owned();
    for path in ["/subscription/", "/unsubscribe/", "/report", "/embed/"] {
        text.extend(["Disallow: ", &links::own(view.names, path), "\n"]);
    }
    // A map needs a whole address.
    if view.names.url.is_some() {
        let translations = view
            .names
            .translations
            .iter()
            .map(|translation| &*translation.names);
        text.push('\n');
        for names in [view.names].into_iter().chain(translations) {
            let map = links::absolute(names, "/sitemap.xml");
            text.extend(["Sitemap: ", &map, "\n"]);
        }
    }
    text
}

#[derive(Template)]
#[template(path = "sitemap.xml")]
struct SiteMap {
    pages: Vec<SiteMapPage>,
}

struct SiteMapPage {
    address: String,
    changed: Option<String>,
}

/// The site map of all public pages; pages that people search for by name come first.
pub fn sitemap(view: &View<'_>) -> askama::Result<String> {
    let (names, board) = (view.names, view.board);
    let fixed = ["/", "/issues/", "/affected/", "/maintenance/", "/subscribe"];
    let fixed = fixed.map(str::to_owned).into_iter();
    let parts = links::slugs(board).into_iter();
    let charts = board.charts.iter().map(|state| &state.series.id);
    let list = list_address(ChartSpan::Day);
    let list = (!board.charts.is_empty()).then_some(list);
    let times = archive::parts(view).into_iter();
    let pages = fixed
        .chain(extra_pages::paths(names).into_iter().map(links::free_path))
        .chain(parts.map(|slug| links::affected_path(&slug)))
        .chain(list)
        // Of the spans of a figure one is enough.
        .chain(charts.map(|id| below("/figures", &format!("{id}/{}", ChartSpan::Day.word()))))
        .chain(times.filter_map(|part| Some(below("/history", &part.path()?))))
        .map(|path| SiteMapPage {
            address: links::absolute(names, &path),
            changed: None,
        });
    let incidents = board.facts.incidents.iter();
    let incidents = incidents
        .filter(|incident| incident.has_page())
        .map(|incident| SiteMapPage {
            address: links::incident(names, incident),
            changed: incident.changed(view.now).map(machine::iso),
        });
    let pages = pages.chain(incidents).take(MAX_ADDRESSES).collect();
    SiteMap { pages }.render()
}

/// The address of a page below a path.
fn below(path: &str, name: &str) -> String {
    format!("{path}/{}/", machine::address(name))
}
