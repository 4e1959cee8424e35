//! `/user`: a guest comes, a guest asks who they are.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use crate::dice::api::caller::{Caller, JsonBody};
use crate::dice::api::refusal::ApiError;
use crate::dice::api::session;
use crate::dice::api::state::ApiState;

/// Makes a guest; whatever the body holds is not needed.
pub(crate) async fn create(
    State(desk): State<Arc<ApiState>>,
    _: JsonBody,
) -> Result<Json<Value>, ApiError> {
    let mut link = desk.link.clone();
    let token = session::open(&mut link, desk.session_ttl).await?;
    Ok(Json(json!({ "type": "token", "data": token })))
}

/// Shows the caller.
pub(crate) async fn show(Caller(user): Caller) -> Json<Value> {
    Json(json!({ "type": "user", "data": user }))
}
