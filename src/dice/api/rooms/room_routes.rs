//! `/room`: rooms are made, listed, shown and changed.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::dice::api::announcements;
use crate::dice::api::caller::{Caller, JsonBody};
use crate::dice::api::paging::PageQuery;
use crate::dice::api::query::ApiQuery;
use crate::dice::api::refusal::ApiError;
use crate::dice::api::rooms::{entry, room_json};
use crate::dice::api::state::ApiState;
use crate::dice::clock;
use crate::dice::database::rooms::{self, Room, RoomDoor};

/// So many rooms are on a page.
const PAGE_SIZE: usize = 20;

/// A passcode, in the query or in the body.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Passcode {
    /// The word.
    pub(crate) passcode: Option<String>,
}

/// What a caller sets about a room; what is left out stays, and null or an empty word takes the
/// passcode away.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct RoomWish {
    name: Option<String>,
    is_public: Option<bool>,
    #[serde(default, deserialize_with = "word_or_null")]
    passcode: Option<String>,
}

/// Makes a room; a body is not needed.
pub(crate) async fn create(
    State(desk): State<Arc<ApiState>>,
    Caller(user): Caller,
    body: JsonBody,
) -> Result<Json<Value>, ApiError> {
    let wish: RoomWish = body.json_or_default()?;
    let door = RoomDoor {
        name: wish.name.unwrap_or_else(|| "Room".to_owned()),
        is_public: wish.is_public.unwrap_or(false),
        passcode: wish.passcode.filter(|word| !word.is_empty()),
    };
    let room = entry::open(&desk, &user, door).await?;
    Ok(reply(&room, true))
}

/// Lists the rooms that the caller made or joined.
pub(crate) async fn list(
    State(desk): State<Arc<ApiState>>,
    Caller(user): Caller,
    ApiQuery(page): ApiQuery<PageQuery>,
    headers: HeaderMap,
) -> Result<Json<Value>, ApiError> {
    let mut found = rooms::of_user(
        &desk.database,
        user.uuid,
        page.first(PAGE_SIZE),
        PAGE_SIZE + 1,
    )
    .await?;
    let has_next = found.len() > PAGE_SIZE;
    found.truncate(PAGE_SIZE);
    let rooms: Vec<Value> = found
        .iter()
        .map(|room| room_json::room(room, true))
        .collect();
    let links = page.links(&headers, "/api/1.0/room", "", has_next);
    Ok(Json(
        json!({ "type": "room[]", "data": rooms, "links": links }),
    ))
}

/// Shows a room to those who may see it.
pub(crate) async fn show(
    State(desk): State<Arc<ApiState>>,
    Caller(user): Caller,
    Path(slug): Path<String>,
    ApiQuery(key): ApiQuery<Passcode>,
) -> Result<Json<Value>, ApiError> {
    let room = entry::find(&desk, &slug).await?;
    if room.shows_to(user.uuid, key.passcode.as_deref()) {
        Ok(reply(&room, room.has(user.uuid)))
    } else {
        Err(ApiError::Forbidden(
            "you are not a participant of this room",
        ))
    }
}

/// Changes a room; only who made it may.
pub(crate) async fn update(
    State(desk): State<Arc<ApiState>>,
    Caller(user): Caller,
    Path(slug): Path<String>,
    body: JsonBody,
) -> Result<Json<Value>, ApiError> {
    let room = entry::find(&desk, &slug).await?;
    if room.owner.uuid != user.uuid {
        return Err(ApiError::Forbidden("only who made the room may change it"));
    }
    let wish: RoomWish = body.json()?;
    let mut door = room.door;
    door.name = wish.name.unwrap_or(door.name);
    door.is_public = wish.is_public.unwrap_or(door.is_public);
    if let Some(passcode) = wish.passcode {
        door.passcode = Some(passcode).filter(|word| !word.is_empty());
    }
    entry::check_door(&door)?;
    rooms::update(&desk.database, room.id, door, clock::stamp(clock::now())).await?;
    let room = entry::find(&desk, &slug).await?;
    announcements::room(&desk.hub, &room).await;
    Ok(reply(&room, true))
}

/// Answers with a room.
pub(crate) fn reply(room: &Room, with_passcode: bool) -> Json<Value> {
    Json(json!({ "type": "room", "data": room_json::room(room, with_passcode) }))
}

/// Reads null as an empty word, so that it differs from what is left out.
fn word_or_null<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    let word: Option<String> = Option::deserialize(deserializer)?;
    Ok(Some(word.unwrap_or_default()))
}
