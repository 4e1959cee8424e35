//! The database file: opened, brought up to date, set aside when broken.
//!
//! Every table has one owner (law 4); this file only knows their shapes.

pub mod error;
pub mod file;
pub mod follower;
pub mod line;
pub mod record;
pub mod schema;
pub mod segment;

use std::io::ErrorKind;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};

use crate::store::error::StoreError;
use crate::store::file::{FILE, Store};
use crate::store::schema::MIGRATIONS;

/// Tables that are not looked through at each start: they may have gigabytes,
/// and nothing but charts is lost with them.
const LARGE: [&str; 2] = ["scrape", "minute"];

/// Opens `critwatch.db` in the folder and creates what is missing.
///
/// A file that is no database is renamed to `critwatch.db.broken` and a new one
/// begun: history is lost, which is logged, but never an incident.
pub fn open(folder: &Path) -> Result<Store, StoreError> {
    let connection = connection(folder)?;
    Ok(Store::new(connection, folder, open))
}

/// The same for tables with addresses and tokens: what is deleted is overwritten.
pub fn open_erasing(folder: &Path) -> Result<Store, StoreError> {
    let connection = connection(folder)?;
    let fault = |source| StoreError::Sqlite {
        path: folder.join(FILE),
        source,
    };
    connection
        .pragma_update(None, "secure_delete", "on")
        .map_err(fault)?;
    Ok(Store::new(connection, folder, open_erasing))
}

fn connection(folder: &Path) -> Result<Connection, StoreError> {
    let path = folder.join(FILE);
    std::fs::create_dir_all(folder).map_err(|source| match source.kind() {
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            StoreError::ReadOnly { path: path.clone() }
        }
        _ => StoreError::Io {
            path: path.clone(),
            source,
        },
    })?;
    match connect(&path) {
        Err(StoreError::Sqlite { source, .. }) if is_broken(&source) => {
            let aside = folder.join("critwatch.db.broken");
            tracing::warn!(
                path = %path.display(), aside = %aside.display(),
                "the database is corrupt; it is renamed, and history starts again",
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
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt)
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
                if tries < 100 && error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) =>
            {
                tries += 1;
                connection.execute_batch("begin immediate; rollback")?;
            }
            other => return other,
        }
    }
}

/// Makes a new database file that only its owner and group can read: it holds addresses
/// and links of subscribers. What stands in the way is found when it is opened.
fn close_to_others(path: &Path) {
    let mut file = std::fs::File::options();
    let _ = file.write(true).create_new(true).mode(0o640).open(path);
}

fn connect(path: &Path) -> Result<Connection, StoreError> {
    let fault = |source: rusqlite::Error| match source.sqlite_error_code() {
        Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen) => StoreError::ReadOnly {
            path: path.to_owned(),
        },
        _ => StoreError::Sqlite {
            path: path.to_owned(),
            source,
        },
    };
    close_to_others(path);
    let mut connection = Connection::open(path).map_err(fault)?;
    connection
        .busy_timeout(std::time::Duration::from_secs(5))
        .map_err(fault)?;
    write_ahead(&connection).map_err(fault)?;
    connection
        .pragma_update(None, "synchronous", "full")
        .map_err(fault)?;
    look_through(&connection).map_err(fault)?;
    // SQLite lets nobody wait who read before another one wrote, and writes only then: whoever
    // is going to write says so at once.
    connection.set_transaction_behavior(TransactionBehavior::Immediate);
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
