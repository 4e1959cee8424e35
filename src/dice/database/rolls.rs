//! The table of rolls: a row for each accepted roll, which is answered once.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde_json::Value;
use uuid::Uuid;

use crate::dice::database::connection::{Database, DatabaseError};
use crate::dice::roll::job::RollAnswer;

/// The row of a roll that the queue took.
const WAITING: &str = "waiting";
/// The row of a roll that the queue perhaps took.
const UNSURE: &str = "unsure";
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

/// A roll that has no answer yet.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OpenRoll {
    /// Its row, in the order of acceptance.
    pub(crate) row: i64,
    /// The roll's id.
    pub(crate) uuid: Uuid,
}

/// Writes the row of a roll that was offered to the queue; one that is answered already stays.
pub(crate) async fn accept(
    database: &Database,
    key: RollKey,
    is_sure: bool,
    now: Timestamp,
) -> Result<(), DatabaseError> {
    let state = if is_sure { WAITING } else { UNSURE };
    let insert = move |connection: &Connection| {
        connection
            .prepare_cached(
                "INSERT OR IGNORE INTO roll (uuid, room, state, accepted_at) VALUES (?, ?, ?, ?)",
            )?
            .execute(params![
                key.uuid.to_string(),
                key.room,
                state,
                now.as_millisecond()
            ])
            .map(|_| ())
    };
    database.write(insert).await
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

/// Lists rolls without an answer that were accepted before a moment, beginning after a row.
pub(crate) async fn open(
    database: &Database,
    after: i64,
    before: Timestamp,
    most: u32,
) -> Result<Vec<OpenRoll>, DatabaseError> {
    let read = move |connection: &Connection| {
        let mut select = connection.prepare_cached(
            "SELECT id, uuid FROM roll WHERE state IN ('waiting', 'unsure') AND id > ? \
             AND accepted_at < ? ORDER BY id LIMIT ?",
        )?;
        let open = |row: &Row<'_>| Ok((row.get(0)?, row.get::<_, String>(1)?));
        let rows = select.query_map(params![after, before.as_millisecond(), most], open)?;
        rows.map(|row| {
            let (row, uuid) = row?;
            let uuid = Uuid::try_parse(&uuid).unwrap_or_default();
            Ok(OpenRoll { row, uuid })
        })
        .collect()
    };
    database.read(read).await
}

/// Marks rolls whose jobs are gone, unless they have an answer, and returns how many are lost.
pub(crate) async fn give_up(database: &Database, uuids: Vec<Uuid>) -> Result<usize, DatabaseError> {
    let write = move |connection: &Connection| {
        let mut update = connection
            .prepare_cached("UPDATE roll SET state = ?2 WHERE uuid = ?1 AND state = ?3")?;
        let mut lost = 0;
        for uuid in uuids {
            let uuid = uuid.to_string();
            lost += update.execute([&*uuid, LOST, WAITING])?;
            update.execute([&*uuid, REFUSED, UNSURE])?;
        }
        Ok(lost)
    };
    database.write(write).await
}

/// Counts the rolls that were ever found lost.
pub(crate) async fn count_lost(database: &Database) -> Result<u32, DatabaseError> {
    let count = |connection: &Connection| {
        connection.query_row(
            "SELECT count(*) FROM roll WHERE state = 'lost'",
            [],
            |row| row.get(0),
        )
    };
    database.read(count).await
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

/// Deletes some of the rolls that were accepted before a moment and are over, with what was
/// changed about them.
pub(crate) async fn delete_old(
    database: &Database,
    before: Timestamp,
    most: u32,
) -> Result<usize, DatabaseError> {
    const OLD: &str = "id IN (SELECT id FROM roll ORDER BY id LIMIT ?2) \
                       AND accepted_at < ?1 AND state NOT IN ('waiting', 'unsure')";
    let delete = move |connection: &Connection| {
        let changes =
            format!("DELETE FROM roll_change WHERE roll IN (SELECT uuid FROM roll WHERE {OLD})");
        let rolls = format!("DELETE FROM roll WHERE {OLD}");
        let old = params![before.as_millisecond(), most];
        connection.prepare_cached(&changes)?.execute(old)?;
        connection.prepare_cached(&rolls)?.execute(old)
    };
    database.write(delete).await
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

#[cfg(test)]
mod tests {
    use super::*;

    fn key(uuid: Uuid) -> RollKey {
        RollKey {
            uuid,
            room: Some("room".to_owned()),
        }
    }

    fn rolled(total: u32) -> RollAnswer {
        RollAnswer::Rolled(serde_json::json!({ "total": total }))
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[tokio::test]
    async fn the_first_answer_holds_whoever_writes_it_and_when_the_row_came() {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::open(&folder.path().join("dice.db")).unwrap();
        for accepted_first in [true, false] {
            let uuid = Uuid::new_v4();
            if accepted_first {
                accept(&database, key(uuid), true, at(1)).await.unwrap();
            }
            for total in [1, 2] {
                let held = answer(&database, key(uuid), &rolled(total), at(2)).await;
                let Some(RollAnswer::Rolled(roll)) = held.unwrap() else {
                    panic!("no answer holds");
                };
                assert_eq!(roll["total"], 1);
            }
            accept(&database, key(uuid), true, at(3)).await.unwrap();
            let found = find(&database, uuid).await.unwrap();
            assert!(matches!(found, Some(RollState::Answered(_))));
        }
        let last = last_of_room(&database, "room".to_owned(), 10).await;
        assert_eq!(last.unwrap().len(), 2);
    }

    #[tokio::test]
    async fn only_what_was_surely_accepted_is_lost_and_a_lost_roll_gets_no_answer() {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::open(&folder.path().join("dice.db")).unwrap();
        let uuids: Vec<Uuid> = (0..3).map(|_| Uuid::new_v4()).collect();
        for (uuid, is_sure) in uuids.iter().zip([true, false, true]) {
            accept(&database, key(*uuid), is_sure, at(1)).await.unwrap();
        }
        answer(&database, key(uuids[2]), &rolled(1), at(2))
            .await
            .unwrap();
        let open_ones = open(&database, 0, at(5), 10).await.unwrap();
        assert_eq!(open_ones.len(), 2);
        assert!(open(&database, 0, at(1), 10).await.unwrap().is_empty());
        let rest = open(&database, open_ones[0].row, at(5), 10).await.unwrap();
        assert_eq!(rest[0].uuid, uuids[1]);
        assert_eq!(give_up(&database, uuids.clone()).await.unwrap(), 1);
        assert_eq!(count_lost(&database).await.unwrap(), 1);
        let late = answer(&database, key(uuids[0]), &rolled(1), at(9)).await;
        assert!(late.unwrap().is_none());
        let refused = find(&database, uuids[1]).await.unwrap();
        assert!(matches!(refused, Some(RollState::Refused)));
        assert_eq!(delete_old(&database, at(1), 10).await.unwrap(), 0);
        assert_eq!(delete_old(&database, at(5), 10).await.unwrap(), 3);
    }
}
