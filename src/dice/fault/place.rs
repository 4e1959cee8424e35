//! The private folder in which a demo keeps its sockets and logs.

use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use rustix::process::geteuid;

/// The name of the control socket in the folder.
pub(crate) const CONTROL_SOCKET: &str = "control.sock";
/// The name of the Redis socket in the folder.
pub(crate) const REDIS_SOCKET: &str = "redis.sock";
/// The name of the service's database in the folder.
pub(crate) const DATABASE: &str = "dice.db";
/// The system's limit for socket paths, with room for the end.
const SOCKET_PATH_MAX: usize = 100;

/// Says why a folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PlaceError {
    /// It cannot be made or read.
    #[error("cannot use the folder {0}")]
    Io(PathBuf, #[source] std::io::Error),
    /// Somebody else could put something there.
    #[error(
        "the folder {0} belongs to somebody else or is open to others: it must be yours, mode 0700"
    )]
    NotPrivate(PathBuf),
    /// Sockets would have too long a path.
    #[error("the path {0} is too long for a unix socket: choose a shorter folder")]
    TooLong(PathBuf),
}

/// Tells where the demo of this user is, unless said otherwise.
pub(crate) fn usual() -> PathBuf {
    std::env::temp_dir().join(format!("critwatch-demo-{}", geteuid().as_raw()))
}

/// Makes the folder if there is none, and checks that it is private.
pub fn prepare(dir: &Path) -> Result<(), PlaceError> {
    let made = std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(dir);
    made.map_err(|error| PlaceError::Io(dir.to_owned(), error))?;
    check(dir)
}

/// Checks that the folder exists, is ours, and closed to others.
pub(crate) fn check(dir: &Path) -> Result<(), PlaceError> {
    // Not following links: a link could be turned elsewhere after the check.
    let found = std::fs::symlink_metadata(dir);
    let found = found.map_err(|error| PlaceError::Io(dir.to_owned(), error))?;
    // The last six bits are the rights of the group and of all others.
    let is_closed = found.permissions().mode().trailing_zeros() >= 6;
    if !found.is_dir() || found.uid() != geteuid().as_raw() || !is_closed {
        return Err(PlaceError::NotPrivate(dir.to_owned()));
    }
    if dir.join(CONTROL_SOCKET).as_os_str().len() > SOCKET_PATH_MAX {
        return Err(PlaceError::TooLong(dir.to_owned()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_open_to_others_is_refused() {
        let outer = tempfile::tempdir().unwrap();
        let dir = outer.path().join("demo");
        prepare(&dir).unwrap();
        std::fs::set_permissions(&dir, std::fs::Permissions::from_mode(0o755)).unwrap();
        assert!(matches!(prepare(&dir), Err(PlaceError::NotPrivate(_))));
    }

    #[test]
    fn a_link_to_a_private_folder_is_refused() {
        let outer = tempfile::tempdir().unwrap();
        let (dir, link) = (outer.path().join("demo"), outer.path().join("link"));
        prepare(&dir).unwrap();
        std::os::unix::fs::symlink(&dir, &link).unwrap();
        assert!(matches!(check(&link), Err(PlaceError::NotPrivate(_))));
    }
}
