//! The public page: its parts, and the routes that are no pages.
//!
//! What can be read stands in `table/mod.rs`; here is what visitors send.

pub mod affected;
pub mod answer;
pub mod archive;
pub mod atom;
pub mod banner;
pub mod calendar;
pub mod colour;
pub mod common;
pub mod component;
pub mod crawlers;
pub mod cstate;
pub mod days;
pub mod embed;
pub mod error;
pub mod export;
pub mod federate;
pub mod feed;
pub mod figures;
pub mod frame;
pub mod free;
pub mod hands;
pub mod health;
pub mod honest;
pub mod incidents;
pub mod leaf;
pub mod linkify;
pub mod links;
pub mod listen;
pub mod machines;
pub mod maintenance;
pub mod markdown;
pub mod ops;
pub mod past;
mod patient;
pub mod pictures;
pub mod present;
pub mod report;
mod reported;
pub mod reports;
pub mod requests;
pub mod serving;
pub mod shields;
pub mod sign;
pub mod site;
pub mod speech;
pub mod statics;
pub mod status;
pub mod statuspage;
pub mod story;
pub mod style;
pub mod subscribe;
pub mod table;
pub mod tallied;
pub mod times;
pub mod updates;
pub mod words;

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

use crate::web::archive::{Part, Search};
use crate::web::hands::Hands;
use crate::web::reports::Reports;
use crate::web::serving::Unrouted;
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
    Extension(hands): Extension<Hands>,
    code: Option<Path<String>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let accept = headers.get(ACCEPT_LANGUAGE);
    let accept = accept.and_then(|accept| accept.to_str().ok());
    let language = site.names().language(accept);
    let part = Part::Newest(Search::from_query(&query.unwrap_or_default()));
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
        post(reports::take)
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
        .layer(Extension(Hands::new()))
        .layer(RequestBodyLimitLayer::new(BODY_LIMIT))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::REQUEST_TIMEOUT,
            ANSWER_TIMEOUT,
        ))
        .layer(CatchPanicLayer::new())
        .with_state(site)
}
