//! Why the operators' API does not do what it was asked, as problem details (RFC 9457).

use axum::Json;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// The type of a body that is a problem.
pub(crate) const PROBLEM: &str = "application/problem+json";

/// A refusal that names the field and the way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OpsError {
    /// The status of the answer.
    pub(crate) status: StatusCode,
    /// Which part of the body is meant; none is all of it.
    pub(crate) field: Option<String>,
    /// What is wrong, and what to do.
    pub(crate) message: String,
    /// Everything that is wrong, if there is more to say than that.
    pub(crate) faults: Vec<BodyFault>,
    /// The version that a file has, where another one was expected.
    pub(crate) version: Option<String>,
}

/// A part of a body with an impossible value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BodyFault {
    /// Where it is, as a JSON pointer (RFC 6901).
    pub(crate) pointer: String,
    /// What is wrong, and what to do.
    pub(crate) message: String,
}

impl BodyFault {
    /// A fault of a field, which may be one within others: `matchers[0].name`.
    pub(crate) fn new(field: &str, message: impl Into<String>) -> Self {
        let path = field.replace('[', ".").replace(']', "");
        Self {
            pointer: format!("/{}", path.replace('.', "/")),
            message: message.into(),
        }
    }
}

impl BodyFault {
    /// The field, as `error` names it: `matchers[0].name`.
    fn field(&self) -> String {
        let mut field = String::new();
        for part in self.pointer.split('/').skip(1) {
            let part = part.replace("~1", "/").replace("~0", "~");
            if part.parse::<usize>().is_ok() {
                field = format!("{field}[{part}]");
            } else {
                let dot = if field.is_empty() { "" } else { "." };
                field = format!("{field}{dot}{part}");
            }
        }
        field
    }
}

impl OpsError {
    /// A field of the body has an impossible value.
    pub(crate) fn field(field: &str, message: impl Into<String>) -> Self {
        let message = message.into();
        Self {
            field: Some(field.to_owned()),
            faults: vec![BodyFault::new(field, message.clone())],
            ..Self::whole(StatusCode::BAD_REQUEST, message)
        }
    }

    /// Several fields of the body have impossible values; there is one at least.
    pub(crate) fn faulty(faults: Vec<BodyFault>) -> Self {
        let first = faults.first();
        let message = first.map_or("the body cannot be meant", |fault| &*fault.message);
        let field = first.map(BodyFault::field);
        Self {
            field: field.filter(|field| !field.is_empty()),
            ..Self::whole(StatusCode::BAD_REQUEST, message)
        }
        .with(faults)
    }

    fn with(self, faults: Vec<BodyFault>) -> Self {
        Self { faults, ..self }
    }

    /// The request as a whole cannot be done.
    pub(crate) fn whole(status: StatusCode, message: impl Into<String>) -> Self {
        Self {
            status,
            field: None,
            message: message.into(),
            faults: Vec::new(),
            version: None,
        }
    }
}

impl IntoResponse for OpsError {
    fn into_response(self) -> Response {
        let mut problem = json!({
            "type": "about:blank",
            "title": self.status.canonical_reason(),
            "status": self.status.as_u16(),
            "detail": self.message,
            "error": { "field": self.field, "message": self.message },
        });
        if !self.faults.is_empty() {
            let faults = self.faults.iter();
            let faults =
                faults.map(|fault| json!({ "pointer": fault.pointer, "detail": fault.message }));
            problem["errors"] = faults.collect();
        }
        let mut answer = (self.status, Json(problem)).into_response();
        let mut put = |name: HeaderName, value: &str| {
            if let Ok(value) = HeaderValue::from_str(value) {
                answer.headers_mut().insert(name, value);
            }
        };
        put(header::CONTENT_TYPE, PROBLEM);
        match self.status {
            StatusCode::UNAUTHORIZED => put(header::WWW_AUTHENTICATE, "Bearer"),
            StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS => {
                put(header::RETRY_AFTER, "1");
            }
            _ => {}
        }
        if let Some(version) = self.version {
            put(header::ETAG, &format!("\"{version}\""));
        }
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_fault_is_named_by_its_field() {
        for (pointer, field) in [
            ("/text", Some("text")),
            ("/matchers/0/name", Some("matchers[0].name")),
            ("/severityOf/a~1b", Some("severityOf.a/b")),
            ("", None),
        ] {
            let fault = BodyFault {
                pointer: pointer.to_owned(),
                message: "no".to_owned(),
            };
            let error = OpsError::faulty(vec![fault]);
            assert_eq!(error.field.as_deref(), field, "{pointer}");
        }
    }
}
