//! Deletes what nobody uses any more, a bounded number of rows at a time.

use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, params};
use uuid::Uuid;

use crate::dice::clock::stamp;
use crate::dice::database::connection::{Database, DatabaseError};
use crate::dice::database::rolls;

/// How long what nobody uses is kept.
#[derive(Clone, Copy, Debug)]
pub(crate) struct KeepingTimes {
    /// Rolls, since they were taken.
    pub(crate) rolls: Duration,
    /// Rooms, since anybody looked into them.
    pub(crate) rooms: Duration,
    /// Guests and their keys, since their last request.
    pub(crate) guests: Duration,
}

/// How many rows were deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct SweptRows {
    /// Rolls; what was changed about them goes with them.
    pub(crate) rolls: usize,
    /// Clearings of tables that no roll is left of.
    pub(crate) clearings: usize,
    /// Rooms, with their participants and clearings.
    pub(crate) rooms: usize,
    /// Guests, with their keys, dice boxes and seats.
    pub(crate) guests: usize,
}

/// Deletes some of what is old, at most so many rows of each kind.
pub(crate) async fn sweep(
    database: &Database,
    now: Timestamp,
    times: KeepingTimes,
    most: u32,
) -> Result<SweptRows, DatabaseError> {
    let before = |age: Duration| now.saturating_sub(age).unwrap_or(Timestamp::MIN);
    let [rolls_before, rooms_before, guests_before] =
        [times.rolls, times.rooms, times.guests].map(before);
    let rolls = rolls::delete_old(database, rolls_before, most).await?;
    let clearings = move |connection: &Connection| clearings(connection, rolls_before, most);
    let rooms = move |connection: &Connection| rooms(connection, rooms_before, most);
    let guests = move |connection: &Connection| guests(connection, guests_before, now, most);
    // One by one, so that rolls do not wait behind all of it.
    Ok(SweptRows {
        rolls,
        clearings: database.write(clearings).await?,
        rooms: database.write(rooms).await?,
        guests: database.write(guests).await?,
    })
}

/// Notes when users and rooms were used last.
pub(crate) async fn note_used(
    database: &Database,
    users: Vec<Uuid>,
    rooms: Vec<i64>,
    now: Timestamp,
) -> Result<(), DatabaseError> {
    let now = now.as_millisecond();
    let write = move |connection: &Connection| {
        let mut user = connection
            .prepare_cached("UPDATE user SET used_at = max(used_at, ?2) WHERE uuid = ?1")?;
        for uuid in users {
            user.execute(params![uuid.to_string(), now])?;
        }
        let mut room = connection
            .prepare_cached("UPDATE room SET used_at = max(used_at, ?2) WHERE id = ?1")?;
        for id in rooms {
            room.execute([id, now])?;
        }
        Ok(())
    };
    database.write(write).await
}

/// A clearing says nothing any more once all rolls are younger.
fn clearings(connection: &Connection, before: Timestamp, most: u32) -> rusqlite::Result<usize> {
    let oldest = "SELECT coalesce((SELECT accepted_at FROM roll ORDER BY id LIMIT 1), ?)";
    let now = before.as_millisecond();
    let oldest: i64 = connection.query_row(oldest, [now], |row| row.get(0))?;
    let before = Timestamp::from_millisecond(oldest.min(now)).unwrap_or(before);
    connection
        .prepare_cached(
            "DELETE FROM clearing WHERE (room, user) IN (SELECT room, user FROM clearing \
             WHERE cleared_at < ? ORDER BY cleared_at LIMIT ?)",
        )?
        .execute(params![stamp(before), most])
}

fn rooms(connection: &Connection, before: Timestamp, most: u32) -> rusqlite::Result<usize> {
    let mut old = connection
        .prepare_cached("SELECT id, slug FROM room WHERE used_at < ? ORDER BY used_at LIMIT ?")?;
    let row = |row: &rusqlite::Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?));
    let old: Vec<_> = old
        .query_map(params![before.as_millisecond(), most], row)?
        .collect::<rusqlite::Result<_>>()?;
    for (id, slug) in &old {
        for delete in [
            "DELETE FROM participant WHERE room = ?",
            "DELETE FROM room WHERE id = ?",
        ] {
            connection.prepare_cached(delete)?.execute([id])?;
        }
        connection
            .prepare_cached("DELETE FROM clearing WHERE room = ?")?
            .execute([slug])?;
    }
    Ok(old.len())
}

