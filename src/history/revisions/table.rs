//! The table of what was shown of things last, and since when.

use jiff::Timestamp;
use rusqlite::{Connection, params};

/// What is remembered of a thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LastShown {
    /// Which thing it is: `component/api`, `work/2026-03-01-backup`.
    pub(crate) thing: String,
    /// What was shown of it last.
    pub(crate) mark: String,
    /// Since when.
    pub(crate) at: Timestamp,
}

/// Reads all rows; one that cannot be read is left out.
///
/// A row stays when its thing has gone: it may come back, and there are few.
pub(crate) fn read(store: &Connection) -> rusqlite::Result<Vec<LastShown>> {
    let mut rows = store.prepare("SELECT thing, mark, at_ms FROM revised")?;
    let found = rows.query_map([], |row| {
        let at = Timestamp::from_millisecond(row.get(2)?).ok();
        let (thing, mark) = (row.get(0)?, row.get(1)?);
        Ok(at.map(|at| LastShown { thing, mark, at }))
    })?;
    found.filter_map(Result::transpose).collect()
}

/// Writes a row; the caller owns the transaction.
pub(crate) fn write(store: &Connection, one: &LastShown) -> rusqlite::Result<()> {
    store
        .prepare_cached("INSERT OR REPLACE INTO revised VALUES (?1, ?2, ?3)")?
        .execute(params![one.thing, one.mark, one.at.as_millisecond()])?;
    Ok(())
}
