//! The first page: who you are, and your rooms.

use std::sync::Arc;

use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Deserialize;

use crate::dice::api::account::{guest, session};
use crate::dice::api::caller::{Caller, MaybeCaller};
use crate::dice::api::page::frame;
use crate::dice::api::refusal::ApiError;
use crate::dice::api::rooms::entry;
use crate::dice::api::state::ApiState;
use crate::dice::database::rooms::{self, RoomDoor};

/// So many rooms are listed.
const ROOMS_MAX: usize = 20;

#[derive(Template)]
#[template(path = "dice/home.html")]
struct HomePage {
    name: Option<String>,
    was_logged_out: bool,
    rooms: Vec<RoomLink>,
}

struct RoomLink {
    slug: String,
    name: String,
    people: usize,
}

/// The form that makes a room.
#[derive(Debug, Deserialize)]
pub(crate) struct RoomForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    passcode: String,
}

/// Shows the first page.
pub(crate) async fn show(
    State(desk): State<Arc<ApiState>>,
    MaybeCaller(user): MaybeCaller,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let rooms = match &user {
        Some(user) => rooms::of_user(&desk.database, user.uuid, 0, ROOMS_MAX).await?,
        None => Vec::new(),
    };
    let link = |room: rooms::Room| RoomLink {
        people: room.participants.len(),
        slug: room.slug,
        name: room.door.name,
    };
    let home = HomePage {
        was_logged_out: user.is_none() && session::token(&headers).is_some(),
        name: user.map(|user| user.name),
        rooms: rooms.into_iter().map(link).collect(),
    };
    frame::page(&home, StatusCode::OK)
}

/// Makes a room and leads there.
pub(crate) async fn make_room(
    State(desk): State<Arc<ApiState>>,
    Caller(user): Caller,
    Form(form): Form<RoomForm>,
) -> Result<Response, ApiError> {
    let passcode = form.passcode.trim();
    let door = RoomDoor {
        name: guest::usable_name(&form.name).unwrap_or_else(|| format!("{}'s table", user.name)),
        is_public: false,
        passcode: (!passcode.is_empty()).then(|| passcode.to_owned()),
    };
    let room = entry::open(&desk, &user, door).await?;
    Ok(frame::see_other(&format!("/room/{}", room.slug)))
}
