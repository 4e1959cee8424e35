//! `/user`: a guest comes, a user asks who they are; `/session` does the same for cookies.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::dice::api::account::{guest, secret, session};
use crate::dice::api::caller::{Caller, JsonBody};
use crate::dice::api::refusal::ApiError;
use crate::dice::api::state::ApiState;
use crate::dice::database::users;
use crate::dice::roll::job::User;

/// What a guest says about themselves.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct GuestWish {
    name: Option<String>,
}

/// Makes a guest with a key; a body is not needed.
pub(crate) async fn create(
    State(desk): State<Arc<ApiState>>,
    body: JsonBody,
) -> Result<Json<Value>, ApiError> {
    // The SDK sends nothing, and calls that a form.
    let wish: GuestWish = body.json_or_default().unwrap_or_default();
    let user = guest::guest(wish.name.as_deref());
    let key = secret::secret();
    users::create(&desk.database, &user, Some(secret::hash(&key))).await?;
    Ok(Json(json!({ "type": "token", "data": key })))
}

/// Shows the caller.
pub(crate) async fn show(Caller(user): Caller) -> Json<Value> {
    Json(json!({ "type": "user", "data": user }))
}

/// Makes a guest with a session, whose token is only in the cookie.
pub(crate) async fn log_in(
    State(desk): State<Arc<ApiState>>,
    body: JsonBody,
) -> Result<Response, ApiError> {
    let wish: GuestWish = body.json_or_default()?;
    let (user, token) = begin(&desk, wish.name.as_deref()).await?;
    let cookie = session::cookie(Some(&token), desk.session_ttl);
    let body = Json(json!({ "type": "user", "data": user }));
    Ok((StatusCode::CREATED, [(SET_COOKIE, cookie)], body).into_response())
}

/// Makes a guest, and a session with its token.
pub(crate) async fn begin(desk: &ApiState, name: Option<&str>) -> Result<(User, String), ApiError> {
    let user = guest::guest(name);
    // The session first: where Redis refuses it, no user is left behind that nobody can be.
    let opened = session::open(&mut desk.link.clone(), &user, desk.session_ttl).await;
    let token = opened.inspect_err(|_| desk.metrics.sessions.refused.inc())?;
    users::create(&desk.database, &user, None).await?;
    desk.metrics.sessions.opened.inc();
    Ok((user, token))
}
