//! Pages of a site that are no incidents: `content/pages/` of a cState site, and
//! files among its incidents that do not say that they are one.

use std::collections::BTreeSet;

use askama::Template;

use crate::web::pages::incidents;
use crate::web::pages::lists;
use crate::web::parts::context::{NamedLink, Present};
use crate::web::parts::look::frame::{Frame, Here};
use crate::web::site::{Names, View};
use crate::web::site_elements::ExtraPage;
use crate::web::text::cleaning;
use crate::web::text::links;
use crate::web::text::markdown;

#[derive(Template)]
#[template(path = "extra_page.html")]
struct ExtraPageTemplate<'a> {
    frame: Frame<'a>,
    title: &'a str,
    body: String,
}

/// The page at a path, as in `pages/about`, or the list of a folder, as in `pages`;
/// `None` if the site has none there.
pub fn page(view: &View<'_>, path: &str) -> Option<askama::Result<String>> {
    let Some(extra) = view.names.pages.get(path) else {
        return section(view, path);
    };
    let present = Present::new(view);
    let body = if extra.is_html {
        cleaning::clean(&extra.body)
    } else {
        incidents::render(&present, &extra.body)
    };
    Some(render(&present, &extra.title, body))
}

fn section(view: &View<'_>, section: &str) -> Option<askama::Result<String>> {
    let pages = within(view.names, section)?;
    let present = Present::new(view);
    let items = pages.into_iter().map(|(path, page)| NamedLink {
        name: page.title.clone(),
        href: present.to(&links::free_path(path)),
    });
    let items = items.collect();
    Some(lists::links(
        &present,
        Here::Other,
        &heading(section),
        items,
    ))
}

/// What a page says, as HTML for those who read it elsewhere.
pub fn body(page: &ExtraPage, names: &Names) -> String {
    if page.is_html {
        cleaning::clean(&page.body)
    } else {
        markdown::render(&page.body, names)
    }
}

/// The heading of a folder's list, as Hugo makes it of the folder's name.
pub(crate) fn heading(section: &str) -> String {
    let mut letters = section.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

/// The folders that pages are in, by name.
pub fn sections(names: &Names) -> BTreeSet<&str> {
    let paths = names.pages.keys().filter_map(|path| path.split_once('/'));
    let sections = paths.map(|(section, _)| section);
    sections
        .filter(|section| !names.pages.contains_key(*section))
        .collect()
}

/// Every path with content: pages, and lists of folders.
pub fn paths(names: &Names) -> BTreeSet<&str> {
    let pages = names.pages.keys().map(String::as_str);
    pages.chain(sections(names)).collect()
}

/// The pages of a folder by their paths; `None` if there is no such folder.
pub fn within<'n>(names: &'n Names, section: &str) -> Option<Vec<(&'n str, &'n ExtraPage)>> {
    let is_in = |path: &str| path.split_once('/').is_some_and(|(of, _)| of == section);
    let pages = names.pages.iter().filter(|(path, _)| is_in(path));
    let pages: Vec<_> = pages.map(|(path, page)| (path.as_str(), page)).collect();
    (!pages.is_empty()).then_some(pages)
}

/// The page of a file among the incidents that is none of them.
pub fn among(view: &View<'_>, id: &str) -> Option<askama::Result<String>> {
    let mut named = view.board.facts.incidents.named(id);
    let file = named.find(|file| file.has_page() && !file.is_issue)?;
    let present = Present::new(view);
    let title = if file.title.is_empty() {
        id
    } else {
        &file.title
    };
    let body = incidents::body(&present, file);
    Some(render(&present, title, body))
}

fn render(present: &Present<'_>, title: &str, body: String) -> askama::Result<String> {
    let page = ExtraPageTemplate {
        frame: Frame::new(present, Here::Other),
        title,
        body,
    };
    page.render()
}
