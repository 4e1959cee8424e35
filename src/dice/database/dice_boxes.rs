//! The table of the themes that users have put into their dice boxes.

use rusqlite::Connection;
use uuid::Uuid;

use crate::dice::database::connection::{Database, DatabaseError};

/// Lists the themes in a user's box.
pub(crate) async fn of_user(database: &Database, user: Uuid) -> Result<Vec<String>, DatabaseError> {
    let read = move |connection: &Connection| {
        let query = "SELECT theme FROM dice_box WHERE user = ? ORDER BY theme";
        let mut select = connection.prepare_cached(query)?;
        let themes = select.query_map([user.to_string()], |row| row.get(0))?;
        themes.collect()
    };
    database.read(read).await
}

/// Puts a theme into a box; whether it is new there.
pub(crate) async fn insert(
    database: &Database,
    user: Uuid,
    theme: &'static str,
) -> Result<bool, DatabaseError> {
    let write = move |connection: &Connection| {
        let query = "INSERT OR IGNORE INTO dice_box VALUES (?, ?)";
        Ok(connection.execute(query, [&*user.to_string(), theme])? > 0)
    };
    database.write(write).await
}

/// Takes a theme out of a box; whether it was there.
pub(crate) async fn delete(
    database: &Database,
    user: Uuid,
    theme: &'static str,
) -> Result<bool, DatabaseError> {
    let write = move |connection: &Connection| {
        let query = "DELETE FROM dice_box WHERE user = ? AND theme = ?";
        Ok(connection.execute(query, [&*user.to_string(), theme])? > 0)
    };
    database.write(write).await
}
