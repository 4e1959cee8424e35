//! The table of rolls: a row for each accepted roll, which is answered once.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};
use serde_json::Value;
use uuid::Uuid;

use crate::dice::database::connection::{Database, DatabaseError};
use crate::dice::roll::job::RollAnswer;

/// The row of a roll whose job was in the queue, and is there no more.
const LOST: &str = "lost";
/// The row of a roll that the queue, as is known now, did not take.
const REFUSED: &str = "refused";
const ANSWERED: &str = "answered";
const FAILED: &str = "failed";

/// A roll, as it is written when it is accepted or answered.
#[derive(Clone, Debug)]
pub(crate) struct RollKey {
    /// The roll's id.
    pub(crate) uuid: Uuid,
    /// The room's slug.
    pub(crate) room: Option<String>,
}

/// What is known of a roll.
#[derive(Clone, Debug)]
pub(crate) enum RollState {
    /// It was answered.
    Answered(RollAnswer),
    /// It waits or is in hand.
    Waiting,
    /// It was accepted, and its job is gone without an answer.
    Lost,
    /// It was never accepted, though that was not known at first.
    Refused,
}

/// Writes an answer if there is none, and returns the one that holds; none if the roll is lost.
pub(crate) async fn answer(
    database: &Database,
    key: RollKey,
    answer: &RollAnswer,
    now: Timestamp,
) -> Result<Option<RollAnswer>, DatabaseError> {
    let (state, text) = match answer {
        RollAnswer::Rolled(roll) => (ANSWERED, roll.to_string()),
        RollAnswer::Failed(why) => (FAILED, why.clone()),
    };
    let write = move |connection: &Connection| {
        let uuid = key.uuid.to_string();
        // The child may be faster than the API with the row.
        connection
            .prepare_cached(
                "INSERT INTO roll (uuid, room, state, answer, accepted_at) \
                 VALUES (?, ?, ?, ?, ?) \
                 ON CONFLICT (uuid) DO UPDATE SET state = excluded.state, answer = excluded.answer \
                 WHERE state IN ('waiting', 'unsure', 'refused')",
            )?
            .execute(params![uuid, key.room, state, text, now.as_millisecond()])?;
        state_of(connection, &uuid)
    };
    Ok(match database.write(write).await? {
        Some(RollState::Answered(answer)) => Some(answer),
        Some(RollState::Waiting | RollState::Lost | RollState::Refused) | None => None,
    })
}

/// Tells what became of a roll; none if there is no such roll.
pub(crate) async fn find(
    database: &Database,
    uuid: Uuid,
) -> Result<Option<RollState>, DatabaseError> {
    let read = move |connection: &Connection| state_of(connection, &uuid.to_string());
    database.read(read).await
}

/// Lists the last rolls of a room, the newest first.
pub(crate) async fn last_of_room(
    database: &Database,
    room: String,
    most: u32,
) -> Result<Vec<Value>, DatabaseError> {
    let read = move |connection: &Connection| {
        let mut select = connection.prepare_cached(
            "SELECT answer FROM roll WHERE room = ? AND state = 'answered' \
             ORDER BY id DESC LIMIT ?",
        )?;
        let rows = select.query_map(params![room, most], |row| row.get::<_, String>(0))?;
        rows.map(|text| Ok(serde_json::from_str(&text?).unwrap_or_default()))
            .collect()
    };
    database.read(read).await
}

fn state_of(connection: &Connection, uuid: &str) -> rusqlite::Result<Option<RollState>> {
    let mut select = connection.prepare_cached("SELECT state, answer FROM roll WHERE uuid = ?")?;
    let found = select.query_row([uuid], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, Option<String>>(1)?))
    });
    let found = found.optional()?;
    Ok(found.map(|(state, answer)| {
        let answer = answer.unwrap_or_default();
        match &*state {
            ANSWERED => RollState::Answered(RollAnswer::Rolled(
                serde_json::from_str(&answer).unwrap_or_default(),
            )),
            FAILED => RollState::Answered(RollAnswer::Failed(answer)),
            LOST => RollState::Lost,
            REFUSED => RollState::Refused,
            _ => RollState::Waiting,
        }
    }))
}
