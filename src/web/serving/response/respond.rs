//! Answers one request from a rendered response, which the client may have already.

use axum::body::Body;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, IF_NONE_MATCH, IF_RANGE,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::Response;

use crate::web::serving::response::condition::{RequestedRange, contains_etag, part};
use crate::web::serving::response::rendered::RenderedResponse;
use crate::web::table::answer::CacheLifetime;

/// Answers a request with a rendered response, or says that it is not modified.
pub(crate) fn respond(head: &Parts, response: &RenderedResponse, range: Option<&str>) -> Response {
    let mut answer = Response::new(Body::from(response.body.clone()));
    *answer.status_mut() = response.status;
    *answer.headers_mut() = response.head.clone();
    let headers = answer.headers_mut();
    if response.lifetime == CacheLifetime::Marked && head.uri.query() == Some(&*response.tag) {
        let control = HeaderValue::from_static(response.lifetime.control(true));
        headers.insert(CACHE_CONTROL, control);
    }
    let Some(mark) = response.head.get(ETAG).and_then(|mark| mark.to_str().ok()) else {
        return answer;
    };
    if text(&head.headers, IF_NONE_MATCH).is_some_and(|marks| contains_etag(marks, mark)) {
        headers.remove(CONTENT_TYPE);
        *answer.status_mut() = StatusCode::NOT_MODIFIED;
        *answer.body_mut() = Body::empty();
        return answer;
    }
    // A part of what has changed meanwhile would fit to nothing.
    let fits = text(&head.headers, IF_RANGE).is_none_or(|wanted| wanted == mark);
    let Some(range) = range.filter(|_| fits) else {
        return answer;
    };
    let length = response.body.len();
    let of = |what: String| HeaderValue::from_str(&what).ok();
    match part(range, length) {
        RequestedRange::Whole => {}
        RequestedRange::Bytes(bytes) => {
            let value = of(format!("bytes {}-{}/{length}", bytes.start, bytes.end - 1));
            headers.extend(value.map(|value| (CONTENT_RANGE, value)));
            *answer.status_mut() = StatusCode::PARTIAL_CONTENT;
            *answer.body_mut() = Body::from(response.body.slice(bytes));
        }
        RequestedRange::None => {
            let value = of(format!("bytes */{length}"));
            headers.extend(value.map(|value| (CONTENT_RANGE, value)));
            headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
            *answer.status_mut() = StatusCode::RANGE_NOT_SATISFIABLE;
            *answer.body_mut() = Body::empty();
        }
    }
    answer
}

/// The text of a header.
pub(crate) fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}
