//! The operators' listener: are we alive, are we ready, and our own metrics.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use prometheus::{Encoder as _, TextEncoder};

use crate::model::board::Sight;
use crate::web::ops::board_metrics::MonitorMetrics;
use crate::web::site::Site;

/// The routes of the operators' listener.
pub(crate) fn routes(site: Site, levels: MonitorMetrics) -> Router {
    Router::new()
        .route("/metrics", get(metrics))
        .route("/-/healthy", get(async || "critwatch is healthy.\n"))
        .route("/-/ready", get(ready))
        .with_state((site, Arc::new(levels)))
}

type Ops = State<(Site, Arc<MonitorMetrics>)>;

async fn metrics(State((site, levels)): Ops) -> Response {
    let encoder = TextEncoder::new();
    let mut page = Vec::new();
    let families = site.show(|view| levels.with(view.board));
    match families.and_then(|families| encoder.encode(&families, &mut page)) {
        Ok(()) => {
            let kind = encoder.format_type().to_owned();
            ([(header::CONTENT_TYPE, kind)], page).into_response()
        }
        Err(error) => (
            StatusCode::INTERNAL_SERVER_ERROR,
            format!("cannot write metrics: {error}\n"),
        )
            .into_response(),
    }
}

/// Ready once every collector has brought its first scrape, good or bad, something is
/// seen, and incidents can be written.
async fn ready(State((site, _)): Ops) -> Response {
    site.show(|view| match view.board.facts.sight {
        _ if !view.board.facts.unwritten.is_empty() => (
            StatusCode::SERVICE_UNAVAILABLE,
            format!("cannot write {}\n", view.board.facts.unwritten.join(", ")),
        ),
        _ if !view.board.facts.awaited.is_empty() => (
            StatusCode::SERVICE_UNAVAILABLE,
            format!("waiting for {}\n", view.board.facts.awaited.join(", ")),
        ),
        Sight::Blind { since } => (
            StatusCode::SERVICE_UNAVAILABLE,
            format!("no fresh samples since {since}\n"),
        ),
        Sight::Fresh { .. } | Sight::Unwatched => {
            (StatusCode::OK, "critwatch is ready.\n".to_owned())
        }
    })
    .into_response()
}
