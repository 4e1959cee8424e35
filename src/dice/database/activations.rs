//! The table of devices that wait for a person to confirm them.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};
use uuid::Uuid;

use crate::dice::database::connection::{Database, DatabaseError};
use crate::dice::database::users::{self, SecretHash, USER_COLUMNS, user_at};
use crate::dice::roll::job::User;

/// More devices do not wait at a time.
const WAITING_MAX: u32 = 10_000;

/// What a device that asks again hears.
#[derive(Clone, Debug)]
pub(crate) enum ActivationState {
    /// Nobody has confirmed it yet; with the end of its time in milliseconds.
    Waiting(i64),
    /// A person did, and the key now belongs to this user.
    Confirmed(Box<User>),
}

/// Writes a device that waits; false where too many wait already.
pub(crate) async fn create(
    database: &Database,
    code: String,
    secret: SecretHash,
    now: Timestamp,
    until: Timestamp,
) -> Result<bool, DatabaseError> {
    let write = move |connection: &Connection| {
        connection.execute(
            "DELETE FROM activation WHERE expires_at < ?",
            [now.as_millisecond()],
        )?;
        let count = connection.query_row("SELECT count(*) FROM activation", [], |row| row.get(0));
        if count.is_ok_and(|count: u32| count >= WAITING_MAX) {
            return Ok(false);
        }
        connection.execute(
            "INSERT INTO activation VALUES (?, ?, NULL, ?)",
            params![code, secret, until.as_millisecond()],
        )?;
        Ok(true)
    };
    database.write(write).await
}

/// Notes that a user confirms a device; false if no such device waits.
pub(crate) async fn confirm(
    database: &Database,
    code: String,
    user: Uuid,
    now: Timestamp,
) -> Result<bool, DatabaseError> {
    let write = move |connection: &Connection| {
        let query = "UPDATE activation SET user = ?2 \
                     WHERE code = ?1 AND user IS NULL AND expires_at >= ?3";
        let rows =
            connection.execute(query, params![code, user.to_string(), now.as_millisecond()])?;
        Ok(rows == 1)
    };
    database.write(write).await
}

/// Tells a device how it stands; one that was confirmed gets its key, and is over.
pub(crate) async fn poll(
    database: &Database,
    code: String,
    secret: SecretHash,
    key: SecretHash,
    now: (Timestamp, String),
) -> Result<Option<ActivationState>, DatabaseError> {
    let write = move |connection: &Connection| {
        let (moment, now) = now;
        let query = format!(
            "SELECT activation.expires_at, activation.user, {USER_COLUMNS} FROM activation \
             LEFT JOIN user ON user.uuid = activation.user \
             WHERE code = ? AND secret = ? AND expires_at >= ?"
        );
        let found = connection
            .query_row(
                &query,
                params![code, secret, moment.as_millisecond()],
                |row| {
                    let confirmed_by: Option<String> = row.get(1)?;
                    let user = confirmed_by.map(|_| user_at(row, 2)).transpose()?;
                    Ok((row.get(0)?, user))
                },
            )
            .optional()?;
        let Some((until, user)) = found else {
            return Ok(None);
        };
        let Some(user) = user else {
            return Ok(Some(ActivationState::Waiting(until)));
        };
        users::insert_key(connection, key, &user.uuid.to_string(), &now)?;
        connection.execute("DELETE FROM activation WHERE code = ?", [code])?;
        Ok(Some(ActivationState::Confirmed(Box::new(user))))
    };
    database.write(write).await
}
