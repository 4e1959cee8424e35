//! Files of an export: replaced whole, with their compressed twins.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::web::export::manifest::Twins;
use crate::web::serving::response::coding::{Coding, Effort, MIN_COMPRESSED_BYTES};

/// What stands before and after the name of a file that is not in its place yet.
pub(crate) const HIDDEN: &str = ".";
pub(crate) const BESIDE: &str = ".critwatch";

/// Writes a file, and its twins where they are wanted and worth it; says which
/// it has.
pub(crate) fn write(
    folder: &Path,
    (path, bytes): (&str, &[u8]),
    (twins, effort): (Twins, Effort),
    is_new: bool,
) -> io::Result<Twins> {
    let place = folder.join(path);
    // Nobody reads what was not there yet.
    let put = if is_new { begin } else { replace };
    let twins = if bytes.len() < MIN_COMPRESSED_BYTES {
        Twins::None
    } else {
        twins
    };
    // The twins first: whoever sees the new file must not be given an old twin
    // for longer than this takes.
    for coding in Coding::SMALLER {
        let twin = twin(&place, coding);
        if twins.codings().contains(&coding) {
            put(&twin, &coding.compress(bytes, effort)?)?;
        } else if !is_new {
            missing_is_fine(fs::remove_file(&twin))?;
        }
    }
    put(&place, bytes)?;
    Ok(twins)
}

/// Whether a file of that length and its twins stand there.
pub(crate) fn is_whole(folder: &Path, path: &str, length: usize, twins: Twins) -> bool {
    let place = folder.join(path);
    let of = |path: &Path| {
        fs::symlink_metadata(path)
            .ok()
            .filter(fs::Metadata::is_file)
    };
    let mut twins = twins.codings().iter().map(|coding| twin(&place, *coding));
    of(&place).is_some_and(|file| usize::try_from(file.len()) == Ok(length))
        && twins.all(|twin| of(&twin).is_some())
}

/// Removes a file with its twins, and the folders that are empty then.
pub(crate) fn remove(folder: &Path, path: &str, twins: Twins) -> io::Result<()> {
    let place = folder.join(path);
    missing_is_fine(fs::remove_file(&place))?;
    for coding in twins.codings() {
        missing_is_fine(fs::remove_file(twin(&place, *coding)))?;
    }
    let parents = place.ancestors().skip(1);
    for parent in parents.take_while(|parent| *parent != folder) {
        // Somebody else's file may be in it.
        if fs::remove_dir(parent).is_err() {
            break;
        }
    }
    Ok(())
}

/// Writes a file where none was, and the folders that it is in if there are none.
fn begin(place: &Path, bytes: &[u8]) -> io::Result<()> {
    match (fs::write(place, bytes), place.parent()) {
        (Err(error), Some(parent)) if error.kind() == io::ErrorKind::NotFound => {
            fs::create_dir_all(parent)?;
            fs::write(place, bytes)
        }
        (done, _) => done,
    }
}

/// Puts bytes in the place of a file, so that a reader sees the old or the new.
pub(crate) fn replace(place: &Path, bytes: &[u8]) -> io::Result<()> {
    let beside = beside(place);
    fs::write(&beside, bytes)?;
    fs::rename(&beside, place)
}

/// Where a file is written before it is put in its place.
fn beside(place: &Path) -> PathBuf {
    let mut name = std::ffi::OsString::from(HIDDEN);
    name.push(place.file_name().unwrap_or_default());
    name.push(BESIDE);
    place.with_file_name(name)
}

/// The compressed twin of a file.
fn twin(place: &Path, coding: Coding) -> PathBuf {
    let mut name = place.as_os_str().to_owned();
    name.push(coding.ending());
    name.into()
}

fn missing_is_fine(done: io::Result<()>) -> io::Result<()> {
    match done {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        done => done,
    }
}
