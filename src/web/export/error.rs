//! Why an export failed.

use std::io;
use std::path::PathBuf;

use crate::web::export::store::error::BucketError;
use crate::web::pages::error::WebError;

/// Why nothing was exported, or not all.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// A file of somebody else stands where one of ours belongs.
    #[error(
        "{} was not written by an export; choose another place, or remove it first",
        .0.display()
    )]
    Foreign(PathBuf),
    /// The list of what was written cannot be read.
    #[error(
        "{} is not the file list of an export; restore it, or remove what was exported and the list",
        .0.display()
    )]
    List(PathBuf),
    /// An address that can be no file.
    #[error("the page {0} cannot be a file; rename its incident")]
    Address(String),
    /// A page that cannot be made.
    #[error("the page {0} cannot be made")]
    Page(String, #[source] WebError),
    /// An object store refused, or does not answer.
    #[error("cannot export to {0}")]
    Store(String, #[source] BucketError),
    /// The program stops.
    #[error("stopped before all was written")]
    Stopped,
    /// The disk refused.
    #[error("cannot write {}", .0.display())]
    Io(PathBuf, #[source] io::Error),
}

impl ExportError {
    /// Whether it lasts until somebody does something about it.
    pub fn needs_hands(&self) -> bool {
        match self {
            Self::Foreign(_) | Self::List(_) | Self::Address(_) => true,
            Self::Store(_, error) => error.needs_hands(),
            Self::Page(..) | Self::Stopped | Self::Io(..) => false,
        }
    }
}
