//! The public page: every route on one screen.

pub mod atom;
pub mod bars;
pub mod calendar;
pub mod crawlers;
pub mod cstate;
pub mod embed;
pub mod error;
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
pub mod pictures;
mod reported;
pub mod shares;
pub mod shields;
pub mod site;
pub mod status;
pub mod statuspage;
pub mod updates;
pub mod words;

use std::time::Duration;

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;

use crate::model::measure::Span;
use crate::web::error::WebError;
use crate::web::site::Site;

/// No answer takes longer; none of them waits for anything.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);

/// Visitors send nothing.
const BODY_LIMIT: usize = 16 * 1024;

/// Nothing is loaded from elsewhere, and nothing runs.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data: https:; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The routes of the public listener.
pub fn routes(site: Site) -> Router {
    Router::new()
        .route(
            "/",
            get(async |State(site): State<Site>| html(&site, site.show(status::page))),
        )
        .route(
            "/issues/",
            get(async |State(site): State<Site>| html(&site, site.show(incidents::list))),
        )
        .route("/issues", get(async || Redirect::permanent("/issues/")))
        .route("/issues/{*slug}", get(incident))
        .route("/figures/{id}/", get(figure_home))
        .route("/figures/{id}/{span}/", get(figure))
        .route(
            "/style.css",
            get(async |State(site): State<Site>| style(&site)),
        )
        .route(
            "/favicon.svg",
            get(async |State(site): State<Site>| favicon(&site)),
        )
        .fallback(async |State(site): State<Site>| WebError::NotFound.page(&site))
        .layer(middleware::from_fn_with_state(
            site.clone(),
            machines::answer,
        ))
        .layer(middleware::from_fn(headers))
        .layer(CompressionLayer::new())
        .layer(RequestBodyLimitLayer::new(BODY_LIMIT))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::REQUEST_TIMEOUT,
            ANSWER_TIMEOUT,
        ))
        .layer(CatchPanicLayer::new())
        .with_state(site)
}

async fn figure_home(Path(id): Path<String>) -> Redirect {
    Redirect::permanent(&figures::address(&id, Span::Day))
}

async fn figure(State(site): State<Site>, Path((id, span)): Path<(String, String)>) -> Response {
    let span = Span::from_word(&span);
    let page = span.and_then(|span| site.show(|view| figures::page(view, &id, span)));
    match page {
        Some(page) => html(&site, page),
        None => WebError::NotFound.page(&site),
    }
}

async fn incident(State(site): State<Site>, Path(slug): Path<String>) -> Response {
    if slug.ends_with(pictures::ENDING) {
        return pictures::show(&site, &slug).await;
    }
    let Some(name) = slug.strip_suffix('/') else {
        // The address that cState's pages link to has a slash at its end.
        let known = site.show(|view| view.board.incident(&slug).is_some());
        return if known {
            Redirect::permanent(&format!("/issues/{}/", words::address(&slug))).into_response()
        } else {
            WebError::NotFound.page(&site)
        };
    };
    match site.show(|view| incidents::page(view, name)) {
        Some(page) => html(&site, page),
        None => WebError::NotFound.page(&site),
    }
}

fn html(site: &Site, page: askama::Result<String>) -> Response {
    match page {
        Ok(page) => ([(CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response(),
        Err(error) => WebError::from(error).page(site),
    }
}

fn style(site: &Site) -> Response {
    // Its address carries a mark of its contents.
    let keep = "public, max-age=31536000, immutable";
    (
        [
            (CONTENT_TYPE, "text/css; charset=utf-8"),
            (CACHE_CONTROL, keep),
        ],
        site.show(|view| frame::style(view.names)),
    )
        .into_response()
}

fn favicon(site: &Site) -> Response {
    use crate::model::component::Health;
    let (shape, colour) = site.show(|view| match view.board.health {
        Health::Ok => (r#"<circle cx="8" cy="8" r="7""#, "#2e8b4a"),
        Health::Unknown => (r#"<circle cx="8" cy="8" r="7""#, "#8a939c"),
        Health::Notice => (r#"<path d="M8 0l8 8-8 8-8-8z""#, "#3a6fd0"),
        Health::Disrupted => (r#"<path d="M8 1l8 14H0z""#, "#d98a00"),
        Health::Down => (r#"<path d="M1 1h14v14H1z""#, "#cc2f26"),
    });
    let svg = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">{shape} fill="{colour}"/></svg>"#
    );
    ([(CONTENT_TYPE, "image/svg+xml")], svg).into_response()
}

/// Gives every answer its mark and the headers that keep visitors safe.
async fn headers(request: Request, next: Next) -> Response {
    let asked = request.headers().get(IF_NONE_MATCH).cloned();
    let (mut head, body) = next.run(request).await.into_parts();
    // A picture has a policy of its own: it carries its colours with it.
    head.headers
        .entry(CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static(POLICY));
    let fixed = [
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
    ];
    for (name, value) in fixed {
        // The page for frames has a policy of its own.
        let value = HeaderValue::from_static(value);
        head.headers.entry(name).or_insert(value);
    }
    head.headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-cache"));
    let Ok(body) = axum::body::to_bytes(body, usize::MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    if head.status.is_success() {
        mark(&mut head.headers, &body);
        let known = head.headers.get(ETAG);
        if asked.is_some() && asked.as_ref() == known {
            head.status = StatusCode::NOT_MODIFIED;
            return Response::from_parts(head, axum::body::Body::empty());
        }
    }
    Response::from_parts(head, body.into())
}

fn mark(headers: &mut HeaderMap, body: &[u8]) {
    // Weak: the same bytes may travel compressed.
    if let Ok(tag) = HeaderValue::from_str(&format!("W/\"{}\"", frame::tag(body))) {
        headers.insert(ETAG, tag);
    }
}
