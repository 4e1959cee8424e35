//! `/room/{slug}/participant`: users join, change how they look, and leave.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use serde::Deserialize;
use serde_json::Value;

use crate::dice::api::account::guest;
use crate::dice::api::announcements;
use crate::dice::api::caller::{Caller, JsonBody};
use crate::dice::api::query::ApiQuery;
use crate::dice::api::realtime::channel::ChannelName;
use crate::dice::api::refusal::ApiError;
use crate::dice::api::rooms::entry;
use crate::dice::api::rooms::room_routes::{Passcode, reply};
use crate::dice::api::state::ApiState;
use crate::dice::clock;
use crate::dice::database::participants::{self, Participant};
use crate::dice::database::rooms::Room;
use crate::dice::roll::job::User;

/// The longest tray, as text.
const TRAY_MAX: usize = 4000;

/// What a participant changes about itself; what is left out stays.
#[derive(Debug, Deserialize)]
pub(crate) struct LookWish {
    username: Option<String>,
    color: Option<String>,
    dice_tray: Option<Value>,
    position: Option<i64>,
}

/// Takes the caller into a room.
pub(crate) async fn join(
    State(desk): State<Arc<ApiState>>,
    Caller(user): Caller,
    Path(slug): Path<String>,
    ApiQuery(key): ApiQuery<Passcode>,
    body: JsonBody,
) -> Result<Json<Value>, ApiError> {
    let in_body: Passcode = body.json_or_default()?;
    let passcode = key.passcode.or(in_body.passcode);
    let room = entry::join(&desk, &user, &slug, passcode.as_deref()).await?;
    Ok(reply(&room, true))
}

/// Changes how a participant looks.
pub(crate) async fn update(
    State(desk): State<Arc<ApiState>>,
    Caller(user): Caller,
    Path((slug, id)): Path<(String, String)>,
    body: JsonBody,
) -> Result<Json<Value>, ApiError> {
    let room = entry::room_of(&desk, &slug, user.uuid).await?;
    let found = participant(&room, &user, Some(&id))?;
    let wish: LookWish = body.json()?;
    let mut look = found.look.clone();
    if let Some(name) = wish.username {
        let name = guest::usable_name(&name);
        look.username = name.ok_or_else(|| ApiError::Invalid("a name is needed".to_owned()))?;
    }
    if let Some(color) = wish.color {
        let digits = color.strip_prefix('#').unwrap_or_default();
        if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(ApiError::Invalid(
                "a color is written as #RRGGBB".to_owned(),
            ));
        }
        look.color = color;
    }
    if let Some(tray) = wish.dice_tray {
        if !tray.is_array() || tray.to_string().len() > TRAY_MAX {
            return Err(ApiError::Invalid(
                "a tray is a list, and not a long one".to_owned(),
            ));
        }
        look.dice_tray = tray;
    }
    look.position = wish.position.unwrap_or(look.position);
    participants::update(&desk.database, found.id, look, clock::stamp(clock::now())).await?;
    let room = entry::find(&desk, &slug).await?;
    announcements::room(&desk.hub, &room).await;
    Ok(reply(&room, true))
}

/// Takes the caller out of a room.
pub(crate) async fn leave_as_caller(
    desk: State<Arc<ApiState>>,
    caller: Caller,
    Path(slug): Path<String>,
) -> Result<Json<Value>, ApiError> {
    leave_as(desk, caller, &slug, None).await
}

/// Takes a participant out of a room: the caller itself, or another if the caller made the room.
pub(crate) async fn leave(
    desk: State<Arc<ApiState>>,
    caller: Caller,
    Path((slug, id)): Path<(String, String)>,
) -> Result<Json<Value>, ApiError> {
    // The SDK writes this word where it was given no number.
    leave_as(
        desk,
        caller,
        &slug,
        Some(&id).filter(|id| *id != "undefined"),
    )
    .await
}

async fn leave_as(
    State(desk): State<Arc<ApiState>>,
    Caller(user): Caller,
    slug: &str,
    id: Option<&String>,
) -> Result<Json<Value>, ApiError> {
    let room = entry::room_of(&desk, slug, user.uuid).await?;
    let found = participant(&room, &user, id)?;
    participants::leave(&desk.database, room.id, found.id).await?;
    let private = ChannelName::PrivateRoom(slug.to_owned(), found.user.uuid);
    let presence = ChannelName::PresenceRoom(slug.to_owned());
    desk.hub.expel(presence, found.id.to_string()).await;
    desk.hub.close_channel(private).await;
    let room = entry::find(&desk, slug).await?;
    announcements::room(&desk.hub, &room).await;
    Ok(reply(&room, room.has(user.uuid)))
}

/// Finds a participant that a user may change.
fn participant<'a>(
    room: &'a Room,
    user: &User,
    id: Option<&String>,
) -> Result<&'a Participant, ApiError> {
    let Some(id) = id else {
        return room
            .participant(user.uuid)
            .ok_or(ApiError::NotFound("participant"));
    };
    let mut all = room.participants.iter();
    let found = all.find(|one| one.id.to_string() == *id);
    let found = found.ok_or(ApiError::NotFound("participant"))?;
    if found.user.uuid == user.uuid || room.owner.uuid == user.uuid {
        Ok(found)
    } else {
        Err(ApiError::Forbidden("this participant is somebody else"))
    }
}
