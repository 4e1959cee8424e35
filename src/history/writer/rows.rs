//! Writes what is owed to the database, each to its table.

use rusqlite::Connection;

use crate::history::writer::owed::Owed;
use crate::history::{detection, health, readable, revisions};

/// Writes a row; the caller owns the transaction.
pub(crate) fn write(change: &Connection, owed: &Owed) -> rusqlite::Result<()> {
    match owed {
        Owed::Change(one) => health::table::write(change, one),
        Owed::Seen(at) => health::table::write_seen(change, *at),
        Owed::Noticed(one) => detection::table::write(change, one),
        Owed::Renamed(before) => detection::table::forget(change, before),
        Owed::Revised(one) => revisions::table::write(change, one),
        Owed::Readable(file, text) => readable::table::write(change, file, text.as_deref()),
    }
}
