//! A Maildir in which the operator's mail server puts what comes back.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

/// Bytes of a mail that are read; a report stands at its beginning.
const MAX_BYTES: u64 = 256 * 1024;

/// Files that are looked at in one turn.
const MOST: usize = 500;

/// The newly delivered mails, at most so many as one turn takes.
pub(crate) fn delivered(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for file in fs::read_dir(folder.join("new"))?.take(MOST) {
        let file = file?;
        if file.file_type()?.is_file() {
            files.push(file.path());
        }
    }
    Ok(files)
}

/// The beginning of a mail.
pub(crate) fn read(file: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(file)?.take(MAX_BYTES).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Removes a report, which is done with.
pub(crate) fn remove(file: &Path) -> io::Result<()> {
    fs::remove_file(file)
}

/// Leaves to people what is no report, as mail programs do with what they have seen.
pub(crate) fn leave(folder: &Path, file: &Path) -> io::Result<()> {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(":2,");
    fs::rename(file, folder.join("cur").join(name))
}
