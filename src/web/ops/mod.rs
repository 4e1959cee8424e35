//! What operators may do: push to us, ask and note, and have the settings read
//! again: every such route of the operators' listener.

pub(crate) mod access;
pub(crate) mod alertmanager;
pub(crate) mod board_metrics;
pub(crate) mod detection_metrics;
pub(crate) mod events;
pub(crate) mod git_webhook;
pub(crate) mod health;
pub(crate) mod incidents;
pub(crate) mod notifications;
pub(crate) mod push;
pub(crate) mod reload;
pub(crate) mod silences;
pub(crate) mod state;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware;
use axum::routing::{get, post};
use tokio::sync::mpsc;
use tower_http::timeout::TimeoutLayer;

use crate::model::request::reload::Reload;
use crate::web::ops::access::csrf;
use crate::web::ops::access::operators::Operators;
use crate::web::ops::access::token::TokenHash;
use crate::web::ops::access::{operators, token};
use crate::web::ops::alertmanager::api;
use crate::web::ops::alertmanager::api_error;
use crate::web::ops::alertmanager::webhook;
use crate::web::ops::push::heartbeat;
use crate::web::ops::push::metrics;
use crate::web::ops::push::targets::PushTargets;

/// Slower requests are cut off.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);

/// Longest body: thousands of alerts.
const BODY_LIMIT: usize = 1024 * 1024;

/// Longest body of the operators' API.
const API_BODY_LIMIT: usize = 64 * 1024;

/// The routes of the operators' listener; if a key is set, they require its token.
pub(crate) fn routes(
    targets: PushTargets,
    key: Option<TokenHash>,
    reloads: mpsc::Sender<Reload>,
) -> Router {
    let metrics = targets.metrics.clone();
    Router::new()
        .route("/api/v1/heartbeat/{name}", post(heartbeat::beat))
        .route("/api/v2/alerts", post(api::receive).get(api::list))
        .route("/api/v2/alerts/groups", get(api::groups))
        .route("/api/v2/receivers", get(api::receivers))
        .route("/api/v2/status", get(api::status))
        .route("/webhook/alertmanager", post(webhook::receive))
        .route("/webhook/grafana", post(webhook::receive))
        .merge(reload::routes(reloads))
        .route_layer(middleware::from_fn_with_state(
            key.map(Arc::new),
            token::guard,
        ))
        .route_layer(middleware::from_fn(csrf::guard))
        .route_layer(middleware::from_fn_with_state(metrics, metrics::count))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::REQUEST_TIMEOUT,
            ANSWER_TIMEOUT,
        ))
        .layer(middleware::from_fn(api_error::errors))
        .with_state(Arc::new(targets))
}

/// The operators' API. It requires the token, and is closed if none is set, because
/// visitors see what operators write here.
pub(crate) fn api(operators: Operators, key: Option<TokenHash>) -> Router {
    Router::new()
        .route("/api/v1/events", get(events::list).post(events::add))
        .route("/api/v1/incidents", get(incidents::list))
        .route("/api/v1/silences", get(silences::list).post(silences::add))
        .route(
            "/api/v1/silence/{id}",
            get(silences::one).delete(silences::end),
        )
        // For amtool.
        .route(
            "/api/v2/silences",
            get(silences::list).post(silences::add_as_alertmanager),
        )
        .route(
            "/api/v2/silence/{id}",
            get(silences::one).delete(silences::end),
        )
        .route_layer(middleware::from_fn_with_state(
            key.map(Arc::new),
            operators::guard,
        ))
        .route_layer(middleware::from_fn(csrf::guard))
        .layer(DefaultBodyLimit::max(API_BODY_LIMIT))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::REQUEST_TIMEOUT,
            ANSWER_TIMEOUT,
        ))
        .layer(middleware::from_fn(api_error::errors))
        .with_state(operators)
}
