//! The disk of the incidents folder, which may hang, and what a killed run left on it.

use std::io::{self};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::files::{BESIDE, beside};

/// Folders below this depth are not looked into.
pub(super) const MAX_DEPTH: usize = 8;

/// How long the folder may take to answer before we go on without it.
const PATIENCE: Duration = Duration::from_secs(5);

/// How old a file that we were writing must be before it is litter: another
/// monitor may be about to put it in its place.
const LITTER: Duration = Duration::from_mins(1);

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

/// Whether a file or folder of that name is left alone.
pub fn is_hidden(file: &str) -> bool {
    file.starts_with('.')
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
