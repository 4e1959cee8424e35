//! What visitors see when something is not there or fails: nothing internal.

use askama::Template;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::model::language::Language;
use crate::web::frame::{Frame, Here};
use crate::web::present::Present;
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
    title: String,
    text: String,
}

impl WebError {
    /// The page that says it, in the language of the view.
    pub fn html(&self, view: &View<'_>) -> askama::Result<String> {
        let present = Present::new(view);
        let name = match self {
            Self::NotFound => "not-found",
            Self::Render(_) => "failed",
        };
        ErrorPage {
            frame: Frame::new(&present, Here::Other),
            title: present.speech.say(name),
            text: present.speech.say(&format!("{name}-text")),
        }
        .render()
    }

    /// The answer to the visitor; what failed goes to the log.
    pub fn page(&self, site: &Site, language: Language) -> Response {
        let status = match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Render(error) => {
                tracing::error!(%error, "cannot make a page");
                StatusCode::INTERNAL_SERVER_ERROR
            }
        };
        let page = site.show_in(language, |view| self.html(view));
        let html = page.unwrap_or_else(|_| status.to_string());
        (
            status,
            [(header::CONTENT_TYPE, "text/html; charset=utf-8")],
            html,
        )
            .into_response()
    }
}
