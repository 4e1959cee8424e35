//! The database file: opened, brought up to date, set aside when broken.
//!
//! Every table has one owner (law 4); this file only knows their shapes.

pub mod file;
pub mod line;
pub mod record;

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use crate::store::file::Store;

/// The shape of the database, step by step; a step once shipped never changes.
const MIGRATIONS: &[&str] = &[
    "
    CREATE TABLE health (
        component TEXT NOT NULL,
        at_ms INTEGER NOT NULL,
        health TEXT NOT NULL,
        PRIMARY KEY (component, at_ms)
    ) WITHOUT ROWID;
    CREATE TABLE seen (id INTEGER PRIMARY KEY CHECK (id = 0), at_ms INTEGER NOT NULL);
    CREATE TABLE receipt (
        notifier TEXT NOT NULL,
        incident TEXT NOT NULL,
        severity TEXT NOT NULL,
        resolved INTEGER NOT NULL,
        message TEXT,
        PRIMARY KEY (notifier, incident)
    ) WITHOUT ROWID;
",
    "
    CREATE TABLE event (
        id INTEGER PRIMARY KEY,
        at_ms INTEGER NOT NULL,
        text TEXT NOT NULL,
        noted_ms INTEGER NOT NULL
    );
",
    "
    CREATE TABLE series (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        labels TEXT NOT NULL,
        day INTEGER NOT NULL,
        UNIQUE (name, labels)
    );
    CREATE TABLE scrape (
        id INTEGER PRIMARY KEY,
        at_ms INTEGER NOT NULL,
        collector TEXT NOT NULL,
        good_ms INTEGER NOT NULL,
        body BLOB NOT NULL
    );
    CREATE INDEX scrape_at ON scrape (at_ms);
    CREATE TABLE run (
        rule TEXT PRIMARY KEY,
        expr TEXT NOT NULL,
        bad_since TEXT,
        last_bad TEXT,
        good_since TEXT,
        unknown_since TEXT,
        fired INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE minute (id INTEGER PRIMARY KEY, body BLOB NOT NULL);
    CREATE TABLE summed (id INTEGER PRIMARY KEY CHECK (id = 0), scrape INTEGER NOT NULL);
",
    "
    CREATE TABLE heartbeat (
        name TEXT PRIMARY KEY,
        awaited_ms INTEGER NOT NULL,
        beat_ms INTEGER,
        succeeded_ms INTEGER,
        value REAL
    ) WITHOUT ROWID;
    CREATE TABLE alert (
        labels TEXT PRIMARY KEY,
        starts_ms INTEGER NOT NULL,
        ends_ms INTEGER NOT NULL,
        updated_ms INTEGER NOT NULL
    ) WITHOUT ROWID;
",
    "
    CREATE TABLE silence (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        matchers TEXT NOT NULL,
        starts_ms INTEGER NOT NULL,
        ends_ms INTEGER NOT NULL,
        author TEXT NOT NULL,
        reason TEXT NOT NULL
    );
",
    "
    ALTER TABLE event ADD COLUMN kind TEXT NOT NULL DEFAULT 'change';
    ALTER TABLE event ADD COLUMN components TEXT NOT NULL DEFAULT '[]';
    ALTER TABLE event ADD COLUMN source TEXT NOT NULL DEFAULT 'person';
    CREATE INDEX event_noted ON event (noted_ms);
",
    "
    CREATE TABLE noticed (
        incident TEXT PRIMARY KEY,
        began_ms INTEGER NOT NULL,
        file_ms INTEGER,
        page_ms INTEGER,
        until_ms INTEGER,
        expires_ms INTEGER,
        rules TEXT NOT NULL,
        affected TEXT NOT NULL,
        resolved INTEGER NOT NULL,
        recurrences INTEGER NOT NULL,
        false_clears INTEGER NOT NULL
    ) WITHOUT ROWID;
",
    "
    DROP TABLE run;
    CREATE TABLE run (
        rule TEXT PRIMARY KEY,
        expr TEXT NOT NULL,
        firing_since TEXT,
        good_since TEXT,
        unknown_since TEXT,
        alerts TEXT NOT NULL
    ) WITHOUT ROWID;
    ALTER TABLE scrape ADD COLUMN answered INTEGER NOT NULL DEFAULT 1;
    CREATE INDEX scrape_answered ON scrape (collector, id) WHERE answered = 1;
    CREATE TABLE revised (
        thing TEXT PRIMARY KEY,
        mark TEXT NOT NULL,
        at_ms INTEGER NOT NULL
    ) WITHOUT ROWID;
",
];

/// Tables that are not looked through at each start: they may have gigabytes,
/// and nothing but charts is lost with them.
const LARGE: [&str; 2] = ["scrape", "minute"];

/// The name of the file in its folder.
pub const FILE: &str = "critwatch.db";

/// Why the database cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The folder or the file is out of reach.
    #[error("cannot use the database {path}")]
    Io {
        /// Where it should be.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// `SQLite` refused.
    #[error("cannot use the database {path}")]
    Sqlite {
        /// Where it should be.
        path: PathBuf,
        /// What `SQLite` said.
        source: rusqlite::Error,
    },
    /// A newer critwatch wrote it.
    #[error("the database {path} was written by a newer critwatch; use that one")]
    Newer {
        /// Where it is.
        path: PathBuf,
    },
}

/// Opens `critwatch.db` in the folder and creates what is missing.
///
/// A file that is no database is renamed to `critwatch.db.broken` and a new one
/// begun: history is lost, which is logged, but never an incident.
pub fn open(folder: &Path) -> Result<Store, StoreError> {
    let connection = connection(folder)?;
    Ok(Store::new(connection, folder, open))
}

fn connection(folder: &Path) -> Result<Connection, StoreError> {
    let path = folder.join(FILE);
    std::fs::create_dir_all(folder).map_err(|source| StoreError::Io {
        path: path.clone(),
        source,
    })?;
    match connect(&path) {
        Err(StoreError::Sqlite { source, .. }) if is_broken(&source) => {
            let aside = folder.join("critwatch.db.broken");
            tracing::warn!(
                path = %path.display(), aside = %aside.display(),
                "the database is broken; it is set aside and history starts anew",
            );
            for ending in ["-wal", "-shm"] {
                // They belong to the broken file; mostly they are not there.
                let _ = std::fs::remove_file(folder.join(format!("critwatch.db{ending}")));
            }
            std::fs::rename(&path, aside).map_err(|source| StoreError::Io {
                path: path.clone(),
                source,
            })?;
            connect(&path)
        }
        other => other,
    }
}

/// Opens the database, which [`open`] has brought up to date, for reading only.
pub fn open_to_read(folder: &Path) -> Result<Store, StoreError> {
    let path = folder.join("critwatch.db");
    let fault = |source| StoreError::Sqlite {
        path: path.clone(),
        source,
    };
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(&path, flags).map_err(fault)?;
    connection
        .busy_timeout(std::time::Duration::from_secs(5))
        .map_err(fault)?;
    // There is nothing to be read before somebody has begun it.
    let anew: fn(&Path) -> Result<Store, StoreError> =
        |folder| open(folder).and_then(|_| open_to_read(folder));
    Ok(Store::new(connection, folder, anew))
}

fn is_broken(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(rusqlite::ErrorCode::NotADatabase | rusqlite::ErrorCode::DatabaseCorrupt)
    )
}

