//! What is pushed to us from outside: a listener of its own, which may be public.
//!
//! It is off unless `[push]` names an address. Nothing on it can be read, and nothing
//! happens without the secret of a heartbeat or the token of a collector.

pub(crate) mod beat;
pub(crate) mod body;
pub(crate) mod doors;
pub(crate) mod otlp;
pub(crate) mod remote_write;
pub(crate) mod room;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Router, middleware};
use tower_http::timeout::TimeoutLayer;

use crate::web::ops::push::metrics::{self, PushMetrics};
use crate::web::push::doors::PushDoors;

/// Slower requests are cut off.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);

/// The routes of the listener for pushes.
pub(crate) fn routes(doors: PushDoors, metrics: PushMetrics) -> Router {
    let beat = get(beat::beat).post(beat::beat);
    Router::new()
        .route("/push/{secret}", beat.clone())
        .route("/push/{secret}/{outcome}", beat)
        .layer(DefaultBodyLimit::max(body::TEXT_LIMIT))
        .merge(
            Router::new()
                .route("/api/v1/write", post(remote_write::receive))
                .route("/v1/metrics", post(otlp::receive))
                .layer(DefaultBodyLimit::max(body::SENT_LIMIT)),
        )
        .route_layer(middleware::from_fn_with_state(metrics, metrics::count))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::REQUEST_TIMEOUT,
            ANSWER_TIMEOUT,
        ))
        .with_state(Arc::new(doors))
}
