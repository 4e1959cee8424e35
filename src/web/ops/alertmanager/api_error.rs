//! Errors of Alertmanager's API as its clients read them: a JSON string.

use axum::Json;
use axum::body::to_bytes;
use axum::extract::Request;
use axum::http::header;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use serde_json::Value;

/// Alertmanager's API, whose clients want a string.
const PREFIX: &str = "/api/v2/";

/// Longer words are not ours.
const LONGEST: usize = 64 * 1024;

/// Makes a JSON string of each error below `/api/v2/`, whoever refused it.
///
/// amtool and Grafana show nothing but a fault of their own where anything else
/// comes.
pub(crate) async fn errors(request: Request, next: Next) -> Response {
    let theirs = request.uri().path().starts_with(PREFIX);
    let answer = next.run(request).await;
    let fails = answer.status().is_client_error() || answer.status().is_server_error();
    if !theirs || !fails {
        return answer;
    }
    let (mut head, body) = answer.into_parts();
    let body = to_bytes(body, LONGEST).await.unwrap_or_default();
    let words = words(&body).unwrap_or_else(|| head.status.to_string());
    let (json_head, body) = Json(words).into_response().into_parts();
    head.headers.remove(header::CONTENT_LENGTH);
    if let Some(kind) = json_head.headers.get(header::CONTENT_TYPE) {
        head.headers.insert(header::CONTENT_TYPE, kind.clone());
    }
    Response::from_parts(head, body)
}

/// What an error says: our own objects name the field; `None` if it says nothing.
fn words(body: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(body).ok()?.trim();
    let message = match serde_json::from_str(text) {
        Ok(Value::String(message)) => message,
        Ok(Value::Object(object)) => {
            let part = |name| object.get("error")?.get(name)?.as_str();
            match (part("field"), part("message")) {
                (Some(field), Some(message)) => format!("{field}: {message}"),
                (None, Some(message)) => message.to_owned(),
                (_, None) => text.to_owned(),
            }
        }
        _ => text.to_owned(),
    };
    (!message.is_empty()).then_some(message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_says_in_one_string_what_it_said_before() {
        let object = |field: Value| {
            let object = serde_json::json!({ "error": { "field": field, "message": "m" } });
            words(object.to_string().as_bytes())
        };
        assert_eq!(object("matchers".into()).unwrap(), "matchers: m");
        assert_eq!(object(Value::Null).unwrap(), "m");
        assert_eq!(
            words(b"no alerts are taken\n").unwrap(),
            "no alerts are taken"
        );
        assert_eq!(words(b"\"said\"").unwrap(), "said");
        assert_eq!((words(b""), words(b"\xff")), (None, None));
    }
}
