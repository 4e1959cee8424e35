//! Where a site is exported to: a folder, or an object store.

use std::fmt;
use std::path::PathBuf;

use crate::web::export::store::bucket::Bucket;

/// Where a site is exported to.
#[derive(Clone, Debug)]
pub enum ExportPlace {
    /// A folder of this machine.
    Folder(PathBuf),
    /// A bucket of an object store.
    Store(Bucket),
}

impl fmt::Display for ExportPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(folder) => folder.display().fmt(f),
            Self::Store(bucket) => bucket.address().fmt(f),
        }
    }
}
