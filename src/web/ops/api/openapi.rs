//! `/api/v1/openapi.json`: the operators' API described, from `openapi.json`.

use axum::http::header;
use axum::response::{IntoResponse as _, Response};

/// The description, maintained by hand; tests hold it against their answers.
const SOURCE: &str = include_str!("openapi.json");

/// `GET /api/v1/openapi.json`.
pub(crate) async fn document() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], SOURCE).into_response()
}
