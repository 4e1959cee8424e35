//! The API's routes, and what holds for all of them: limits, deadline, metrics.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderName, RETRY_AFTER};
use axum::http::{Method, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, delete, get, patch, post};
use tokio::time::timeout;
use tower_http::cors::{AllowOrigin, CorsLayer};

use crate::dice::api::account::{activation_routes, user_routes};
use crate::dice::api::limits::throttle::{self, throttle};
use crate::dice::api::page::files;
use crate::dice::api::page::frame::frame;
use crate::dice::api::page::page_routes;
use crate::dice::api::realtime::{auth_routes, socket};
use crate::dice::api::refusal::ApiError;
use crate::dice::api::rolls::{change_routes, table_routes};
use crate::dice::api::rooms::{participant_routes, room_routes};
use crate::dice::api::state::ApiState;
use crate::dice::api::themes::{dice_box_routes, theme_routes};
use crate::dice::api::{asset_routes, caller, fragments, operator_routes, roll_routes};
use crate::dice::metrics;

/// The longest request body.
const BODY_MAX: usize = 16 * 1024;
/// How much longer than the wait for an answer a request may take.
const SLACK: Duration = Duration::from_millis(900);
/// How long browsers may remember what other pages may ask.
const CORS_AGE: Duration = Duration::from_hours(1);

type ApiRoutes = Router<Arc<ApiState>>;

/// Lists every route.
pub(crate) fn router(desk: Arc<ApiState>) -> Router {
    let guarded = |routes: ApiRoutes| {
        routes
            // Before the layers, which then hold for it as well.
            .method_not_allowed_fallback(wrong_method)
            .route_layer(middleware::from_fn_with_state(Arc::clone(&desk), throttle))
            .route_layer(middleware::from_fn_with_state(
                Arc::clone(&desk),
                caller::identify,
            ))
    };
    let shared = Router::new()
        .nest("/api/1.0", api())
        .route("/broadcasting/auth", post(auth_routes::sign))
        .route("/fragment/room/{slug}/rolls", get(fragments::last_rolls));
    let pages = guarded(page_routes::routes()).layer(middleware::from_fn(frame));
    guarded(shared)
        .layer(cors())
        .merge(guarded(
            Router::new().route("/app/{key}", any(socket::open)),
        ))
        .merge(pages)
        .merge(files::files())
        .route(
            "/-/roll-mode",
            get(operator_routes::show_roll_mode).put(operator_routes::set_roll_mode),
        )
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/metrics", get(page_of_metrics))
        .fallback(|| async { ApiError::NotFound("address") })
        .method_not_allowed_fallback(wrong_method)
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&desk),
            watch_over,
        ))
        .with_state(desk)
}

fn api() -> ApiRoutes {
    Router::new()
        .route("/user", post(user_routes::create).get(user_routes::show))
        .route("/session", post(user_routes::log_in))
        .route("/activate", post(activation_routes::create))
        .route("/activate/{code}", get(activation_routes::show))
        .merge(rooms())
        .route(
            "/roll",
            post(roll_routes::create)
                .patch(change_routes::update_bulk)
                .delete(table_routes::delete_history),
        )
        .route(
            "/roll/{uuid}",
            get(roll_routes::show).patch(change_routes::update),
        )
        .route(
            "/asset",
            post(asset_routes::create).layer(DefaultBodyLimit::max(asset_routes::IMAGE_MAX)),
        )
        .route("/asset/{uuid}", get(asset_routes::show))
        .route("/theme", get(theme_routes::list))
        .route("/theme/{id}", get(theme_routes::show))
        .route(
            "/dice-box",
            get(dice_box_routes::list).post(dice_box_routes::create),
        )
        .route("/dice-box/{id}", delete(dice_box_routes::delete))
}

fn rooms() -> ApiRoutes {
    Router::new()
        .route("/room", post(room_routes::create).get(room_routes::list))
        .route(
            "/room/{slug}",
            get(room_routes::show).patch(room_routes::update),
        )
        .route("/room/{slug}/roll", patch(table_routes::clear))
        .route(
            "/room/{slug}/participant",
            post(participant_routes::join).delete(participant_routes::leave_as_caller),
        )
        .route(
            "/room/{slug}/participant/{id}",
            patch(participant_routes::update).delete(participant_routes::leave),
        )
}

async fn wrong_method() -> ApiError {
    ApiError::Method
}

/// Any page may use the API with a key. Sessions are for our own page, see `caller.rs`.
fn cors() -> CorsLayer {
    let header = HeaderName::from_static;
    CorsLayer::new()
        .allow_origin(AllowOrigin::mirror_request())
        .allow_credentials(true)
        .allow_methods([Method::GET, Method::POST, Method::PATCH, Method::DELETE])
        .allow_headers([
            ACCEPT,
            AUTHORIZATION,
            CONTENT_TYPE,
            header("x-extension"),
            header("x-socket-id"),
            header("x-iframe-parent"),
            header("x-requested-with"),
        ])
        .expose_headers([RETRY_AFTER, throttle::LIMIT, throttle::REMAINING])
        .max_age(CORS_AGE)
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

async fn page_of_metrics(State(desk): State<Arc<ApiState>>) -> Response {
    match desk.metrics.page() {
        Ok(page) => ([(CONTENT_TYPE, metrics::CONTENT_TYPE)], page).into_response(),
        Err(error) => {
            tracing::error!(%error, "cannot write the metrics page");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
