//! The table of a room: it is cleared, and its history is deleted.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::dice::api::announcements::{self, RollEvent};
use crate::dice::api::caller::{Caller, JsonBody};
use crate::dice::api::query::ApiQuery;
use crate::dice::api::refusal::ApiError;
use crate::dice::api::rolls::view::{self, RollView};
use crate::dice::api::rooms::entry;
use crate::dice::api::state::ApiState;
use crate::dice::clock;
use crate::dice::database::rooms::{self, Room};
use crate::dice::database::{roll_changes, rolls};

/// So many of the last rolls are told to open pages one by one.
const TOLD_MAX: u32 = 50;

#[derive(Debug, Deserialize)]
pub(crate) struct Whose {
    participant: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Clearing {
    dice: ClearingFlag,
}

#[derive(Debug, Deserialize)]
struct ClearingFlag {
    is_cleared: bool,
}

#[derive(Debug, Deserialize)]
pub(crate) struct RoomQuery {
    room: String,
}

/// Takes dice off the table, or puts them back: the caller's, a participant's or (`*`) all.
pub(crate) async fn clear(
    State(desk): State<Arc<ApiState>>,
    Caller(user): Caller,
    Path(slug): Path<String>,
    ApiQuery(whose): ApiQuery<Whose>,
    body: JsonBody,
) -> Result<Json<Value>, ApiError> {
    let room = entry::room_of(&desk, &slug, user.uuid).await?;
    let Clearing { dice } = body.json()?;
    let owner = match whose.participant.as_deref() {
        None => Some(user.uuid),
        Some("*") => None,
        Some(id) => {
            let mut all = room.participants.iter();
            let found = all.find(|one| one.id.to_string() == id);
            Some(found.ok_or(ApiError::NotFound("participant"))?.user.uuid)
        }
    };
    if owner != Some(user.uuid) && room.owner.uuid != user.uuid {
        return Err(ApiError::Forbidden(
            "only who made the room clears the dice of others",
        ));
    }
    let before = last(&desk, &room).await?;
    let cleared_at = dice.is_cleared.then(|| clock::stamp(clock::now()));
    roll_changes::clear(&desk.database, slug, owner, cleared_at).await?;
    let was_cleared = |after: &RollView| {
        let before = before.iter().find(|view| view.uuid() == after.uuid());
        before.is_some_and(RollView::is_cleared)
    };
    let after = last(&desk, &room).await?;
    let changed = after
        .iter()
        .filter(|view| view.is_cleared() != was_cleared(view));
    let mut data = Vec::new();
    for view in changed {
        announcements::roll(&desk.hub, RollEvent::Updated, view).await;
        if view.shows_to(user.uuid) {
            data.push(view.to_json());
        }
    }
    Ok(Json(json!({ "type": "roll[]", "data": data })))
}

/// Deletes all rolls of a room.
pub(crate) async fn delete_history(
    State(desk): State<Arc<ApiState>>,
    Caller(user): Caller,
    ApiQuery(query): ApiQuery<RoomQuery>,
) -> Result<Json<Value>, ApiError> {
    let room = entry::room_of(&desk, &query.room, user.uuid).await?;
    if room.owner.uuid != user.uuid {
        return Err(ApiError::Forbidden(
            "only who made the room deletes its rolls",
        ));
    }
    let gone = last(&desk, &room).await?;
    let now = clock::stamp(clock::now());
    rooms::forget_rolls(&desk.database, room.id, now).await?;
    for view in &gone {
        announcements::roll(&desk.hub, RollEvent::Deleted, view).await;
    }
    let uuids: Vec<Uuid> = gone.iter().map(RollView::uuid).collect();
    Ok(Json(json!({ "type": "roll[]", "data": uuids })))
}

async fn last(desk: &ApiState, room: &Room) -> Result<Vec<RollView>, ApiError> {
    let answers = rolls::last_of_room(&desk.database, room.slug.clone(), TOLD_MAX).await?;
    view::all(desk, answers).await
}