/// Turns on the write-ahead log.
///
/// `SQLite` does not wait for others here, whatever the timeout says, so we wait
/// for their transaction ourselves.
fn write_ahead(connection: &Connection) -> rusqlite::Result<()> {
    let mut tries = 0;
    loop {
        match connection.pragma_update(None, "journal_mode", "wal") {
            Err(error)
                if tries < 100
                    && error.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy) =>
            {
                tries += 1;
                connection.execute_batch("begin immediate; rollback")?;
            }
            other => return other,
        }
    }
}

fn connect(path: &Path) -> Result<Connection, StoreError> {
    let fault = |source| StoreError::Sqlite {
        path: path.to_owned(),
        source,
    };
    let mut connection = Connection::open(path).map_err(fault)?;
    connection
        .busy_timeout(std::time::Duration::from_secs(5))
        .map_err(fault)?;
    write_ahead(&connection).map_err(fault)?;
    connection
        .pragma_update(None, "synchronous", "full")
        .map_err(fault)?;
    look_through(&connection).map_err(fault)?;
    // Two programs may begin at the same time: whoever comes second finds it done.
    let change = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(fault)?;
    let version: u32 = change
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .map_err(fault)?;
    let done = usize::try_from(version).unwrap_or(usize::MAX);
    let Some(steps) = MIGRATIONS.get(done..) else {
        return Err(StoreError::Newer {
            path: path.to_owned(),
        });
    };
    for step in steps {
        change.execute_batch(step).map_err(fault)?;
    }
    let version = u32::try_from(MIGRATIONS.len()).unwrap_or(u32::MAX);
    if !steps.is_empty() {
        change
            .pragma_update(None, "user_version", version)
            .map_err(fault)?;
    }
    change.commit().map_err(fault)?;
    Ok(connection)
}

