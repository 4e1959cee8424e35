//! Errors and keys in Statuspage's manner.

use axum::Json;
use axum::body::to_bytes;
use axum::extract::{Query, Request};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};

use crate::web::ops::access::error::PROBLEM;

/// Longer words are not ours.
const LONGEST: usize = 64 * 1024;

/// Below this are Statuspage's addresses.
const PREFIX: &str = "/v1/pages/";

/// Makes Statuspage's errors of ours: `{"error": …}`, and 422 for what cannot be meant.
pub(crate) async fn errors(request: Request, next: Next) -> Response {
    let theirs = request.uri().path().starts_with(PREFIX);
    let answer = next.run(request).await;
    let kind = answer.headers().get(header::CONTENT_TYPE);
    if !theirs || kind.is_none_or(|kind| kind != PROBLEM) {
        return answer;
    }
    let (head, body) = answer.into_parts();
    let body = to_bytes(body, LONGEST).await.unwrap_or_default();
    let problem: Value = serde_json::from_slice(&body).unwrap_or_default();
    let faults = problem["errors"].as_array().map(Vec::as_slice);
    let error: Value = match faults.unwrap_or_default() {
        [] => problem["detail"].clone(),
        faults => faults.iter().map(words).collect(),
    };
    let status = match head.status {
        StatusCode::BAD_REQUEST if error.is_array() => StatusCode::UNPROCESSABLE_ENTITY,
        StatusCode::CONFLICT => StatusCode::UNPROCESSABLE_ENTITY,
        status => status,
    };
    let mut made = (status, Json(json!({ "error": error }))).into_response();
    for (name, value) in &head.headers {
        if *name != header::CONTENT_TYPE && *name != header::CONTENT_LENGTH {
            made.headers_mut().insert(name, value.clone());
        }
    }
    made
}

fn words(fault: &Value) -> Value {
    let part = |name: &str| fault[name].as_str().unwrap_or_default().to_owned();
    let (pointer, detail) = (part("pointer"), part("detail"));
    match pointer.trim_start_matches('/') {
        "" => detail.into(),
        field => format!("{field}: {detail}").into(),
    }
}

/// Takes Statuspage's `Authorization: OAuth KEY` and `?api_key=KEY` for our bearer token.
pub(crate) async fn keys(mut request: Request, next: Next) -> Response {
    if request.uri().path().starts_with(PREFIX)
        && let Some(key) = key(&request)
        && let Ok(bearer) = HeaderValue::from_str(&format!("Bearer {key}"))
    {
        request.headers_mut().insert(header::AUTHORIZATION, bearer);
    }
    next.run(request).await
}

fn key(request: &Request) -> Option<String> {
    if let Some(sent) = request.headers().get(header::AUTHORIZATION) {
        let (scheme, key) = sent.to_str().ok()?.split_once(' ')?;
        return scheme
            .eq_ignore_ascii_case("oauth")
            .then(|| key.trim().to_owned());
    }
    let query = Query::<Vec<(String, String)>>::try_from_uri(request.uri());
    let mut pairs = query.ok()?.0.into_iter();
    pairs.find_map(|(name, value)| (name == "api_key").then_some(value))
}
