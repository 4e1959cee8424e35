//! Error pages, which show visitors nothing internal.

use askama::Template;

use crate::web::parts::context::Present;
use crate::web::parts::look::frame::{Frame, Here};
use crate::web::site::View;

/// Why there is no page.
#[derive(Debug, thiserror::Error)]
pub enum WebError {
    /// No page has this address.
    #[error("not found")]
    NotFound,
    /// A page could not be made.
    #[error("cannot make a page")]
    Render(#[from] askama::Error),
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage<'a> {
    frame: Frame<'a>,
    title: String,
    text: String,
}

/// The page for unknown addresses.
pub fn missing(view: &View<'_>) -> askama::Result<String> {
    render_error(view, "not-found")
}

/// The page for what cannot be shown.
pub fn broken(view: &View<'_>) -> askama::Result<String> {
    render_error(view, "failed")
}

fn render_error(view: &View<'_>, name: &str) -> askama::Result<String> {
    let present = Present::new(view);
    ErrorPage {
        frame: Frame::new(&present, Here::Other),
        title: present.speech.say(name),
        text: present.speech.say(&format!("{name}-text")),
    }
    .render()
}
