//! The table of what open incidents said when their files could be read last.

use std::sync::Arc;

use rusqlite::{Connection, params};

use crate::model::incidents::readable::ReadableTexts;

/// Reads all rows; there are as many as open incidents.
pub(crate) fn read(store: &Connection) -> rusqlite::Result<ReadableTexts> {
    let mut rows = store.prepare("SELECT file, text FROM readable")?;
    let texts = rows.query_map([], |row| {
        let text: Vec<u8> = row.get(1)?;
        Ok((row.get(0)?, Arc::from(text)))
    })?;
    texts.collect()
}

/// Writes a row, or deletes it; the caller owns the transaction.
pub(crate) fn write(store: &Connection, file: &str, text: Option<&[u8]>) -> rusqlite::Result<()> {
    match text {
        Some(text) => store
            .prepare_cached("INSERT OR REPLACE INTO readable VALUES (?1, ?2)")?
            .execute(params![file, text])?,
        None => store
            .prepare_cached("DELETE FROM readable WHERE file = ?1")?
            .execute([file])?,
    };
    Ok(())
}
