//! The table of rooms.

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use uuid::Uuid;

use crate::dice::database::connection::{Database, DatabaseError};
use crate::dice::database::participants::{self, NewParticipant, Participant};
use crate::dice::database::users::{USER_COLUMNS, user_at};
use crate::dice::roll::job::User;

/// A room with those who are in it.
#[derive(Clone, Debug)]
pub(crate) struct Room {
    /// Its number.
    pub(crate) id: i64,
    /// Its name in addresses.
    pub(crate) slug: String,
    /// What may change about it.
    pub(crate) door: RoomDoor,
    /// Who made it.
    pub(crate) owner: User,
    /// Rolls that were answered before this moment are deleted.
    pub(crate) history_from: String,
    /// When it was made.
    pub(crate) created_at: String,
    /// When it last changed.
    pub(crate) updated_at: String,
    /// In the order in which they came.
    pub(crate) participants: Vec<Participant>,
}

/// What may change about a room: its name, and who gets in.
#[derive(Clone, Debug)]
pub(crate) struct RoomDoor {
    /// The name shown.
    pub(crate) name: String,
    /// Whether anybody may look.
    pub(crate) is_public: bool,
    /// The word that opens the room.
    pub(crate) passcode: Option<String>,
}

/// A room to be made.
#[derive(Clone, Debug)]
pub(crate) struct NewRoom {
    /// Its name in addresses.
    pub(crate) slug: String,
    /// Its name, and who gets in.
    pub(crate) door: RoomDoor,
    /// Who makes it, and is in it from the start.
    pub(crate) first: NewParticipant,
}

const COLUMNS: &str = "room.id, room.slug, room.name, room.is_public, room.passcode, \
                       room.history_from, room.created_at, room.updated_at";

impl Room {
    /// Finds the participant that a user is.
    pub(crate) fn participant(&self, user: Uuid) -> Option<&Participant> {
        let mut all = self.participants.iter();
        all.find(|participant| participant.user.uuid == user)
    }

    /// Tells whether a user is in.
    pub(crate) fn has(&self, user: Uuid) -> bool {
        self.participant(user).is_some()
    }

    /// Tells whether a passcode opens the room.
    pub(crate) fn opens_to(&self, passcode: Option<&str>) -> bool {
        self.door.passcode.is_none() || self.door.passcode.as_deref() == passcode
    }

    /// Tells whether a user may look at the room.
    pub(crate) fn shows_to(&self, user: Uuid, passcode: Option<&str>) -> bool {
        let is_open = self.door.is_public || self.door.passcode.is_some();
        self.has(user) || (is_open && self.opens_to(passcode))
    }
}

/// Makes a room, with its maker as the first participant.
pub(crate) async fn create(database: &Database, new: NewRoom) -> Result<(), DatabaseError> {
    let insert = move |connection: &Connection| {
        let NewRoom { slug, door, first } = new;
        connection
            .prepare_cached(
                "INSERT INTO room (slug, name, is_public, passcode, owner, history_from, \
                 created_at, updated_at, used_at) \
                 VALUES (?1, ?2, ?3, ?4, ?5, '', ?6, ?6, 1000 * unixepoch(?6))",
            )?
            .execute(params![
                slug,
                door.name,
                door.is_public,
                door.passcode,
                first.user.to_string(),
                first.now
            ])?;
        participants::insert(connection, connection.last_insert_rowid(), &first)
    };
    database.write(insert).await
}

/// Reads a room.
pub(crate) async fn find(database: &Database, slug: &str) -> Result<Option<Room>, DatabaseError> {
    let slug = slug.to_owned();
    let read = move |connection: &Connection| {
        let query = format!(
            "SELECT {COLUMNS}, {USER_COLUMNS} FROM room JOIN user ON user.uuid = room.owner \
             WHERE room.slug = ?"
        );
        let mut select = connection.prepare_cached(&query)?;
        let room = select.query_row([slug], room_at).optional()?;
        room.map(|room| with_participants(connection, room))
            .transpose()
    };
    database.read(read).await
}

/// Lists rooms that a user is in, the newest first, so many from an index on.
pub(crate) async fn of_user(
    database: &Database,
    user: Uuid,
    from: usize,
    most: usize,
) -> Result<Vec<Room>, DatabaseError> {
    let [from, most] = [from, most].map(|number| i64::try_from(number).unwrap_or(i64::MAX));
    let read = move |connection: &Connection| {
        let query = format!(
            "SELECT {COLUMNS}, {USER_COLUMNS} FROM participant \
             JOIN room ON room.id = participant.room JOIN user ON user.uuid = room.owner \
             WHERE participant.user = ? ORDER BY room.id DESC LIMIT ? OFFSET ?"
        );
        let mut select = connection.prepare_cached(&query)?;
        let rooms = select.query_map(params![user.to_string(), most, from], room_at)?;
        rooms
            .map(|room| with_participants(connection, room?))
            .collect()
    };
    database.read(read).await
}

/// Counts the rooms that a user made.
pub(crate) async fn count_made(database: &Database, user: Uuid) -> Result<u32, DatabaseError> {
    let read = move |connection: &Connection| {
        let query = "SELECT count(*) FROM participant JOIN room ON room.id = participant.room \
                     WHERE participant.user = ?1 AND room.owner = ?1";
        let mut count = connection.prepare_cached(query)?;
        count.query_row([user.to_string()], |row| row.get(0))
    };
    database.read(read).await
}

/// Changes a room's name and who gets in.
pub(crate) async fn update(
    database: &Database,
    room: i64,
    door: RoomDoor,
    now: String,
) -> Result<(), DatabaseError> {
    let write = move |connection: &Connection| {
        connection
            .prepare_cached(
                "UPDATE room SET name = ?2, is_public = ?3, passcode = ?4, updated_at = ?5 \
                 WHERE id = ?1",
            )?
            .execute(params![room, door.name, door.is_public, door.passcode, now])
            .map(|_| ())
    };
    database.write(write).await
}

/// Deletes the rolls of a room that were answered before now.
pub(crate) async fn forget_rolls(
    database: &Database,
    room: i64,
    now: String,
) -> Result<(), DatabaseError> {
    let write = move |connection: &Connection| {
        connection
            .prepare_cached("UPDATE room SET history_from = ?2 WHERE id = ?1")?
            .execute(params![room, now])
            .map(|_| ())
    };
    database.write(write).await
}

fn with_participants(connection: &Connection, mut room: Room) -> rusqlite::Result<Room> {
    room.participants = participants::of_room(connection, room.id)?;
    Ok(room)
}

fn room_at(row: &Row<'_>) -> rusqlite::Result<Room> {
    Ok(Room {
        id: row.get(0)?,
        slug: row.get(1)?,
        door: RoomDoor {
            name: row.get(2)?,
            is_public: row.get(3)?,
            passcode: row.get(4)?,
        },
        history_from: row.get(5)?,
        created_at: row.get(6)?,
        updated_at: row.get(7)?,
        owner: user_at(row, 8)?,
        participants: Vec::new(),
    })
}
