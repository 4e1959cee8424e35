//! What visitors see when something is not there or fails: nothing internal.

use askama::Template;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::web::frame::Frame;
use crate::web::site::{Site, View};

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
    title: &'static str,
    text: &'static str,
}

/// The page for what is not there.
pub fn missing(view: &View<'_>) -> askama::Result<String> {
    let page = ErrorPage {
        frame: Frame::new(view),
        title: "There is no such page.",
        text: "The address may be misspelt, or the page was removed.",
    };
    page.render()
}

/// The page for what cannot be shown.
pub fn broken(view: &View<'_>) -> askama::Result<String> {
    let page = ErrorPage {
        frame: Frame::new(view),
        title: "This page cannot be shown.",
        text: "We are told of it. The first page may work.",
    };
    page.render()
}

impl WebError {
    /// The answer to the visitor; what failed goes to the log.
    pub fn page(&self, site: &Site) -> Response {
        let (status, page) = match self {
            Self::NotFound => (StatusCode::NOT_FOUND, site.show(missing)),
            Self::Render(error) => {
                tracing::error!(%error, "cannot make a page");
                (StatusCode::INTERNAL_SERVER_ERROR, site.show(broken))
            }
        };
        let html = page.unwrap_or_else(|_| "This page cannot be shown.\n".to_owned());
        let kind = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
        (status, kind, html).into_response()
    }
}
