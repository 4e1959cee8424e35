//! New files: what exists stays as it is, unless it is an example that nobody has changed.

use std::ffi::OsStr;
use std::io::{self, Write as _};
use std::path::Path;

use crate::command::terminal::input::BadInput;
use crate::files;

/// An example is never longer.
const LONGEST: u64 = 1024 * 1024;

/// Says that a file is in the way, if one is; `option` chooses another place.
pub(crate) fn refuse_existing(path: &Path, option: &str) -> Result<(), BadInput> {
    if path.symlink_metadata().is_err() {
        return Ok(());
    }
    let path = path.display();
    Err(BadInput::new(format!(
        "{path} already exists and was not overwritten; choose another place with {option}, or \
        move it away"
    )))
}

/// Writes a file that must not exist yet, whole or not at all.
pub(crate) fn write_new(path: &Path, text: &[u8], option: &str) -> anyhow::Result<()> {
    let folder = folder(path);
    let place = path.display().to_string();
    let cannot = |error: io::Error| anyhow::anyhow!("cannot write {place}: {error}");
    std::fs::create_dir_all(folder).map_err(cannot)?;
    let mut beside = files::beside_for_people(folder).map_err(cannot)?;
    beside.write_all(text).map_err(cannot)?;
    beside.as_file().sync_all().map_err(cannot)?;
    match beside.persist_noclobber(path) {
        Ok(_) => Ok(()),
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => {
            Err(refuse_existing(path, option).err().map_or_else(
                || anyhow::anyhow!("cannot write {place}: another program created it"),
                Into::into,
            ))
        }
        Err(error) => Err(cannot(error.error)),
    }
}

/// Whether a file is exactly this text, which nobody has changed.
pub(crate) fn is_unchanged(path: &Path, text: &str) -> bool {
    let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
    let held = files::present(folder(path), name, LONGEST);
    held.is_ok_and(|held| held.as_deref() == Some(text.as_bytes()))
}

/// Writes a file in the place of one that is exactly the text `before`, with its owner
/// and its permissions.
pub(crate) fn write_over(path: &Path, before: &str, text: &str) -> anyhow::Result<()> {
    let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
    let (before, text) = (before.as_bytes(), text.as_bytes());
    let written = files::replace(folder(path), name, Some(before), text, LONGEST);
    let place = path.display();
    match written {
        Ok(Some(_)) => Ok(()),
        Ok(None) => Err(BadInput::new(format!(
            "{place} was changed meanwhile, and was not overwritten"
        ))
        .into()),
        Err(error) => Err(anyhow::anyhow!("cannot write {place}: {error}")),
    }
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_stays_as_it_is() {
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join("a/b.toml");
        write_new(&file, b"one", "--out").unwrap();
        let refused = write_new(&file, b"two", "--out").unwrap_err();
        assert!(refused.is::<BadInput>(), "{refused}");
        assert_eq!(std::fs::read(&file).unwrap(), b"one");
        assert!(refuse_existing(&file, "--out").is_err());
        assert!(refuse_existing(&place.path().join("c"), "--out").is_ok());
    }

    #[test]
    fn what_nobody_has_changed_may_be_replaced() {
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join("b.toml");
        assert!(!is_unchanged(&file, "example"));
        std::fs::write(&file, "example").unwrap();
        assert!(is_unchanged(&file, "example") && !is_unchanged(&file, "exampl"));
        write_over(&file, "example", "a longer text").unwrap();
        assert_eq!(std::fs::read(&file).unwrap(), b"a longer text");
        let refused = write_over(&file, "example", "x").unwrap_err();
        assert!(refused.is::<BadInput>(), "{refused}");
        assert_eq!(std::fs::read(&file).unwrap(), b"a longer text");
    }
}
