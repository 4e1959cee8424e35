//! Why the database cannot be used.

use std::path::PathBuf;

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
    /// The file or its folder cannot be written.
    #[error(
        "no history can be written: let this user write to the folder {} and the database in it, \
        or name another folder with --state", .path.parent().unwrap_or(.path).display()
    )]
    ReadOnly {
        /// Where it should be.
        path: PathBuf,
    },
    /// A newer critwatch wrote it.
    #[error("the database {path} was written by a newer critwatch; use that one")]
    Newer {
        /// Where it is.
        path: PathBuf,
    },
}
