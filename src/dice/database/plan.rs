//! The size that the database's plan allows, as hosted databases have one.
//!
//! The plan is a file beside the database that holds a number of bytes. Every process that
//! writes obeys it from its next write on, so an outage of this kind needs no restart.

use std::path::{Path, PathBuf};

use rusqlite::Connection;

/// The most pages that a file of `SQLite` has.
const PAGES_MAX: u64 = 0xffff_fffe;

/// Tells where the plan of a database is.
pub(crate) fn path(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(".plan");
    PathBuf::from(name)
}

/// A plan and what was last applied of it.
#[derive(Debug)]
pub(crate) struct SizePlan {
    path: PathBuf,
    applied: Option<u64>,
}

impl SizePlan {
    /// Looks beside the database.
    pub(crate) fn of(database: &Path) -> Self {
        Self {
            path: path(database),
            applied: None,
        }
    }

    /// Applies the plan if it is another one than last time; without a file there is no limit.
    pub(crate) fn apply(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        let found = std::fs::read_to_string(&self.path).ok();
        let bytes: Option<u64> = found.and_then(|text| text.trim().parse().ok());
        if bytes == self.applied {
            return Ok(());
        }
        let page: u32 = connection.query_row("PRAGMA page_size", [], |row| row.get(0))?;
        let pages = bytes.map_or(PAGES_MAX, |bytes| {
            (bytes / u64::from(page.max(1))).clamp(1, PAGES_MAX)
        });
        // SQLite never takes a limit below what the file has already.
        connection.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(()))?;
        tracing::info!(bytes, "the database has another plan");
        self.applied = bytes;
        Ok(())
    }
}
