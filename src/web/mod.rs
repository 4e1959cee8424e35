//! The public page: its parts, and the routes that are no pages.
//!
//! What can be read stands in `table/mod.rs`; here is what visitors send.

pub mod common;
pub mod export;
pub mod files;
pub mod formats;
pub mod ops;
pub mod pages;
pub mod parts;
pub mod reports;
pub mod serving;
pub mod site;
pub mod table;
pub mod text;

#[cfg(test)]
mod tests;

use std::time::Duration;

use axum::extract::{Path, RawQuery, State};
use axum::http::header::{ACCEPT_LANGUAGE, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use axum::{Extension, Router};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;

use crate::web::pages::archive;
use crate::web::pages::archive::{ArchivePart, Search};
use crate::web::reports::submit;
use crate::web::reports::submit::Reports;
use crate::web::serving::public::Unrouted;
use crate::web::serving::workers::Workers;
use crate::web::site::{Site, View};
use crate::web::table::in_tongue;

/// No answer takes longer; none of them waits for anything.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);

/// Visitors send little.
const BODY_LIMIT: usize = 16 * 1024;

/// Nothing is sent there.
async fn unrouted() -> impl IntoResponse {
    (StatusCode::NOT_FOUND, Extension(Unrouted))
}

/// What a visitor looks for in the history, which no two want the same of; in
/// the language that the address names.
async fn search(
    State(site): State<Site>,
    Extension(hands): Extension<Workers>,
    code: Option<Path<String>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let accept = headers.get(ACCEPT_LANGUAGE);
    let accept = accept.and_then(|accept| accept.to_str().ok());
    let language = site.names().language(accept);
    let part = ArchivePart::Newest(Search::from_query(&query.unwrap_or_default()));
    // It reads every incident, which may take its time.
    let look = move |view: &View<'_>| match code {
        Some(Path(code)) => in_tongue(view, &code, |view| archive::page(view, &part)).flatten(),
        None => archive::page(view, &part),
    };
    let found = hands.work(move || site.show_in(language, look));
    match found.await.flatten() {
        Some(Ok(page)) => {
            let kind = (CONTENT_TYPE, "text/html; charset=utf-8");
            ([kind, (VARY, "accept-language")], page).into_response()
        }
        Some(Err(error)) => {
            tracing::error!(%error, "cannot make a page");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
        None => unrouted().await.into_response(),
    }
}

/// The routes of the public listener that are no pages.
pub fn routes(site: Site, reports: Reports) -> Router {
    let taking = if site.names().takes_reports() {
        post(submit::take)
    } else {
        MethodRouter::new()
    };
    Router::new()
        .route("/issues/", get(search).fallback(unrouted))
        .route("/{code}/issues/", get(search).fallback(unrouted))
        .route("/report", taking.clone().fallback(unrouted))
        .route("/{code}/report", taking.fallback(unrouted))
        .fallback(unrouted)
        .layer(Extension(reports))
        .layer(Extension(Workers::new()))
        .layer(RequestBodyLimitLayer::new(BODY_LIMIT))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::REQUEST_TIMEOUT,
            ANSWER_TIMEOUT,
        ))
        .layer(CatchPanicLayer::new())
        .with_state(site)
}
