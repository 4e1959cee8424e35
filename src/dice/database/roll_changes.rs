//! What was done to rolls after they were answered: dice hidden, dropped or cleared.
//!
//! The answer of a roll never changes; these tables hold what is laid over it.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension as _, params};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::dice::database::connection::{Database, DatabaseError};

/// What was changed about one die; none is as it was rolled.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct DieChange {
    /// Whether others may not see it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) is_hidden: Option<bool>,
    /// Whether it counts no more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) is_dropped: Option<bool>,
    /// Whether it was taken off the table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) is_cleared: Option<bool>,
    /// A word about this die.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) label: Option<String>,
    /// What the client notes about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) meta: Option<Value>,
}

/// The changes of one roll, by the ids of its dice.
pub(crate) type DiceChanges = BTreeMap<Uuid, DieChange>;

/// Everything that is laid over a roll.
#[derive(Clone, Debug, Default)]
pub(crate) struct RollOverlay {
    /// What was changed about its dice.
    pub(crate) dice: DiceChanges,
    /// When that was last done.
    pub(crate) updated_at: Option<String>,
    /// When the table, or the roller's part of it, was last cleared.
    pub(crate) cleared_at: Option<String>,
}

impl DieChange {
    /// Takes over what a later change says.
    fn merge(&mut self, later: Self) {
        self.is_hidden = later.is_hidden.or(self.is_hidden);
        self.is_dropped = later.is_dropped.or(self.is_dropped);
        self.is_cleared = later.is_cleared.or(self.is_cleared);
        self.label = later.label.or(self.label.take());
        self.meta = later.meta.or(self.meta.take());
    }
}

/// Adds changes to what is laid over some rolls: all of them or none.
pub(crate) async fn change(
    database: &Database,
    changes: Vec<(Uuid, DiceChanges)>,
    now: String,
) -> Result<(), DatabaseError> {
    let write = move |connection: &Connection| {
        for (roll, dice) in changes {
            let roll = roll.to_string();
            let (mut all, _) = changes_of(connection, &roll)?;
            for (die, later) in dice {
                all.entry(die).or_default().merge(later);
            }
            let text = serde_json::to_string(&all).unwrap_or_default();
            connection
                .prepare_cached("INSERT OR REPLACE INTO roll_change VALUES (?, ?, ?)")?
                .execute([&roll, &text, &now])?;
        }
        Ok(())
    };
    database.write(write).await
}

/// Takes the dice of a user, or of everybody, off the table of a room; or puts them back.
pub(crate) async fn clear(
    database: &Database,
    room: String,
    user: Option<Uuid>,
    cleared_at: Option<String>,
) -> Result<(), DatabaseError> {
    let write = move |connection: &Connection| {
        let user = user.map(|user| user.to_string()).unwrap_or_default();
        match cleared_at {
            Some(at) => connection.execute(
                "INSERT OR REPLACE INTO clearing VALUES (?, ?, ?)",
                [room, user, at],
            ),
            None if user.is_empty() => {
                connection.execute("DELETE FROM clearing WHERE room = ?", [room])
            }
            None => connection.execute(
                "DELETE FROM clearing WHERE room = ? AND user = ?",
                [room, user],
            ),
        }
        .map(|_| ())
    };
    database.write(write).await
}

/// Reads what is laid over rolls, given with their room and roller.
pub(crate) async fn overlays(
    database: &Database,
    rolls: Vec<(Uuid, Option<String>, Uuid)>,
) -> Result<Vec<RollOverlay>, DatabaseError> {
    let read = move |connection: &Connection| {
        let mut cleared = connection.prepare_cached(
            "SELECT max(cleared_at) FROM clearing WHERE room = ? AND user IN (?, '')",
        )?;
        rolls
            .into_iter()
            .map(|(roll, room, user)| {
                let (dice, updated_at) = changes_of(connection, &roll.to_string())?;
                let cleared_at = match room {
                    Some(room) => {
                        cleared.query_row(params![room, user.to_string()], |row| row.get(0))?
                    }
                    None => None,
                };
                Ok(RollOverlay {
                    dice,
                    updated_at,
                    cleared_at,
                })
            })
            .collect()
    };
    database.read(read).await
}

fn changes_of(
    connection: &Connection,
    roll: &str,
) -> rusqlite::Result<(DiceChanges, Option<String>)> {
    let query = "SELECT dice, updated_at FROM roll_change WHERE roll = ?";
    let mut select = connection.prepare_cached(query)?;
    let found = select
        .query_row([roll], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
        })
        .optional()?;
    Ok(found.map_or_else(Default::default, |(dice, at)| {
        (serde_json::from_str(&dice).unwrap_or_default(), Some(at))
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn later_changes_leave_what_they_do_not_name() {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::open(&folder.path().join("dice.db")).unwrap();
        let (roll, die, user) = (Uuid::new_v4(), Uuid::new_v4(), Uuid::new_v4());
        let hide = DieChange {
            is_hidden: Some(true),
            ..DieChange::default()
        };
        let drop = DieChange {
            is_dropped: Some(true),
            ..DieChange::default()
        };
        for (one, at) in [(hide, "1"), (drop, "2")] {
            let changes = vec![(roll, DiceChanges::from([(die, one)]))];
            change(&database, changes, at.to_owned()).await.unwrap();
        }
        let room = "room".to_owned();
        clear(&database, room.clone(), Some(user), Some("3".to_owned()))
            .await
            .unwrap();
        let found = overlays(&database, vec![(roll, Some(room.clone()), user)])
            .await
            .unwrap();
        assert_eq!(found[0].dice[&die].is_hidden, Some(true));
        assert_eq!(found[0].dice[&die].is_dropped, Some(true));
        assert_eq!(found[0].updated_at.as_deref(), Some("2"));
        assert_eq!(found[0].cleared_at.as_deref(), Some("3"));
        clear(&database, room.clone(), Some(user), None)
            .await
            .unwrap();
        let found = overlays(&database, vec![(roll, Some(room), user)])
            .await
            .unwrap();
        assert_eq!(found[0].cleared_at, None);
    }
}
