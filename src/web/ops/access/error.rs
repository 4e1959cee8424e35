//! Why the operators' API does not do what it was asked, as JSON.

use axum::Json;
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

/// A refusal that names the field and the way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OpsError {
    /// The status of the answer.
    pub(crate) status: StatusCode,
    /// Which part of the body is meant; none is all of it.
    pub(crate) field: Option<String>,
    /// What is wrong, and what to do.
    pub(crate) message: String,
}

impl OpsError {
    /// A field of the body has an impossible value.
    pub(crate) fn field(field: &str, message: impl Into<String>) -> Self {
        Self {
            field: Some(field.to_owned()),
            ..Self::whole(StatusCode::BAD_REQUEST, message)
        }
    }

    /// The request as a whole cannot be done.
    pub(crate) fn whole(status: StatusCode, message: impl Into<String>) -> Self {
        Self {
            status,
            field: None,
            message: message.into(),
        }
    }
}

impl IntoResponse for OpsError {
    fn into_response(self) -> Response {
        let hint: Option<(HeaderName, &str)> = match self.status {
            StatusCode::UNAUTHORIZED => Some((header::WWW_AUTHENTICATE, "Bearer")),
            StatusCode::SERVICE_UNAVAILABLE => Some((header::RETRY_AFTER, "1")),
            _ => None,
        };
        let error = json!({ "field": self.field, "message": self.message });
        let hint = hint.map(|hint| [hint]);
        let answer = (self.status, Json(json!({ "error": error })));
        match hint {
            Some(hint) => (hint, answer).into_response(),
            None => answer.into_response(),
        }
    }
}

/// Reads a body that is one JSON object of known fields.
pub(crate) fn object(body: &[u8], fields: &[&str]) -> Result<Map<String, Value>, OpsError> {
    let bad = |message: String| OpsError::whole(StatusCode::BAD_REQUEST, message);
    let value: Value = serde_json::from_slice(body)
        .map_err(|error| bad(format!("the body is no JSON: {error}")))?;
    let Value::Object(object) = value else {
        return Err(bad("send one JSON object".to_owned()));
    };
    match object.keys().find(|key| !fields.contains(&key.as_str())) {
        Some(key) => Err(OpsError::field(
            key,
            format!("this field is not known; there are {}", fields.join(", ")),
        )),
        None => Ok(object),
    }
}

/// The text of a field; `None` if it is not there.
pub(crate) fn text<'o>(
    object: &'o Map<String, Value>,
    field: &str,
) -> Result<Option<&'o str>, OpsError> {
    match object.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(OpsError::field(field, "write this as a text")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_one_object_of_known_fields() {
        let field = |body: &str| {
            let read = object(body.as_bytes(), &["text"]);
            read.and_then(|object| Ok(text(&object, "text")?.map(str::to_owned)))
        };
        assert_eq!(field(r#"{"text": "a"}"#), Ok(Some("a".to_owned())));
        assert_eq!(field(r#"{"text": null}"#), Ok(None));
        assert_eq!(field("{}"), Ok(None));
        for (body, name, message) in [
            ("", None, "no JSON"),
            ("[1]", None, "one JSON object"),
            (r#"{"txet": "a"}"#, Some("txet"), "there are text"),
            (r#"{"text": 1}"#, Some("text"), "as a text"),
        ] {
            let refused = field(body).unwrap_err();
            assert_eq!(refused.field.as_deref(), name, "{body}");
            assert!(refused.message.contains(message), "{body}: {refused:?}");
        }
    }
}
