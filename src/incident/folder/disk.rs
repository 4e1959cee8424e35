//! Files of the incidents folder: listed, read, and replaced whole.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::files;
use crate::incident::file::document::Document;
use crate::incident::file::head::DocumentError;
use crate::incident::file::slug;
use crate::model::finding::{Finding, Weight};

/// Larger files are not read: no incident is that long.
const MAX_BYTES: u64 = 1024 * 1024;

/// Folders below this depth are not looked into.
const MAX_DEPTH: usize = 8;

/// Changes with every change of a file.
pub type FileMark = (SystemTime, u64);

/// How long the folder may take to answer before we go on without it.
const PATIENCE: Duration = Duration::from_secs(5);

/// How old a file that we were writing must be before it is litter: another
/// monitor may be about to put it in its place.
const LITTER: Duration = Duration::from_mins(1);

/// How the names of files begin that are not in their place yet.
const BESIDE: &str = ".critwatch-";

/// How every picture of ours begins.
const PICTURE: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart\" ";

/// Work on the folder that has begun.
pub type DiskJob<T> = JoinHandle<io::Result<T>>;

/// The one thread at a time that waits for the folder.
///
/// No timeout ends a read of a network disk that hangs. So we stop waiting, and
/// ask for nothing more until that thread is back.
#[derive(Clone, Debug)]
pub struct Disk {
    seat: Arc<Semaphore>,
    late: Arc<AtomicBool>,
    patience: Duration,
}

impl Default for Disk {
    fn default() -> Self {
        Self::with_patience(PATIENCE)
    }
}

impl Disk {
    /// Waits so long for each answer.
    pub fn with_patience(patience: Duration) -> Self {
        Self {
            seat: Arc::new(Semaphore::new(1)),
            late: Arc::default(),
            patience,
        }
    }

    /// Whether something was asked for that has not been answered in time.
    pub fn is_late(&self) -> bool {
        self.late.load(Ordering::Relaxed) && self.seat.available_permits() == 0
    }

    /// Does some work where it delays no task, and waits for it, but not for long.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> io::Result<T> + Send + 'static,
    ) -> io::Result<T> {
        let mut job = self.start(work).await?;
        self.wait(&mut job).await
    }

    /// Begins some work as soon as the thread is free.
    pub async fn start<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> io::Result<T> + Send + 'static,
    ) -> io::Result<DiskJob<T>> {
        if self.is_late() {
            return Err(self.late());
        }
        let seat = Arc::clone(&self.seat).acquire_owned();
        let seat = timeout(self.patience, seat).await;
        let seat = seat.map_err(|_| self.late())?.map_err(io::Error::other)?;
        self.late.store(false, Ordering::Relaxed);
        Ok(tokio::task::spawn_blocking(move || {
            let done = work();
            drop(seat);
            done
        }))
    }

    /// Waits for work, which goes on if it takes too long.
    pub async fn wait<T>(&self, job: &mut DiskJob<T>) -> io::Result<T> {
        let done = timeout(self.patience, job).await;
        done.map_err(|_| self.late())?.map_err(io::Error::other)?
    }

    fn late(&self) -> io::Error {
        self.late.store(true, Ordering::Relaxed);
        let message = format!(
            "it has not answered for {} s; see whether its disk hangs",
            self.patience.as_secs_f64()
        );
        io::Error::new(io::ErrorKind::TimedOut, message)
    }
}

/// Makes the folder if it does not exist; returns whether it answers at all.
pub async fn make(folder: &Path) -> io::Result<()> {
    let folder = folder.to_owned();
    let disk = Disk::default();
    disk.run(move || std::fs::create_dir_all(folder)).await
}

/// Tries whether a file could be written, and removes what an earlier run that
/// was killed left in the middle of writing; tells how many there were.
pub async fn try_to_write(folder: &Path, now: SystemTime) -> io::Result<usize> {
    let folder = folder.to_owned();
    let disk = Disk::default();
    disk.run(move || {
        beside(&folder)?;
        sweep(&folder, 0, now)
    })
    .await
}

fn sweep(folder: &Path, depth: usize, now: SystemTime) -> io::Result<usize> {
    let mut swept = 0;
    for entry in std::fs::read_dir(folder)?.flatten() {
        let (name, Ok(kind)) = (entry.file_name(), entry.file_type()) else {
            continue;
        };
        let name = name.to_string_lossy();
        if kind.is_dir() && depth < MAX_DEPTH && !is_hidden(&name) {
            swept += sweep(&entry.path(), depth + 1, now)?;
        } else if kind.is_file() && name.starts_with(BESIDE) && is_litter(&entry, now) {
            swept += usize::from(std::fs::remove_file(entry.path()).is_ok());
        }
    }
    Ok(swept)
}

