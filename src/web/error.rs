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

impl WebError {
    /// The answer to the visitor; what failed goes to the log.
    pub fn page(&self, site: &Site) -> Response {
        let (status, title, text) = match self {
            Self::NotFound => (
                StatusCode::NOT_FOUND,
                "There is no such page.",
                "The address may be misspelt, or the page was removed.",
            ),
            Self::Render(error) => {
                tracing::error!(%error, "cannot make a page");
                (
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "This page cannot be shown.",
                    "We are told of it. The first page may work.",
                )
            }
        };
        let page = site.show(|view: &View<'_>| {
            ErrorPage {
                frame: Frame::new(view),
                title,
                text,
            }
            .render()
        });
        let html = page.unwrap_or_else(|_| title.to_owned());
        (
            status,
            [(header::CONTENT_TYPE, "text/html; charset=utf-8")],
            html,
        )
            .into_response()
    }
}
