//! `/room`: make, list, show and join rooms.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::dice::api::caller::{Caller, JsonBody};
use crate::dice::api::refusal::ApiError;
use crate::dice::api::room::{self, Room, Wish};
use crate::dice::api::state::ApiState;

const NAME_MAX: usize = 100;

/// A passcode, in the query or in the body.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Passcode {
    passcode: Option<String>,
}

/// Makes a room.
pub(crate) async fn create(
    State(desk): State<Arc<ApiState>>,
    Caller(user): Caller,
    body: JsonBody,
) -> Result<Json<Value>, ApiError> {
    let wish: Wish = body.json_or_default()?;
    if [&wish.name, &wish.passcode]
        .into_iter()
        .flatten()
        .any(|text| text.len() > NAME_MAX)
    {
        let message = format!("name and passcode have at most {NAME_MAX} characters");
        return Err(ApiError::Invalid(message));
    }
    let room = room::open(&mut desk.link.clone(), wish, &user).await?;
    Ok(reply(&room))
}

/// Lists the caller's rooms.
pub(crate) async fn list(
    State(desk): State<Arc<ApiState>>,
    Caller(user): Caller,
) -> Result<Json<Value>, ApiError> {
    let rooms = room::list(&mut desk.link.clone(), user.uuid).await?;
    let rooms: Vec<Value> = rooms.iter().map(Room::to_json).collect();
    Ok(Json(
        json!({ "type": "room[]", "data": rooms, "links": { "next": null } }),
    ))
}

/// Shows a room to those who may see it.
pub(crate) async fn show(
    State(desk): State<Arc<ApiState>>,
    Caller(user): Caller,
    Path(slug): Path<String>,
    Query(key): Query<Passcode>,
) -> Result<Json<Value>, ApiError> {
    let room = room::find(&mut desk.link.clone(), &slug).await?;
    let room = room.ok_or(ApiError::NotFound("room"))?;
    if room.shows_to(user.uuid, key.passcode.as_deref()) {
        Ok(reply(&room))
    } else {
        Err(ApiError::Forbidden(
            "you are not a participant of this room",
        ))
    }
}

/// Takes the caller into a room.
pub(crate) async fn join(
    State(desk): State<Arc<ApiState>>,
    Caller(user): Caller,
    Path(slug): Path<String>,
    Query(key): Query<Passcode>,
    body: JsonBody,
) -> Result<Json<Value>, ApiError> {
    let mut link = desk.link.clone();
    let room = room::find(&mut link, &slug)
        .await?
        .ok_or(ApiError::NotFound("room"))?;
    if room.has(user.uuid) {
        return Err(ApiError::AlreadyIn);
    }
    let in_body: Passcode = body.json_or_default()?;
    if !room.opens_to(key.passcode.or(in_body.passcode).as_deref()) {
        return Err(ApiError::Forbidden("the passcode does not open this room"));
    }
    if !room::join(&mut link, &slug, &user).await? {
        return Err(ApiError::AlreadyIn);
    }
    let room = room::find(&mut link, &slug)
        .await?
        .ok_or(ApiError::NotFound("room"))?;
    Ok(reply(&room))
}

fn reply(room: &Room) -> Json<Value> {
    Json(json!({ "type": "room", "data": room.to_json() }))
}
