//! Marks of pages, so that an open page asks for itself again at little cost.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::web::parts::look::style;
use crate::web::serving::response::condition::contains_etag;

/// Longer pages go without a mark.
const LONGEST: usize = 8 * 1024 * 1024;

/// Marks each page, and answers nothing but the mark to somebody who has it.
pub(crate) async fn mark(request: Request, next: Next) -> Response {
    let looks = *request.method() == Method::GET;
    let known = request.headers().get(header::IF_NONE_MATCH).cloned();
    let answer = next.run(request).await;
    if !looks || answer.status() != StatusCode::OK {
        return answer;
    }
    let (mut head, body) = answer.into_parts();
    let Ok(body) = to_bytes(body, LONGEST).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let mark = format!("\"{}\"", style::tag(&body));
    let known = known.as_ref().and_then(|known| known.to_str().ok());
    let is_known = known.is_some_and(|known| contains_etag(known, &mark));
    if let Ok(mark) = HeaderValue::from_str(&mark) {
        head.headers.insert(header::ETAG, mark);
    }
    let control = HeaderValue::from_static("private, no-cache");
    head.headers.entry(header::CACHE_CONTROL).or_insert(control);
    if is_known {
        head.status = StatusCode::NOT_MODIFIED;
        head.headers.remove(header::CONTENT_LENGTH);
        head.headers.remove(header::CONTENT_TYPE);
        return Response::from_parts(head, Body::empty());
    }
    Response::from_parts(head, Body::from(body))
}
