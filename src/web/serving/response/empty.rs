//! An answer that says all by its status and its headers.

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, LOCATION};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;

use crate::web::serving::response::security_headers::SecurityHeaders;
use crate::web::table::answer::CacheLifetime;

/// A response without a body, which nobody caches.
pub(crate) fn empty(status: StatusCode, security_headers: SecurityHeaders) -> Response {
    let mut answer = Response::new(Body::empty());
    *answer.status_mut() = status;
    security_headers.insert_into(answer.headers_mut());
    let control = HeaderValue::from_static(CacheLifetime::Never.control(false));
    answer.headers_mut().insert(CACHE_CONTROL, control);
    answer
}

/// Leads to another place for good, with the query that was sent.
pub(crate) fn moved(
    place: &str,
    query: Option<&str>,
    security_headers: SecurityHeaders,
) -> Response {
    let query = query.map_or_else(String::new, |query| format!("?{query}"));
    let mut answer = empty(StatusCode::PERMANENT_REDIRECT, security_headers);
    if let Ok(place) = HeaderValue::from_str(&format!("{place}{query}")) {
        answer.headers_mut().insert(LOCATION, place);
        let control = HeaderValue::from_static("public, max-age=3600");
        answer.headers_mut().insert(CACHE_CONTROL, control);
    }
    answer
}
