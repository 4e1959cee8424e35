//! What operators may do: push to us, ask and note, and have the settings read
//! again: every such route of the operators' listener. `access/route_table.rs` says who
//! may use each.

pub(crate) mod access;
pub(crate) mod alertmanager;
pub(crate) mod api;
pub(crate) mod audit;
pub(crate) mod board_metrics;
pub(crate) mod console;
pub(crate) mod detection_metrics;
pub(crate) mod events;
pub(crate) mod git_webhook;
pub(crate) mod health;
pub(crate) mod notifications;
pub mod prometheus;
pub(crate) mod push;
pub(crate) mod reload;
pub(crate) mod sent_matchers;
pub(crate) mod silence_scope;
pub(crate) mod silences;
pub(crate) mod state;
pub(crate) mod statuspage;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware;
use axum::routing::{get, post};
use tokio::sync::mpsc;
use tower_http::timeout::TimeoutLayer;

use crate::model::request::access::AccessDoor;
use crate::model::request::reload::Reload;
use crate::web::ops::alertmanager::api_error;
use crate::web::ops::alertmanager::webhook;
use crate::web::ops::api::desk::WriteApi;
use crate::web::ops::api::limit::{self, ChangeLimit};
use crate::web::ops::api::replay::{self, KeyedRequests};
use crate::web::ops::push::heartbeat;
use crate::web::ops::push::targets::PushTargets;

/// Slower requests are cut off.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);

/// Longest body: thousands of alerts.
const BODY_LIMIT: usize = 1024 * 1024;

/// Longest body of the operators' API.
const API_BODY_LIMIT: usize = 64 * 1024;

/// The routes of those who push, and of those who have the settings read again.
pub(crate) fn routes(targets: PushTargets, reloads: (mpsc::Sender<Reload>, AccessDoor)) -> Router {
    Router::new()
        .route("/api/v1/heartbeat/{name}", post(heartbeat::beat))
        .route(
            "/api/v2/alerts",
            post(alertmanager::api::receive).get(alertmanager::api::list),
        )
        .route("/api/v2/alerts/groups", get(alertmanager::api::groups))
        .route("/api/v2/receivers", get(alertmanager::api::receivers))
        .route("/api/v2/status", get(alertmanager::api::status))
        .route("/webhook/alertmanager", post(webhook::receive))
        .route("/webhook/grafana", post(webhook::receive))
        .merge(reload::routes(reloads))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::REQUEST_TIMEOUT,
            ANSWER_TIMEOUT,
        ))
        .layer(middleware::from_fn(api_error::errors))
        .with_state(Arc::new(targets))
}

/// The operators' API.
pub(crate) fn api(api: WriteApi, replays: KeyedRequests, limit: ChangeLimit) -> Router {
    api::routes()
        .merge(statuspage::routes())
        .route("/api/v1/audit", get(audit::list))
        .route(
            "/api/v1/notifications/{id}/resend",
            post(notifications::resend),
        )
        .route("/api/v1/events", get(events::list).post(events::add))
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
        .route_layer(middleware::from_fn_with_state(replays, replay::guard))
        .route_layer(middleware::from_fn_with_state(limit, limit::guard))
        .layer(DefaultBodyLimit::max(API_BODY_LIMIT))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::REQUEST_TIMEOUT,
            ANSWER_TIMEOUT,
        ))
        .layer(middleware::from_fn(api_error::errors))
        .with_state(api)
}
