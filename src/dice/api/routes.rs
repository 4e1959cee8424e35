//! The API's routes, and what holds for all of them: limits, deadline, metrics.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{Method, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tokio::time::timeout;

use crate::dice::api::refusal::ApiError;
use crate::dice::api::state::ApiState;
use crate::dice::api::{
    asset_routes, fragments, operator_routes, roll_routes, room_routes, user_routes,
};
use crate::dice::metrics;

/// The longest request body.
const BODY_MAX: usize = 16 * 1024;
/// How much longer than the wait for an answer a request may take.
const SLACK: Duration = Duration::from_millis(900);

/// Lists every route.
pub(crate) fn router(desk: ApiState) -> Router {
    let desk = Arc::new(desk);
    Router::new()
        .route(
            "/api/1.0/user",
            post(user_routes::create).get(user_routes::show),
        )
        .route(
            "/api/1.0/room",
            post(room_routes::create).get(room_routes::list),
        )
        .route("/api/1.0/room/{slug}", get(room_routes::show))
        .route("/api/1.0/room/{slug}/participant", post(room_routes::join))
        .route("/api/1.0/roll", post(roll_routes::create))
        .route("/api/1.0/roll/{uuid}", get(roll_routes::show))
        .route(
            "/api/1.0/asset",
            post(asset_routes::create).layer(DefaultBodyLimit::max(asset_routes::IMAGE_MAX)),
        )
        .route("/api/1.0/asset/{uuid}", get(asset_routes::show))
        .route("/fragment/room/{slug}/rolls", get(fragments::last_rolls))
        .route(
            "/-/roll-mode",
            get(operator_routes::show_roll_mode).put(operator_routes::set_roll_mode),
        )
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/metrics", get(page))
        .fallback(|| async { ApiError::NotFound("address") })
        .method_not_allowed_fallback(|| async {
            (
                StatusCode::METHOD_NOT_ALLOWED,
                axum::Json(serde_json::json!({
                    "type": "error",
                    "data": { "message": "this address does not know that method" },
                })),
            )
        })
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&desk),
            watch_over,
        ))
        .with_state(desk)
}

/// Bounds each request in number and time, and counts it.
async fn watch_over(State(desk): State<Arc<ApiState>>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let method = method_name(request.method());
    let path = request.extensions().get::<MatchedPath>().cloned();
    let route = path.as_ref().map_or("other", MatchedPath::as_str);
    let is_own = route == "/healthz" || route == "/metrics";
    let place = desk.places.try_acquire();
    let response = if place.is_err() && !is_own {
        ApiError::Unavailable("too many requests are under way").into_response()
    } else {
        timeout(desk.answer_within + SLACK, next.run(request))
            .await
            .unwrap_or_else(|_| {
                ApiError::Unavailable("the service did not answer in time").into_response()
            })
    };
    desk.metrics
        .request(route, method, response.status().as_u16(), began.elapsed());
    response
}

/// Names the method; callers can invent methods, label values cannot be invented.
fn method_name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::HEAD => "HEAD",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

async fn page(State(desk): State<Arc<ApiState>>) -> Response {
    match desk.metrics.page() {
        Ok(page) => ([(CONTENT_TYPE, metrics::CONTENT_TYPE)], page).into_response(),
        Err(error) => {
            tracing::error!(%error, "cannot write the metrics page");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
