//! Prometheus' HTTP API for reading: Grafana, promtool and our own command ask the recent
//! samples by it.

pub(crate) mod answer;
pub(crate) mod door;
pub(crate) mod labels;
pub(crate) mod parameters;
pub(crate) mod query;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::get;
use tokio::sync::mpsc;

use crate::model::request::samples::question::WindowQuestion;
use crate::web::ops::prometheus::door::WindowDoor;

/// Longest form: some selectors and an expression.
const BODY_LIMIT: usize = 64 * 1024;

/// The routes, with a door of their own.
pub fn routes(asks: mpsc::Sender<WindowQuestion>) -> Router {
    routes_of(WindowDoor::new(asks))
}

/// The routes; forms by `POST` ask the same as `GET`.
pub(crate) fn routes_of(door: WindowDoor) -> Router {
    Router::new()
        .route("/api/v1/query", get(query::instant).post(query::instant))
        .route("/api/v1/query_range", get(query::range).post(query::range))
        .route("/api/v1/labels", get(labels::names).post(labels::names))
        .route("/api/v1/label/{name}/values", get(labels::values))
        .route("/api/v1/series", get(labels::series).post(labels::series))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .with_state(door)
}
