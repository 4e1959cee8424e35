//! How a user gets into a room: by making it or by joining it, through the API or the page.

use rand::Rng as _;
use serde_json::json;
use uuid::Uuid;

use crate::dice::api::announcements;
use crate::dice::api::refusal::ApiError;
use crate::dice::api::state::ApiState;
use crate::dice::clock;
use crate::dice::database::participants::{
    self, COLORS, JoinOutcome, NewParticipant, ParticipantLook,
};
use crate::dice::database::rooms::{self, NewRoom, Room, RoomDoor};
use crate::dice::roll::job::User;

/// The longest name or passcode, in bytes.
pub(crate) const NAME_MAX: usize = 100;
/// A user makes no more rooms than this.
const ROOMS_MAX: u32 = 1000;
const SLUG_LETTERS: &[u8] = b"abcdefghijkmnpqrstuvwxyz23456789";
/// Makes a room with the user as its first participant.
pub(crate) async fn open(desk: &ApiState, user: &User, door: RoomDoor) -> Result<Room, ApiError> {
    check_door(&door)?;
    if rooms::count_made(&desk.database, user.uuid).await? >= ROOMS_MAX {
        return Err(ApiError::Forbidden("you have made too many rooms"));
    }
    let slug = slug();
    let new = NewRoom {
        slug: slug.clone(),
        door,
        first: participant(user),
    };
    rooms::create(&desk.database, new).await?;
    find(desk, &slug).await
}

/// Takes a user into a room, and tells those who are in it.
pub(crate) async fn join(
    desk: &ApiState,
    user: &User,
    slug: &str,
    passcode: Option<&str>,
) -> Result<Room, ApiError> {
    let room = find(desk, slug).await?;
    if room.has(user.uuid) {
        return Err(ApiError::AlreadyIn);
    }
    if !room.opens_to(passcode) {
        return Err(ApiError::Forbidden("the passcode does not open this room"));
    }
    match participants::join(&desk.database, room.id, participant(user)).await? {
        JoinOutcome::Joined => {}
        JoinOutcome::AlreadyIn => return Err(ApiError::AlreadyIn),
        JoinOutcome::Full => return Err(ApiError::Forbidden("this room is full")),
    }
    let room = find(desk, slug).await?;
    announcements::room(&desk.hub, &room).await;
    Ok(room)
}

/// Finds a room.
pub(crate) async fn find(desk: &ApiState, slug: &str) -> Result<Room, ApiError> {
    let is_slug = slug.len() <= 32 && slug.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let room = if is_slug {
        rooms::find(&desk.database, slug).await?
    } else {
        None
    };
    let room = room.ok_or(ApiError::NotFound("room"))?;
    desk.uses.note_room(room.id);
    Ok(room)
}

/// Finds a room that a user is in.
pub(crate) async fn room_of(desk: &ApiState, slug: &str, user: Uuid) -> Result<Room, ApiError> {
    let room = find(desk, slug).await?;
    if room.has(user) {
        Ok(room)
    } else {
        Err(ApiError::Forbidden(
            "you are not a participant of this room",
        ))
    }
}

/// Refuses names and passcodes that are too long.
pub(crate) fn check_door(door: &RoomDoor) -> Result<(), ApiError> {
    let passcode = door.passcode.as_ref().map_or(0, String::len);
    if door.name.len() > NAME_MAX || passcode > NAME_MAX {
        let message = format!("name and passcode have at most {NAME_MAX} characters");
        return Err(ApiError::Invalid(message));
    }
    Ok(())
}

fn participant(user: &User) -> NewParticipant {
    let color = COLORS.get(rand::rng().random_range(0..COLORS.len()));
    let is_named = user.name != "Guest";
    NewParticipant {
        user: user.uuid,
        look: ParticipantLook {
            username: if is_named { &user.name } else { &user.username }.clone(),
            color: color.copied().unwrap_or("#17BEBB").to_owned(),
            dice_tray: json!([]),
            position: 0,
        },
        now: clock::stamp(clock::now()),
    }
}

fn slug() -> String {
    let mut rng = rand::rng();
    let letter = |_| {
        SLUG_LETTERS
            .get(rng.random_range(0..SLUG_LETTERS.len()))
            .copied()
    };
    (0..10).filter_map(letter).map(char::from).collect()
}