/// Finds out whether the pages of the small tables can be read.
fn look_through(connection: &Connection) -> rusqlite::Result<()> {
    let mut rows = connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")?;
    let names: Vec<String> = rows
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    for name in names.iter().filter(|name| !LARGE.contains(&name.as_str())) {
        let health: String = connection.query_row(
            "SELECT quick_check FROM pragma_quick_check(?1)",
            [name],
            |row| row.get(0),
        )?;
        if health != "ok" {
            let corrupt = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT);
            return Err(rusqlite::Error::SqliteFailure(corrupt, Some(health)));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_database_is_set_aside() {
        let check = |bytes: Vec<u8>| {
            let folder = tempfile::tempdir().unwrap();
            std::fs::write(folder.path().join("critwatch.db"), bytes).unwrap();
            let store = open(folder.path()).unwrap();
            store.execute("INSERT INTO seen VALUES (0, 1)", []).unwrap();
            assert!(folder.path().join("critwatch.db.broken").exists());
        };
        check("no database at all, ".repeat(500).into_bytes());
        // A good first page with garbage behind it.
        let folder = tempfile::tempdir().unwrap();
        let store = open(folder.path()).unwrap();
        store
            .execute(
                "INSERT INTO health VALUES (hex(randomblob(9000)), 1, 'ok')",
                [],
            )
            .unwrap();
        store.pragma_update(None, "journal_mode", "delete").unwrap();
        drop(store);
        let mut bytes = std::fs::read(folder.path().join("critwatch.db")).unwrap();
        bytes[4096..].fill(0xee);
        check(bytes);
    }

    #[test]
    fn a_database_of_an_earlier_step_is_brought_up_to_date_and_keeps_its_rows() {
        let folder = tempfile::tempdir().unwrap();
        let before = Connection::open(folder.path().join("critwatch.db")).unwrap();
        before.execute_batch(MIGRATIONS[0]).unwrap();
        before
            .execute("INSERT INTO seen VALUES (0, 7)", [])
            .unwrap();
        before.pragma_update(None, "user_version", 1).unwrap();
        // The old program has it still open while the new one comes.
        let store = open(folder.path()).unwrap();
        store
            .execute(
                "INSERT INTO event (at_ms, text, noted_ms) VALUES (2, 'release', 3)",
                [],
            )
            .unwrap();
        let at: i64 = before
            .query_row("SELECT at_ms FROM seen", [], |row| row.get(0))
            .unwrap();
        assert_eq!(at, 7);
    }

    #[test]
    fn two_programs_that_begin_together_make_one_database() {
        let folder = tempfile::tempdir().unwrap();
        std::thread::scope(|scope| {
            let opened: Vec<_> = (0..8)
                .map(|_| scope.spawn(|| open(folder.path()).map(drop)))
                .collect();
            for one in opened {
                one.join().unwrap().unwrap();
            }
        });
    }

    #[test]
    fn a_database_is_opened_again_and_a_newer_one_refused() {
        let folder = tempfile::tempdir().unwrap();
        open(folder.path())
            .unwrap()
            .execute("INSERT INTO seen VALUES (0, 7)", [])
            .unwrap();
        let store = open(folder.path()).unwrap();
        let at: i64 = store
            .query_row("SELECT at_ms FROM seen", [], |row| row.get(0))
            .unwrap();
        assert_eq!(at, 7);
        store.pragma_update(None, "user_version", 99).unwrap();
        drop(store);
        assert!(matches!(open(folder.path()), Err(StoreError::Newer { .. })));
    }
}
