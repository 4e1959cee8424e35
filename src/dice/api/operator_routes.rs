//! `/-/`: what operators on this machine change while the service runs; not for visitors.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Json;
use axum::extract::{ConnectInfo, FromRequestParts, State};
use axum::http::header::{FORWARDED, ORIGIN};
use axum::http::request::Parts;
use serde_json::{Value, json};

use crate::dice::api::refusal::ApiError;
use crate::dice::api::roll_mode::{RollMode, UnknownRollMode};
use crate::dice::api::state::ApiState;

/// A caller on this machine: neither a visitor behind a proxy nor a page in a browser.
#[derive(Debug)]
pub(crate) struct Operator;

impl FromRequestParts<Arc<ApiState>> for Operator {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<ApiState>) -> Result<Self, ApiError> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let is_local = peer.is_some_and(|ConnectInfo(peer)| peer.ip().is_loopback());
        let came_through = [FORWARDED.as_str(), "x-forwarded-for", "x-real-ip", "via"]
            .into_iter()
            .chain([ORIGIN.as_str(), "sec-fetch-site"])
            .any(|name| parts.headers.contains_key(name));
        if is_local && !came_through {
            Ok(Self)
        } else {
            // As if it were not there.
            Err(ApiError::NotFound("address"))
        }
    }
}

/// Tells how rolls are made.
pub(crate) async fn show_roll_mode(_: Operator, State(desk): State<Arc<ApiState>>) -> Json<Value> {
    reply(desk.rolling.mode())
}

/// Changes how rolls are made; the body is the name of the mode.
pub(crate) async fn set_roll_mode(
    _: Operator,
    State(desk): State<Arc<ApiState>>,
    body: String,
) -> Result<Json<Value>, ApiError> {
    let mode: RollMode = body
        .trim()
        .parse()
        .map_err(|error: UnknownRollMode| ApiError::Invalid(error.to_string()))?;
    desk.rolling.set_mode(mode);
    Ok(reply(mode))
}

fn reply(mode: RollMode) -> Json<Value> {
    Json(json!({ "type": "roll-mode", "data": mode.name() }))
}
