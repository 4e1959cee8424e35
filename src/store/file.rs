//! The database while it is in use: somebody may delete it under us.

use std::fs::File;
use std::io;
use std::ops::{Deref, DerefMut};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, ffi};
use rustix::fs::{FlockOperation, flock};

use crate::store::error::StoreError;

/// The name of the file in its folder.
pub const FILE: &str = "critwatch.db";

/// No database is shorter than its head.
const HEAD: u64 = 512;

/// What tells a file from another one of the same name.
type FileIdentity = (u64, u64);

/// A way to the database that can tell whether its file is still in its place.
///
/// A file that was deleted can be written on for ever, and all of it is lost at
/// the next start.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    folder: PathBuf,
    identity: Option<FileIdentity>,
    /// How it is opened.
    open: fn(&Path) -> Result<Store, StoreError>,
}

impl Store {
    /// Takes a connection to the database of a folder, and how to open another one.
    pub(crate) fn new(
        connection: Connection,
        folder: &Path,
        open: fn(&Path) -> Result<Self, StoreError>,
    ) -> Self {
        Self {
            identity: identity(&folder.join(FILE)),
            folder: folder.to_owned(),
            connection,
            open,
        }
    }

    /// Opens the database anew if its file is gone, was emptied, or if another one
    /// stands in its place; tells whether it was so.
    pub fn renew(&mut self) -> rusqlite::Result<bool> {
        let is_there = self.identity == identity(&self.folder.join(FILE));
        if is_there {
            return Ok(false);
        }
        *self = self.anew().map_err(refused)?;
        Ok(true)
    }

    /// Writes the log into the file and empties it, so that nothing stands there that was
    /// deleted. While others read or write it stays as it is, until the next time.
    pub(crate) fn empty_log(&self) -> rusqlite::Result<()> {
        self.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
    }

    fn anew(&self) -> Result<Self, StoreError> {
        let path = self.folder.join(FILE);
        let fault = |source| StoreError::Io {
            path: path.clone(),
            source,
        };
        std::fs::create_dir_all(&self.folder).map_err(fault)?;
        // Each of us notices it: whoever comes second finds a new one.
        let folder = File::open(&self.folder).map_err(fault)?;
        flock(&folder, FlockOperation::LockExclusive).map_err(|error| fault(error.into()))?;
        if identity(&path).is_none() {
            for ending in ["", "-wal", "-shm"] {
                // What is left belongs to a database that is no more.
                let _ = std::fs::remove_file(self.folder.join(format!("{FILE}{ending}")));
            }
        }
        (self.open)(&self.folder)
    }
}

/// Which database is there; none if it is gone or has nothing in it.
fn identity(path: &Path) -> Option<FileIdentity> {
    use std::os::unix::fs::MetadataExt as _;
    let about = path.metadata().ok()?;
    (about.len() >= HEAD).then(|| (about.dev(), about.ino()))
}

fn refused(error: StoreError) -> rusqlite::Error {
    match error {
        StoreError::Sqlite { source, .. } => source,
        other => {
            let message = io::Error::other(other).to_string();
            rusqlite::Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_CANTOPEN), Some(message))
        }
    }
}

impl Deref for Store {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.connection
    }
}

impl DerefMut for Store {
    fn deref_mut(&mut self) -> &mut Connection {
        &mut self.connection
    }
}

#[cfg(test)]
mod tests {
    use crate::store::{open, open_to_read};

    use super::*;

    fn count(store: &Connection) -> i64 {
        let count = "SELECT count(*) FROM seen";
        store.query_row(count, [], |row| row.get(0)).unwrap()
    }

    #[test]
    fn a_database_that_goes_under_us_is_noticed_by_all_and_begun_anew() {
        let remove = |path: &Path| std::fs::remove_file(path).unwrap();
        let empty = |path: &Path| drop(File::create(path).unwrap());
        let folder_too = |path: &Path| std::fs::remove_dir_all(path.parent().unwrap()).unwrap();
        let harms: [&dyn Fn(&Path); 3] = [&remove, &empty, &folder_too];
        for harm in harms {
            let place = tempfile::tempdir().unwrap();
            let folder = place.path().join("state");
            let mut stores = [open(&folder).unwrap(), open(&folder).unwrap()];
            let mut reader = open_to_read(&folder).unwrap();
            stores[0]
                .execute("INSERT INTO seen VALUES (0, 1)", [])
                .unwrap();
            for store in stores.iter_mut().chain([&mut reader]) {
                assert!(!store.renew().unwrap());
                assert_eq!(count(store), 1);
            }
            harm(&folder.join(FILE));
            for store in stores.iter_mut().chain([&mut reader]) {
                assert!(store.renew().unwrap());
                assert_eq!(count(store), 0);
                assert!(!store.renew().unwrap());
            }
            stores[1]
                .execute("INSERT INTO seen VALUES (0, 2)", [])
                .unwrap();
            drop(stores);
            assert_eq!(
                count(&open(&folder).unwrap()),
                1,
                "it is really on the disk"
            );
        }
    }
}
