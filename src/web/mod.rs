//! The public page: every route on one screen.

pub mod archive;
pub mod atom;
pub mod banner;
pub mod calendar;
pub mod colour;
pub mod component;
pub mod crawlers;
pub mod cstate;
pub mod days;
pub mod embed;
pub mod error;
pub mod federate;
pub mod feed;
pub mod figures;
pub mod frame;
pub mod free;
pub mod health;
pub mod honest;
pub mod incidents;
pub mod links;
pub mod listen;
pub mod machines;
pub mod maintenance;
pub mod markdown;
pub mod ops;
pub mod past;
pub mod pictures;
pub mod present;
pub mod report;
mod reported;
pub mod shields;
pub mod sign;
pub mod site;
pub mod speech;
pub mod status;
pub mod statuspage;
pub mod story;
pub mod style;
pub mod subscribe;
pub mod times;
pub mod updates;
pub mod words;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, RawQuery, Request, State};
use axum::http::header::{
    ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH,
    REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;

use crate::model::language::Language;
use crate::web::archive::{Part, Search};
use crate::web::error::WebError;
use crate::web::present::Present;
use crate::web::report::Report;
use crate::web::site::{Picture, Site, View};

/// No answer takes longer; none of them waits for anything.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);

/// Visitors send nothing.
const BODY_LIMIT: usize = 16 * 1024;

/// Only our own script runs, and it talks to nobody but us.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; \
    img-src 'self' data: https:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// The routes of the public listener.
pub fn routes(site: Site) -> Router {
    let routes = pages()
        .route("/style.css", get(style_sheet))
        .route("/page.js", get(async || script(style::script())))
        .route("/search.js", get(async || script(style::SEARCH)))
        .route("/favicon.svg", get(favicon))
        .fallback(other);
    routes
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

/// Every page.
fn pages() -> Router<Site> {
    async fn status(State(site): State<Site>, headers: HeaderMap) -> Response {
        show(&site, &headers, |view| Some(status::page(view)))
    }
    async fn newest(
        State(site): State<Site>,
        headers: HeaderMap,
        RawQuery(query): RawQuery,
    ) -> Response {
        let search = Search::from_query(&query.unwrap_or_default());
        show(&site, &headers, |view| {
            archive::page(view, &Part::Newest(search))
        })
    }
    async fn maintenance(State(site): State<Site>, headers: HeaderMap) -> Response {
        show(&site, &headers, |view| Some(maintenance::page(view)))
    }
    async fn subscribe(State(site): State<Site>, headers: HeaderMap) -> Response {
        show(&site, &headers, |view| Some(subscribe::page(view)))
    }
    async fn report(State(site): State<Site>, headers: HeaderMap) -> Response {
        show(&site, &headers, |view| {
            Some(report::page(view, Report::Open))
        })
    }
    let slashed = |path: &'static str| get(async move || Redirect::permanent(path));
    Router::new()
        .route("/", get(status))
        .route("/issues/", get(newest))
        .route("/issues", slashed("/issues/"))
        .route("/maintenance/", get(maintenance))
        .route("/maintenance", slashed("/maintenance/"))
        .route("/affected/", slashed("/#parts"))
        .route("/subscribe", get(subscribe))
        .route("/report", get(report))
        .merge(named())
}

/// The pages behind a prefix; what stands there may have slashes of its own.
fn named() -> Router<Site> {
    async fn incident(
        State(site): State<Site>,
        headers: HeaderMap,
        Path(path): Path<String>,
    ) -> Response {
        if path.ends_with(pictures::ENDING) {
            return pictures::show(&site, language(&site, &headers), &path).await;
        }
        below(&site, &headers, "issues", &path)
    }
    async fn affected(
        State(site): State<Site>,
        headers: HeaderMap,
        Path(path): Path<String>,
    ) -> Response {
        below(&site, &headers, "affected", &path)
    }
    async fn figure(
        State(site): State<Site>,
        headers: HeaderMap,
        Path(path): Path<String>,
    ) -> Response {
        below(&site, &headers, "figures", &path)
    }
    async fn history(
        State(site): State<Site>,
        headers: HeaderMap,
        Path(path): Path<String>,
    ) -> Response {
        below(&site, &headers, "history", &path)
    }
    Router::new()
        .route("/issues/{*slug}", get(incident))
        .route("/affected/{*slug}", get(affected))
        .route("/figures/{*name}", get(figure))
        .route("/history/{*time}", get(history))
}

/// A page whose address ends in a name; it has a slash at its end, as cState's.
fn below(site: &Site, headers: &HeaderMap, prefix: &str, path: &str) -> Response {
    let name = path.strip_suffix('/').unwrap_or(path);
    let page = |view: &View<'_>| match prefix {
        "issues" => incidents::page(view, name),
        "affected" => component::page(view, name),
        "figures" => figures::named(view, name),
        _ => archive::page(view, &Part::from_path(name)?),
    };
    if path.ends_with('/') {
        return show(site, headers, page);
    }
    if site.show(|view| page(view).is_some()) {
        Redirect::permanent(&format!("/{prefix}/{}/", words::address(name))).into_response()
    } else {
        missing(site, headers)
    }
}

/// The language that a visitor reads.
fn language(site: &Site, headers: &HeaderMap) -> Language {
    let accept = headers.get(ACCEPT_LANGUAGE);
    site.language(accept.and_then(|accept| accept.to_str().ok()))
}

fn show(
    site: &Site,
    headers: &HeaderMap,
    page: impl FnOnce(&View<'_>) -> Option<askama::Result<String>>,
) -> Response {
    let language = language(site, headers);
    match site.show_in(language, page) {
        Some(Ok(page)) => {
            let kind = (CONTENT_TYPE, "text/html; charset=utf-8");
            ([kind, (VARY, "accept-language")], page).into_response()
        }
        Some(Err(error)) => WebError::from(error).page(site, language),
        None => WebError::NotFound.page(site, language),
    }
}

fn missing(site: &Site, headers: &HeaderMap) -> Response {
    WebError::NotFound.page(site, language(site, headers))
}

/// What carries a mark of its contents in its address.
const KEEP: (HeaderName, &str) = (CACHE_CONTROL, "public, max-age=31536000, immutable");

async fn style_sheet(State(site): State<Site>) -> Response {
    let text = site.show(|view| style::style(view.names));
    ([(CONTENT_TYPE, "text/css; charset=utf-8"), KEEP], text).into_response()
}

fn script(text: impl IntoResponse) -> Response {
    let kind = (CONTENT_TYPE, "text/javascript; charset=utf-8");
    ([kind, KEEP], text).into_response()
}

async fn favicon(State(site): State<Site>) -> Response {
    let svg = site.show(|view| style::favicon(view.names, Present::new(view).overall()));
    ([(CONTENT_TYPE, "image/svg+xml")], svg).into_response()
}

/// What has an address that the site chose: its picture, and its free pages.
async fn other(State(site): State<Site>, headers: HeaderMap, uri: Uri) -> Response {
    let path = percent_encoding::percent_decode_str(uri.path()).decode_utf8_lossy();
    let name = path.trim_start_matches('/');
    let picture = site.show(
        |view| match view.names.logo.as_ref().map(|logo| &logo.source) {
            Some(Picture::Own { bytes, kind, file }) if file == name => {
                Some((Arc::clone(bytes), *kind))
            }
            _ => None,
        },
    );
    if let Some((bytes, kind)) = picture {
        return ([(CONTENT_TYPE, kind)], bytes.to_vec()).into_response();
    }
    let free = name.trim_end_matches('/');
    if !name.ends_with('/') && site.show(|view| view.names.pages.contains_key(free)) {
        return Redirect::permanent(&format!("/{}/", words::address(free))).into_response();
    }
    show(&site, &headers, |view| free::page(view, free))
}

/// Gives every answer its mark and the headers that keep visitors safe.
async fn headers(request: Request, next: Next) -> Response {
    let asked = request.headers().get(IF_NONE_MATCH).cloned();
    let (mut head, body) = next.run(request).await.into_parts();
    let fixed = [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
    ];
    for (name, value) in fixed {
        // What may be shown in a frame has a policy of its own.
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
    if let Ok(tag) = HeaderValue::from_str(&format!("W/\"{}\"", style::tag(body))) {
        headers.insert(ETAG, tag);
    }
}
