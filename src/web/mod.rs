//! The public page: its parts, and the routes that are no pages.
//!
//! What can be read stands in `table/mod.rs`; here is what visitors send.

pub mod answer;
pub mod atom;
pub mod bars;
pub mod calendar;
pub mod crawlers;
pub mod cstate;
pub mod embed;
pub mod error;
pub mod export;
pub mod federate;
pub mod feed;
pub mod figures;
pub mod frame;
pub mod health;
pub mod honest;
pub mod incidents;
pub mod links;
pub mod listen;
pub mod machines;
pub mod markdown;
pub mod ops;
mod patient;
pub mod pictures;
mod reported;
pub mod serving;
pub mod shares;
pub mod shields;
pub mod site;
pub mod status;
pub mod statuspage;
pub mod table;
pub mod updates;
pub mod words;

use std::time::Duration;

use axum::http::StatusCode;
use axum::{Extension, Router};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;

use crate::web::serving::Unrouted;
use crate::web::site::Site;

/// No answer takes longer; none of them waits for anything.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);

/// Visitors send little.
const BODY_LIMIT: usize = 16 * 1024;

/// The routes of the public listener that are no pages.
pub fn routes(site: Site) -> Router {
    Router::new()
        .fallback(async || (StatusCode::NOT_FOUND, Extension(Unrouted)))
        .layer(RequestBodyLimitLayer::new(BODY_LIMIT))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::REQUEST_TIMEOUT,
            ANSWER_TIMEOUT,
        ))
        .layer(CatchPanicLayer::new())
        .with_state(site)
}
