//! `/activate`: a device shows a code, a person confirms it, the device gets a key.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL};
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use serde_json::json;

use crate::dice::api::account::secret;
use crate::dice::api::refusal::ApiError;
use crate::dice::api::state::ApiState;
use crate::dice::clock;
use crate::dice::database::activations::{self, ActivationState};

/// How long a code can be confirmed.
const TIME: Duration = Duration::from_mins(15);
const CODE_LENGTH: usize = 6;

/// Makes a code for a device.
pub(crate) async fn create(State(desk): State<Arc<ApiState>>) -> Result<Response, ApiError> {
    let (code, secret) = (secret::code(CODE_LENGTH), secret::secret());
    let now = clock::now();
    let until = now.saturating_add(TIME).unwrap_or(now);
    let hash = secret::hash(&secret);
    if !activations::create(&desk.database, code.clone(), hash, now, until).await? {
        return Err(ApiError::Unavailable("too many devices wait at the moment"));
    }
    let data = json!({ "code": code, "secret": secret, "expires_at": clock::stamp(until) });
    let body = Json(json!({ "type": "activation", "data": data }));
    Ok(([(CACHE_CONTROL, "no-store")], body).into_response())
}

/// Tells a device whether its code was confirmed; the key is told once.
pub(crate) async fn show(
    State(desk): State<Arc<ApiState>>,
    Path(code): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let secret = secret_of(&headers).ok_or(ApiError::LoggedOut)?;
    let key = secret::secret();
    let now = clock::now();
    let hashes = (secret::hash(secret), secret::hash(&key));
    let now = (now, clock::stamp(now));
    let code = usable_code(&code).ok_or(ApiError::NotFound("code"))?;
    let found = activations::poll(&desk.database, code.clone(), hashes.0, hashes.1, now).await?;
    let data = match found.ok_or(ApiError::NotFound("code"))? {
        ActivationState::Waiting(until) => {
            let until = Timestamp::from_millisecond(until).unwrap_or_default();
            json!({ "code": code, "expires_at": clock::stamp(until) })
        }
        ActivationState::Confirmed(user) => json!({ "code": code, "token": key, "user": user }),
    };
    let body = Json(json!({ "type": "activation", "data": data }));
    Ok(([(CACHE_CONTROL, "no-store")], body).into_response())
}

/// Reads a code as people type it; none if it cannot be one.
pub(crate) fn usable_code(text: &str) -> Option<String> {
    let code = text.trim().to_ascii_uppercase();
    let is_code =
        code.len() == CODE_LENGTH && code.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_code.then_some(code)
}

fn secret_of(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, secret) = value.split_once(' ')?;
    let secret = Some(secret.trim()).filter(|secret| secret::has_shape(secret))?;
    scheme.eq_ignore_ascii_case("secret").then_some(secret)
}
