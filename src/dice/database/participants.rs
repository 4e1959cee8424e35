//! The table of those who are in a room.

use rusqlite::{Connection, Row, params};
use serde_json::Value;
use uuid::Uuid;

use crate::dice::database::connection::{Database, DatabaseError};
use crate::dice::database::users::{USER_COLUMNS, user_at};
use crate::dice::roll::job::User;

/// A room has no more participants than this.
pub(crate) const PARTICIPANTS_MAX: usize = 64;

/// Colors that participants get at first.
pub(crate) const COLORS: [&str; 8] = [
    "#E4572E", "#17BEBB", "#E0A800", "#8A6FDF", "#76B041", "#4A6FA5", "#D6458B", "#8D6E63",
];

/// A user in a room.
#[derive(Clone, Debug)]
pub(crate) struct Participant {
    /// Its number.
    pub(crate) id: i64,
    /// Who it is.
    pub(crate) user: User,
    /// How the others see it.
    pub(crate) look: ParticipantLook,
    /// When the user came in.
    pub(crate) created_at: String,
    /// When it last changed.
    pub(crate) updated_at: String,
}

/// What participants choose for themselves.
#[derive(Clone, Debug)]
pub(crate) struct ParticipantLook {
    /// The name shown.
    pub(crate) username: String,
    /// `#RRGGBB`.
    pub(crate) color: String,
    /// The dice that lie ready, in rows.
    pub(crate) dice_tray: Value,
    /// The place at the table.
    pub(crate) position: i64,
}

/// A participant to be written.
#[derive(Clone, Debug)]
pub(crate) struct NewParticipant {
    /// Who it is.
    pub(crate) user: Uuid,
    /// How the others see it.
    pub(crate) look: ParticipantLook,
    /// The moment.
    pub(crate) now: String,
}

/// What became of an attempt to join.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum JoinOutcome {
    /// The user is in now.
    Joined,
    /// The user was in before.
    AlreadyIn,
    /// The room is full.
    Full,
}

/// Takes a user into a room.
pub(crate) async fn join(
    database: &Database,
    room: i64,
    mut new: NewParticipant,
) -> Result<JoinOutcome, DatabaseError> {
    let write = move |connection: &Connection| {
        let here = of_room(connection, room)?;
        if here.iter().any(|one| one.user.uuid == new.user) {
            return Ok(JoinOutcome::AlreadyIn);
        }
        if here.len() >= PARTICIPANTS_MAX {
            return Ok(JoinOutcome::Full);
        }
        let places = here.iter().map(|one| one.look.position.saturating_add(1));
        new.look.position = places.max().unwrap_or(0);
        if here.iter().any(|one| one.look.color == new.look.color) {
            free_color(&here).clone_into(&mut new.look.color);
        }
        insert(connection, room, &new)?;
        Ok(JoinOutcome::Joined)
    };
    database.write(write).await
}

/// Takes a participant out of a room; whether it was there.
pub(crate) async fn leave(
    database: &Database,
    room: i64,
    participant: i64,
) -> Result<bool, DatabaseError> {
    let write = move |connection: &Connection| {
        connection
            .prepare_cached("DELETE FROM participant WHERE id = ? AND room = ?")?
            .execute([participant, room])
            .map(|rows| rows > 0)
    };
    database.write(write).await
}

/// Changes how the others see a participant.
pub(crate) async fn update(
    database: &Database,
    participant: i64,
    look: ParticipantLook,
    now: String,
) -> Result<(), DatabaseError> {
    let write = move |connection: &Connection| {
        connection
            .prepare_cached(
                "UPDATE participant SET username = ?2, color = ?3, dice_tray = ?4, position = ?5, \
                 updated_at = ?6 WHERE id = ?1",
            )?
            .execute(params![
                participant,
                look.username,
                look.color,
                look.dice_tray.to_string(),
                look.position,
                now
            ])
            .map(|_| ())
    };
    database.write(write).await
}

/// Picks a color that nobody has, as long as there is one.
fn free_color(here: &[Participant]) -> &'static str {
    let is_free = |color: &&&str| here.iter().all(|one| one.look.color != **color);
    COLORS.iter().find(is_free).unwrap_or(&COLORS[0])
}

/// Writes a participant.
pub(crate) fn insert(
    connection: &Connection,
    room: i64,
    new: &NewParticipant,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO participant (room, user, username, color, dice_tray, position, \
             created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)",
        )?
        .execute(params![
            room,
            new.user.to_string(),
            new.look.username,
            new.look.color,
            new.look.dice_tray.to_string(),
            new.look.position,
            new.now
        ])
        .map(|_| ())
}

/// Reads everybody in a room, in the order in which they came.
pub(crate) fn of_room(connection: &Connection, room: i64) -> rusqlite::Result<Vec<Participant>> {
    let query = format!(
        "SELECT participant.id, participant.username, color, dice_tray, position, \
         participant.created_at, participant.updated_at, {USER_COLUMNS} \
         FROM participant JOIN user ON user.uuid = participant.user \
         WHERE participant.room = ? ORDER BY participant.id"
    );
    let mut select = connection.prepare_cached(&query)?;
    let all = select.query_map([room], participant_at)?;
    all.collect()
}

fn participant_at(row: &Row<'_>) -> rusqlite::Result<Participant> {
    let tray: String = row.get(3)?;
    Ok(Participant {
        id: row.get(0)?,
        look: ParticipantLook {
            username: row.get(1)?,
            color: row.get(2)?,
            dice_tray: serde_json::from_str(&tray).unwrap_or_default(),
            position: row.get(4)?,
        },
        created_at: row.get(5)?,
        updated_at: row.get(6)?,
        user: user_at(row, 7)?,
    })
}
