//! Pages of a site that are no incidents: `content/pages/` of a cState site, and
//! files among its incidents that do not say that they are one.

use askama::Template;

use crate::web::frame::{Frame, Here};
use crate::web::incidents;
use crate::web::markdown;
use crate::web::present::Present;
use crate::web::site::View;

#[derive(Template)]
#[template(path = "free.html")]
struct FreePage<'a> {
    frame: Frame<'a>,
    title: &'a str,
    body: String,
}

/// The page at a path, as in `pages/about`; `None` if the site has none there.
pub fn page(view: &View<'_>, path: &str) -> Option<askama::Result<String>> {
    let free = view.names.pages.get(path)?;
    let present = Present::new(view);
    let body = if free.is_html {
        markdown::clean(&free.body)
    } else {
        incidents::render(&present, &free.body)
    };
    Some(render(&present, &free.title, body))
}

/// The page of a file among the incidents that is none of them.
pub fn among(view: &View<'_>, id: &str) -> Option<askama::Result<String>> {
    let mut named = view.board.incidents.named(id);
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
    let page = FreePage {
        frame: Frame::new(present, Here::Other),
        title,
        body,
    };
    page.render()
}
