//! Only one monitor writes a folder; a second one is a reader until the first ends.
//! Monitors on several machines have a lease besides.
//!
//! The folder itself is what is locked, so that no file of ours stands among the
//! incidents.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use rustix::fs::{FlockOperation, flock};

use crate::incident::folder::disk::Disk;
use crate::model::request::leadership::Leadership;

/// How often a reader asks whether it may write by now.
const ASK_EVERY: Duration = Duration::from_secs(1);

/// Whether this monitor may write the folder.
#[derive(Debug)]
pub struct FolderLock {
    folder: PathBuf,
    disk: Disk,
    lease: Leadership,
    /// The lock of the system, which it takes back whatever ends us.
    held: Option<File>,
    asked: Option<Timestamp>,
    is_logged: bool,
}

/// The result of asking for the lock.
enum LockAttempt {
    Ours(File),
    Theirs,
    /// There is no lock to be had here: the folder is read-only, or the disk full.
    Nobody,
}

impl FolderLock {
    /// Asks for nothing yet.
    pub fn new(folder: &Path, disk: &Disk, lease: Leadership) -> Self {
        Self {
            folder: folder.to_owned(),
            disk: disk.clone(),
            lease,
            held: None,
            asked: None,
            is_logged: false,
        }
    }

    /// Whether this monitor may write at `now`; logs every change of that.
    ///
    /// Where no lock is available, writing is tried, and its error says why.
    pub async fn may_write(&mut self, now: Timestamp) -> bool {
        // Who has no lease leaves the folder to one who may get it.
        if !self.lease.holds(Instant::now()) {
            self.held = None;
            self.asked = None;
            return false;
        }
        if self.held.is_some() {
            return true;
        }
        let soon = self.asked.is_some_and(|asked| {
            let age = Duration::try_from(now.duration_since(asked));
            age.is_ok_and(|age| age < ASK_EVERY)
        });
        if soon {
            return !self.is_logged;
        }
        self.asked = Some(now);
        let folder = self.folder.clone();
        let asked = self.disk.run(move || Ok(ask(&folder))).await;
        match asked.unwrap_or(LockAttempt::Nobody) {
            LockAttempt::Ours(file) => {
                if std::mem::take(&mut self.is_logged) {
                    tracing::info!(
                        folder = %self.folder.display(),
                        "the other critwatch has ended; this one writes incidents now",
                    );
                }
                self.held = Some(file);
                true
            }
            LockAttempt::Theirs => {
                if !std::mem::replace(&mut self.is_logged, true) {
                    tracing::error!(
                        folder = %self.folder.display(),
                        "another instance writes the incidents; this one is read-only and \
                        notifies nobody until that one ends",
                    );
                }
                false
            }
            LockAttempt::Nobody => {
                self.is_logged = false;
                true
            }
        }
    }
}

fn ask(folder: &Path) -> LockAttempt {
    let Ok(folder) = File::open(folder) else {
        return LockAttempt::Nobody;
    };
    match flock(&folder, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => LockAttempt::Ours(folder),
        Err(error) if error == rustix::io::Errno::WOULDBLOCK => LockAttempt::Theirs,
        Err(_) => LockAttempt::Nobody,
    }
}
