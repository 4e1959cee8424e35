//! Who may come in, and who did what: tokens, sessions and the audit log.

pub mod audit;
pub mod follow;
pub mod sessions;
pub mod tokens;

use jiff::Timestamp;
use rusqlite::Connection;

/// Deletes a part of what is too old in all tables; tokens in force stay.
pub fn prune(store: &Connection, now: Timestamp) -> rusqlite::Result<()> {
    tokens::prune(store, now)?;
    audit::prune(store, now)
}
