//! Why a file of the folder could not be written.

use std::io;

use crate::incident::file::head::DocumentError;

/// Why a file could not be written.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// Somebody changed it after it was read; it is read again first.
    #[error("{0} was changed by somebody else")]
    Changed(String),
    /// The disk refused.
    #[error("cannot write {file}")]
    Io {
        /// The file's path within the folder.
        file: String,
        /// What the system said.
        source: io::Error,
    },
}

impl FolderError {
    /// What the system said of a file.
    pub fn io(file: &str, source: io::Error) -> Self {
        Self::Io {
            file: file.to_owned(),
            source,
        }
    }
}

/// Why a change did not come about.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The file's head does not allow it.
    #[error("the file cannot be changed")]
    Document(#[from] DocumentError),
    /// The file was not written.
    #[error(transparent)]
    Folder(#[from] FolderError),
}