fn is_litter(entry: &std::fs::DirEntry, now: SystemTime) -> bool {
    let modified = entry.metadata().and_then(|meta| meta.modified());
    let age = modified.ok().and_then(|at| now.duration_since(at).ok());
    age.is_some_and(|age| age >= LITTER)
}

/// A file beside others, which takes the place of one of them when it is whole.
fn beside(folder: &Path) -> io::Result<tempfile::NamedTempFile> {
    tempfile::Builder::new().prefix(BESIDE).tempfile_in(folder)
}

/// The pages that are there, and those of them that were read.
pub type PageListing = (
    BTreeSet<String>,
    Vec<(String, FileMark, Result<Document, Box<Finding>>)>,
);

/// Lists the pages of a folder, and reads those that changed since they were seen.
pub fn look(path: &Path, seen: &BTreeMap<String, FileMark>) -> io::Result<PageListing> {
    let mut marks = BTreeMap::new();
    list(path, "", 0, &mut marks)?;
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

/// Lists the pages of a folder and of those in it.
fn list(
    root: &Path,
    within: &str,
    depth: usize,
    marks: &mut BTreeMap<String, FileMark>,
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
pub fn mark(root: &Path, name: &str) -> Option<FileMark> {
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

/// What a file of the folder holds; `None` if it is not there.
pub fn bytes(root: &Path, file: &str) -> io::Result<Option<Vec<u8>>> {
    match files::read_within(root, file, MAX_BYTES) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Writes a file whole; `None` if it no longer reads as it did before.
pub fn replace(
    root: &Path,
    file: &str,
    before: Option<&[u8]>,
    bytes: &[u8],
) -> io::Result<Option<FileMark>> {
    let target = &root.join(file);
    let folder = target.parent().unwrap_or(Path::new("."));
    let mut beside = beside(folder)?;
    beside.write_all(bytes)?;
    match before {
        Some(_) => beside
            .as_file()
            .set_permissions(std::fs::symlink_metadata(target)?.permissions())?,
        None => readable(beside.as_file())?,
    }
    beside.as_file().sync_all()?;
    let meta = beside.as_file().metadata()?;
    // Right before the rename: syncing took its time, and people save meanwhile.
    if self::bytes(root, file)?.as_deref() != before {
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

/// Puts a picture beside the files, or replaces one of ours; what somebody else
/// drew under that name stays. Returns whether it exists now.
pub fn replace_picture(root: &Path, file: &str, svg: &str) -> io::Result<bool> {
    let present = bytes(root, file)?;
    let unchanged = present
        .as_deref()
        .is_some_and(|bytes| bytes == svg.as_bytes() || !bytes.starts_with(PICTURE.as_bytes()));
    Ok(unchanged || replace(root, file, present.as_deref(), svg.as_bytes())?.is_some())
}

/// Lets others read a new incident, as an editor would; temporary files are private.
fn readable(file: &std::fs::File) -> io::Result<()> {
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644))?;
    #[cfg(not(unix))]
    let _ = file;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[tokio::test]
    async fn a_disk_that_hangs_is_waited_for_once_and_asked_again_when_it_is_back() {
        let disk = Disk::with_patience(Duration::from_millis(20));
        let (release, stuck) = mpsc::channel::<()>();
        let mut job = disk.start(move || Ok(stuck.recv().is_ok())).await.unwrap();
        let late = disk.wait(&mut job).await.unwrap_err();
        assert_eq!(late.kind(), io::ErrorKind::TimedOut);
        assert!(disk.is_late());
        // Nobody waits behind it.
        assert!(disk.run(|| Ok(())).await.is_err());
        release.send(()).unwrap();
        assert!(job.await.unwrap().unwrap());
        assert!(!disk.is_late());
        disk.run(|| Ok(())).await.unwrap();
    }

    #[tokio::test]
    async fn only_what_was_left_behind_long_ago_is_swept_away() {
        let place = tempfile::tempdir().unwrap();
        std::fs::create_dir(place.path().join("2026")).unwrap();
        let names = [".critwatch-a", "2026/.critwatch-b", ".other", "a.md"];
        for name in names {
            std::fs::write(place.path().join(name), "x").unwrap();
        }
        let left = || names.map(|name| place.path().join(name).exists());
        let written = place.path().join("a.md").metadata().unwrap();
        let at = |second| written.modified().unwrap() + Duration::from_secs(second);
        assert_eq!(try_to_write(place.path(), at(50)).await.unwrap(), 0);
        assert_eq!(left(), [true; 4]);
        assert_eq!(try_to_write(place.path(), at(90)).await.unwrap(), 2);
        assert_eq!(left(), [false, false, true, true]);
    }
}