/// A guest whose room is still there stays, and is looked at again much later.
fn guests(
    connection: &Connection,
    before: Timestamp,
    now: Timestamp,
    most: u32,
) -> rusqlite::Result<usize> {
    let mut old = connection.prepare_cached(
        "SELECT uuid, EXISTS (SELECT 1 FROM room WHERE owner = uuid) FROM user \
         WHERE used_at < ? ORDER BY used_at LIMIT ?",
    )?;
    let row = |row: &rusqlite::Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, bool>(1)?));
    let old: Vec<_> = old
        .query_map(params![before.as_millisecond(), most], row)?
        .collect::<rusqlite::Result<_>>()?;
    let mut gone = 0;
    for (uuid, has_room) in old {
        if has_room {
            connection
                .prepare_cached("UPDATE user SET used_at = ?2 WHERE uuid = ?1")?
                .execute(params![uuid, now.as_millisecond()])?;
            continue;
        }
        for delete in [
            "DELETE FROM bearer_key WHERE user = ?",
            "DELETE FROM dice_box WHERE user = ?",
            "DELETE FROM participant WHERE user = ?",
            "DELETE FROM user WHERE uuid = ?",
        ] {
            connection.prepare_cached(delete)?.execute([&uuid])?;
        }
        gone += 1;
    }
    Ok(gone)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Duration = Duration::from_hours(24);
    const TIMES: KeepingTimes = KeepingTimes {
        rolls: DAY,
        rooms: DAY,
        guests: DAY,
    };

    async fn count(database: &Database, table: &'static str) -> u32 {
        let count = move |connection: &Connection| {
            let query = format!("SELECT count(*) FROM {table}");
            connection.query_row(&query, [], |row| row.get(0))
        };
        database.read(count).await.unwrap()
    }

    #[tokio::test]
    async fn a_run_deletes_no_more_than_it_may_and_the_next_ones_the_rest() {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::open(&folder.path().join("dice.db")).unwrap();
        let fill = |connection: &Connection| {
            connection.execute_batch(
                "WITH RECURSIVE n (n) AS (SELECT 1 UNION SELECT n + 1 FROM n WHERE n < 25)
                 INSERT INTO roll (uuid, room, state, answer, accepted_at)
                 SELECT 'roll' || n, 'room' || n, 'answered', '{}', n FROM n;
                 INSERT INTO roll_change SELECT uuid, '{}', '' FROM roll;
                 INSERT INTO clearing SELECT room, '', '1970-01-01T00:00:00.100Z' FROM roll;
                 INSERT INTO user SELECT 'user' || id, '', '', '', '', id FROM roll;
                 INSERT INTO bearer_key SELECT randomblob(32), uuid, '' FROM user;
                 INSERT INTO room (slug, name, is_public, owner, history_from, created_at,
                     updated_at, used_at) SELECT 'own' || id, '', 0, 'user' || id, '', '', '', id
                     FROM roll;
                 INSERT INTO participant (room, user, username, color, dice_tray, position,
                     created_at, updated_at) SELECT id, owner, '', '', '', 0, '', '' FROM room;",
            )
        };
        database.write(fill).await.unwrap();
        let young = Timestamp::UNIX_EPOCH + DAY;
        let swept = sweep(&database, young, TIMES, 10).await.unwrap();
        assert_eq!(swept, SweptRows::default());
        let now = young + DAY;
        let mut runs = Vec::new();
        for _ in 0..6 {
            runs.push(sweep(&database, now, TIMES, 10).await.unwrap());
        }
        assert!(runs.iter().all(|run| {
            let rows = [run.rolls, run.clearings, run.rooms, run.guests];
            rows.into_iter().all(|rows| rows <= 10)
        }));
        assert_eq!(runs[0].rolls, 10);
        // Cleared dice stay cleared while one of their rolls may be left.
        assert_eq!((runs[0].clearings, runs[5]), (0, SweptRows::default()));
        for table in ["roll", "roll_change", "clearing", "room", "participant"] {
            assert_eq!(count(&database, table).await, 0, "{table}");
        }
        // The first guests still had a room when it was their turn.
        let guests: usize = runs.iter().map(|run| run.guests).sum();
        assert_eq!(
            count(&database, "user").await,
            25 - u32::try_from(guests).unwrap()
        );
        let later = now + DAY + Duration::from_secs(1);
        while sweep(&database, later, TIMES, 10).await.unwrap().guests > 0 {}
        for table in ["user", "bearer_key"] {
            assert_eq!(count(&database, table).await, 0, "{table}");
        }
    }
}
