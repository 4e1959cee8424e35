//! New files: what is there already stays as it is.

use std::io::Write as _;
use std::path::Path;

use crate::command::terminal::input::BadInput;

/// Says that a file is in the way, if one is.
pub(crate) fn refuse_existing(path: &Path) -> Result<(), BadInput> {
    if path.symlink_metadata().is_err() {
        return Ok(());
    }
    let path = path.display();
    Err(BadInput::new(format!(
        "{path} is there already, and is not overwritten; name another file, or move it away"
    )))
}

/// Writes a file that must not be there yet, whole or not at all.
pub(crate) fn write_new(path: &Path, text: &[u8]) -> anyhow::Result<()> {
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let place = path.display().to_string();
    let cannot = |error: std::io::Error| anyhow::anyhow!("cannot write {place}: {error}");
    std::fs::create_dir_all(folder).map_err(cannot)?;
    let mut beside = crate::files::beside(folder).map_err(cannot)?;
    beside.write_all(text).map_err(cannot)?;
    beside.as_file().sync_all().map_err(cannot)?;
    match beside.persist_noclobber(path) {
        Ok(_) => Ok(()),
        Err(error) if error.error.kind() == std::io::ErrorKind::AlreadyExists => {
            Err(refuse_existing(path).err().map_or_else(
                || anyhow::anyhow!("cannot write {place}: somebody else did"),
                Into::into,
            ))
        }
        Err(error) => Err(cannot(error.error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_stays_as_it_is() {
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join("a/b.toml");
        write_new(&file, b"one").unwrap();
        let refused = write_new(&file, b"two").unwrap_err();
        assert!(refused.is::<BadInput>(), "{refused}");
        assert_eq!(std::fs::read(&file).unwrap(), b"one");
        assert!(refuse_existing(&file).is_err());
        assert!(refuse_existing(&place.path().join("c")).is_ok());
    }
}
