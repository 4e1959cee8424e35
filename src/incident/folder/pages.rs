//! Pages of the incidents folder: listed, read, and replaced whole.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::files::{self, FileMark};
use crate::incident::file::document::Document;
use crate::incident::file::head::DocumentError;
use crate::incident::file::slug;
use crate::incident::folder::disk::{MAX_DEPTH, is_hidden};
use crate::model::finding::{Finding, Weight};

/// Larger files are not read: no incident is that long.
const MAX_BYTES: u64 = 1024 * 1024;

/// How every picture of ours begins.
const PICTURE: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart\" ";

/// The pages that are there, and those of them that were read.
pub type PageListing = (
    BTreeSet<String>,
    Vec<(String, FileMark, Result<Document, Box<Finding>>)>,
);

/// Lists the pages of a folder, and reads those that changed since they were seen.
pub fn look(path: &Path, seen: &BTreeMap<String, FileMark>) -> io::Result<PageListing> {
    let marks = files::list(path, MAX_DEPTH, |name, is_folder| {
        if is_folder {
            !name.rsplit('/').next().is_some_and(is_hidden)
        } else {
            is_page(name)
        }
    })?;
    let changed = marks
        .iter()
        .filter(|(name, mark)| seen.get(*name) != Some(mark));
    let read = changed.map(|(name, mark)| (name.clone(), *mark, read(path, name)));
    let read = read.collect();
    Ok((marks.into_keys().collect(), read))
}

/// The name of a new file that is not taken and does not exist, unless it is `ours`.
pub fn name_in(
    root: &Path,
    taken: &BTreeSet<String>,
    (title, date, zone): (&str, Timestamp, &TimeZone),
    ours: bool,
) -> String {
    slug::file(title, date, zone, |name| {
        let found = root.join(name).symlink_metadata();
        taken.contains(name) || found.is_ok_and(|found| !ours || !found.is_file())
    })
}

/// The mark of one page; none if it is gone, or a link.
pub fn mark(root: &Path, name: &str) -> Option<FileMark> {
    let meta = std::fs::symlink_metadata(root.join(name)).ok()?;
    meta.is_file()
        .then(|| Some((meta.modified().ok()?, meta.len())))?
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

/// Something that a file has lost and keeps, as a finding.
pub fn kept(file: &str, error: DocumentError) -> Finding {
    Finding {
        weight: Weight::Warning,
        kind: "kept",
        ..finding(file, error)
    }
}

/// Reads one file of the folder.
pub fn read(root: &Path, file: &str) -> Result<Document, Box<Finding>> {
    let fault = |message| Box::new(finding(file, DocumentError::whole(message)));
    let bytes = files::read_within(root, file, MAX_BYTES).map_err(|error| {
        fault(match error.kind() {
            io::ErrorKind::FileTooLarge => {
                format!("the file is larger than {MAX_BYTES} bytes; shorten it")
            }
            _ => format!("the file cannot be read: {error}"),
        })
    })?;
    if bytes.trim_ascii().is_empty() {
        return Err(fault(
            "the file is empty; write an incident, or delete it".to_owned(),
        ));
    }
    Document::parse(bytes).map_err(|error| Box::new(finding(file, error)))
}

/// Writes a file whole; `None` if it no longer reads as it did before.
pub fn replace(
    root: &Path,
    file: &str,
    before: Option<&[u8]>,
    bytes: &[u8],
) -> io::Result<Option<FileMark>> {
    match files::replace(root, file, before, bytes, MAX_BYTES)? {
        Some(meta) => Ok(Some((meta.modified()?, meta.len()))),
        None => Ok(None),
    }
}

/// Deletes a file; false if it no longer reads as it did before.
pub fn remove(root: &Path, file: &str, before: &[u8]) -> io::Result<bool> {
    files::remove(root, file, before, MAX_BYTES)
}

/// Puts a picture beside the files, or replaces one of ours; what somebody else
/// drew under that name stays. Returns whether it exists now.
pub fn replace_picture(root: &Path, file: &str, svg: &str) -> io::Result<bool> {
    let present = files::present(root, file, MAX_BYTES)?;
    let unchanged = present
        .as_deref()
        .is_some_and(|bytes| bytes == svg.as_bytes() || !bytes.starts_with(PICTURE.as_bytes()));
    Ok(unchanged || replace(root, file, present.as_deref(), svg.as_bytes())?.is_some())
}
