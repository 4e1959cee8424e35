//! Who calls and what was sent: the session behind a token, the JSON in a body.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;

use crate::dice::api::refusal::ApiError;
use crate::dice::api::session;
use crate::dice::api::state::ApiState;
use crate::dice::roll::job::User;

/// The user behind the token of a request.
#[derive(Debug)]
pub(crate) struct Caller(pub User);

/// The body of a request, at most as long as allowed.
#[derive(Debug)]
pub(crate) struct JsonBody(Bytes);

impl FromRequestParts<Arc<ApiState>> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, desk: &Arc<ApiState>) -> Result<Self, ApiError> {
        let token = token(&parts.headers).ok_or(ApiError::LoggedOut)?;
        let mut link = desk.link.clone();
        let found = session::find(&mut link, token, desk.session_ttl).await?;
        let found = found.ok_or(ApiError::LoggedOut)?;
        if let Err(error) = found.refresh {
            // The session can still be read, so the request goes on; only its end comes nearer.
            desk.metrics.refresh_refused.inc();
            tracing::debug!(%error, "cannot refresh session");
        }
        Ok(Self(found.user))
    }
}

impl FromRequest<Arc<ApiState>> for JsonBody {
    type Rejection = ApiError;

    async fn from_request(request: Request, desk: &Arc<ApiState>) -> Result<Self, ApiError> {
        let bytes = Bytes::from_request(request, desk).await;
        bytes.map(Self).map_err(|error: BytesRejection| {
            if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
                ApiError::TooLarge
            } else {
                ApiError::Invalid("the request body cannot be read".to_owned())
            }
        })
    }
}

impl JsonBody {
    /// Reads the body as JSON.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T, ApiError> {
        serde_json::from_slice(&self.0)
            .map_err(|error| ApiError::Invalid(format!("the request body is not usable: {error}")))
    }

    /// Reads the body as JSON; clients that send nothing get the default.
    pub(crate) fn json_or_default<T: DeserializeOwned + Default>(&self) -> Result<T, ApiError> {
        if self.0.trim_ascii().is_empty() {
            Ok(T::default())
        } else {
            self.json()
        }
    }
}

fn token(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
