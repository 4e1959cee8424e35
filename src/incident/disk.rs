//! Files of the incidents folder: listed, read, and replaced whole.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::path::Path;
use std::time::SystemTime;

use crate::incident::document::Document;
use crate::incident::head::DocumentError;
use crate::model::finding::{Finding, Weight};

/// Larger files are not read: no incident is that long.
const MAX_BYTES: u64 = 1024 * 1024;

/// Folders below this depth are not looked into.
const MAX_DEPTH: usize = 8;

/// What tells that a file was changed.
pub type Mark = (SystemTime, u64);

/// Runs what waits for the disk where it delays no task.
pub async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(io::Error::other)?
}

/// Lists the pages of a folder and of those in it.
pub fn list(
    root: &Path,
    within: &str,
    depth: usize,
    marks: &mut BTreeMap<String, Mark>,
) -> io::Result<()> {
    for entry in std::fs::read_dir(root.join(within))? {
        let entry = entry?;
        let Ok(file) = entry.file_name().into_string() else {
            continue;
        };
        let name = if within.is_empty() {
            file
        } else {
            format!("{within}/{file}")
        };
        // Links are not followed: they may lead out of the folder.
        let kind = entry.file_type()?;
        if kind.is_dir() && depth < MAX_DEPTH && !name.rsplit('/').next().is_some_and(is_hidden) {
            list(root, &name, depth + 1, marks)?;
        } else if kind.is_file()
            && is_page(&name)
            // A file deleted since the listing is simply not there any more.
            && let Ok(meta) = entry.metadata()
        {
            marks.insert(name, (meta.modified()?, meta.len()));
        }
    }
    Ok(())
}

/// The mark of one page; none if it is gone, or a link.
pub fn mark(root: &Path, name: &str) -> Option<Mark> {
    let meta = std::fs::symlink_metadata(root.join(name)).ok()?;
    meta.is_file()
        .then(|| Some((meta.modified().ok()?, meta.len())))?
}

/// Whether a file or folder of that name is left alone.
pub fn is_hidden(file: &str) -> bool {
    file.starts_with('.')
}

/// Whether Hugo would make a page of the file.
pub fn is_page(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    let ending = Path::new(file)
        .extension()
        .and_then(|ending| ending.to_str());
    !name.split('/').any(is_hidden)
        && !file.starts_with("_index.")
        && matches!(ending, Some("md" | "markdown" | "html"))
}

/// A file that cannot be read, as a finding.
pub fn finding(file: &str, error: DocumentError) -> Finding {
    Finding {
        weight: Weight::Fault,
        kind: "unreadable",
        file: file.to_owned(),
        line: error.line,
        column: error.column,
        message: error.message,
        fix: None,
    }
}

/// Reads one file.
pub fn read(path: &Path, file: &str) -> Result<Document, Box<Finding>> {
    let fault = |message| Box::new(finding(file, DocumentError::whole(message)));
    let size = std::fs::metadata(path).map_or(0, |meta| meta.len());
    if size > MAX_BYTES {
        return Err(fault(format!(
            "the file is larger than {MAX_BYTES} bytes; shorten it"
        )));
    }
    let bytes =
        std::fs::read(path).map_err(|error| fault(format!("the file cannot be read: {error}")))?;
    if bytes.trim_ascii().is_empty() {
        return Err(fault(
            "the file is empty; write an incident, or delete it".to_owned(),
        ));
    }
    Document::parse(bytes).map_err(|error| Box::new(finding(file, error)))
}

/// Writes a file whole; `None` if it no longer reads as it did before.
pub fn replace(target: &Path, before: Option<&[u8]>, bytes: &[u8]) -> io::Result<Option<Mark>> {
    let folder = target.parent().unwrap_or(Path::new("."));
    let mut beside = tempfile::Builder::new()
        .prefix(".critwatch-")
        .tempfile_in(folder)?;
    beside.write_all(bytes)?;
    match before {
        Some(_) => beside
            .as_file()
            .set_permissions(std::fs::metadata(target)?.permissions())?,
        None => readable(beside.as_file())?,
    }
    beside.as_file().sync_all()?;
    let meta = beside.as_file().metadata()?;
    // Right before the rename: syncing took its time, and people save meanwhile.
    let present = match std::fs::read(target) {
        Ok(bytes) => Some(bytes),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    if present.as_deref() != before {
        return Ok(None);
    }
    let renamed = match before {
        Some(_) => beside.persist(target),
        None => beside.persist_noclobber(target),
    };
    match renamed {
        Ok(_) => {}
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => return Ok(None),
        Err(error) => return Err(error.error),
    }
    std::fs::File::open(folder)?.sync_all()?;
    Ok(Some((meta.modified()?, meta.len())))
}

/// Lets others read a new incident, as an editor would; temporary files are private.
fn readable(file: &std::fs::File) -> io::Result<()> {
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644))?;
    #[cfg(not(unix))]
    let _ = file;
    Ok(())
}
