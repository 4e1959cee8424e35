//! The style and the script of the page.

use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::response::IntoResponse;
use axum::routing::get;

const STYLE: &str = include_str!("../../../../templates/dice/style.css");
const SCRIPT: &str = include_str!("../../../../templates/dice/table.js");
const ICON: &str = include_str!("../../../../templates/dice/icon.svg");

/// Lists the files.
pub(crate) fn files<S: Clone + Send + Sync + 'static>() -> Router<S> {
    let file = |kind, text| get(async move || file(kind, text));
    Router::new()
        .route("/files/style.css", file("text/css; charset=utf-8", STYLE))
        .route(
            "/files/table.js",
            file("text/javascript; charset=utf-8", SCRIPT),
        )
        .route("/files/icon.svg", file("image/svg+xml", ICON))
}

fn file(kind: &'static str, text: &'static str) -> impl IntoResponse {
    let headers = [
        (CONTENT_TYPE, kind),
        (CACHE_CONTROL, "max-age=600"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, text)
}
