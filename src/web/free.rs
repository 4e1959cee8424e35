//! Pages of a site that are no incidents: `content/pages/` of a cState site.

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
    let page = FreePage {
        frame: Frame::new(&present, Here::Other),
        title: &free.title,
        body,
    };
    Some(page.render())
}
