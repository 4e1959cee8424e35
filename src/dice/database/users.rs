//! The tables of users and of their keys.

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use uuid::Uuid;

use crate::dice::database::connection::{Database, DatabaseError};
use crate::dice::roll::job::User;

/// The hash under which a key or a secret is kept.
pub(crate) type SecretHash = [u8; 32];

/// The columns of a user, as [`user_at`] reads them.
pub(crate) const USER_COLUMNS: &str =
    "user.uuid, user.name, user.username, user.created_at, user.updated_at";

/// Writes a new user, with a key if the user is to have one.
pub(crate) async fn create(
    database: &Database,
    user: &User,
    key: Option<SecretHash>,
) -> Result<(), DatabaseError> {
    let user = user.clone();
    let insert = move |connection: &Connection| {
        let uuid = user.uuid.to_string();
        connection
            .prepare_cached("INSERT INTO user VALUES (?1, ?2, ?3, ?4, ?5, 1000 * unixepoch(?4))")?
            .execute(params![
                uuid,
                user.name,
                user.username,
                user.created_at,
                user.updated_at
            ])?;
        if let Some(hash) = key {
            insert_key(connection, hash, &uuid, &user.created_at)?;
        }
        Ok(())
    };
    database.write(insert).await
}

/// Gives a user one more key.
pub(crate) fn insert_key(
    connection: &Connection,
    hash: SecretHash,
    user: &str,
    now: &str,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached("INSERT INTO bearer_key VALUES (?, ?, ?)")?
        .execute(params![hash, user, now])
        .map(|_| ())
}

/// Finds the user to whom a key belongs.
pub(crate) async fn by_key(
    database: &Database,
    hash: SecretHash,
) -> Result<Option<User>, DatabaseError> {
    let read = move |connection: &Connection| {
        let query = format!(
            "SELECT {USER_COLUMNS} FROM bearer_key JOIN user ON user.uuid = bearer_key.user \
             WHERE bearer_key.hash = ?"
        );
        let mut select = connection.prepare_cached(&query)?;
        select.query_row([hash], |row| user_at(row, 0)).optional()
    };
    database.read(read).await
}

/// Reads [`USER_COLUMNS`] that begin at a column.
pub(crate) fn user_at(row: &Row<'_>, first: usize) -> rusqlite::Result<User> {
    Ok(User {
        uuid: uuid_at(row, first)?,
        name: row.get(first + 1)?,
        username: row.get(first + 2)?,
        has_external_accounts: false,
        subscription: None,
        created_at: row.get(first + 3)?,
        updated_at: row.get(first + 4)?,
    })
}

/// Reads an id; only ids are ever written into such a column.
pub(crate) fn uuid_at(row: &Row<'_>, column: usize) -> rusqlite::Result<Uuid> {
    let text: String = row.get(column)?;
    Ok(Uuid::try_parse(&text).unwrap_or_default())
}
