//! Reports changes of the incidents folder as soon as the system reports them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use notify::event::{
    AccessKind, AccessMode, CreateKind, EventKind, ModifyKind, RemoveKind, RenameMode,
};
use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher as _};
use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::incident::folder::disk::{self, Disk};
use crate::incident::folder::pages;

/// How long a file may be in the middle of being written.
const SETTLES: Duration = Duration::from_millis(25);

/// How often the folder is read as a whole when it cannot be watched.
const POLL_EVERY: Duration = Duration::from_secs(1);

/// How often it is asked whether the folder is still the one that is watched.
const ASK_EVERY: Duration = Duration::from_secs(1);

/// How often it is read although it is watched: events may be lost unnoticed.
const CHECK_EVERY: Duration = Duration::from_mins(1);

/// What may have changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changed {
    /// These files, by their path within the folder.
    Files(BTreeSet<String>),
    /// Anything.
    All,
}

#[derive(Debug)]
enum FolderEvent {
    /// A file is complete, gone or renamed.
    Done(PathBuf),
    /// A file may be in the middle of being written.
    Begun(PathBuf),
    /// We may have missed something.
    Lost,
}

/// Watches the folder, or looks at it from time to time where that fails.
#[derive(Debug)]
pub struct Watch {
    folder: PathBuf,
    disk: Disk,
    events: mpsc::UnboundedReceiver<FolderEvent>,
    /// Stops watching when it is dropped; `None` if the folder is polled.
    watcher: Option<RecommendedWatcher>,
    due: Option<(Instant, BTreeSet<String>)>,
    next_look: Instant,
    /// The path that was asked for, and which folder it led to.
    asked: PathBuf,
    identity: Option<FolderIdentity>,
    next_ask: Instant,
}

/// Identifies a folder among others of the same path.
type FolderIdentity = (u64, u64);

fn identity(folder: &Path) -> Option<FolderIdentity> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        let meta = folder.metadata().ok()?;
        Some((meta.dev(), meta.ino()))
    }
    #[cfg(not(unix))]
    folder.metadata().ok().map(|_| (0, 0))
}

impl Watch {
    /// Begins to watch; earlier changes are not reported.
    pub fn new(folder: &Path, disk: &Disk) -> Self {
        let (sender, events) = mpsc::unbounded_channel();
        let (asked, identity) = (folder.to_owned(), identity(folder));
        // Events carry the path that was asked for, links resolved or not.
        let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        let watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
            for event in sort(event) {
                // Nobody listens any more when the service stops.
                let _ = sender.send(event);
            }
        })
        .and_then(|mut watcher| {
            watcher.watch(&folder, RecursiveMode::Recursive)?;
            Ok(watcher)
        });
        let watcher = match watcher {
            Ok(watcher) => Some(watcher),
            Err(error) => {
                tracing::warn!(
                    %error, folder = %folder.display(),
                    "cannot watch incidents folder; reading it every second instead",
                );
                None
            }
        };
        let next_look = Instant::now()
            + if watcher.is_some() {
                CHECK_EVERY
            } else {
                POLL_EVERY
            };
        Self {
            folder,
            disk: disk.clone(),
            events,
            watcher,
            due: None,
            next_look,
            asked,
            identity,
            next_ask: Instant::now() + ASK_EVERY,
        }
    }

    /// Whether the system reports changes.
    pub fn is_watching(&self) -> bool {
        self.watcher.is_some()
    }

    /// Waits until something may have changed. Nothing is lost if the wait is given up.
    pub async fn changed(&mut self) -> Changed {
        loop {
            if self.next_ask <= Instant::now() {
                self.next_ask = Instant::now() + ASK_EVERY;
                if let Some(other) = self.other().await {
                    // Another folder was put in its place; what we watch is gone.
                    *self = other;
                    return Changed::All;
                }
            }
            let due = self
                .due
                .as_ref()
                .map_or(self.next_look, |(at, _)| (*at).min(self.next_look))
                .min(self.next_ask);
            tokio::select! {
                biased;
                Some(event) = self.events.recv() => match event {
                    FolderEvent::Lost => return Changed::All,
                    FolderEvent::Done(path) => {
                        if let Some(name) = self.name(&path) {
                            let mut files = self.due.take().map(|(_, files)| files).unwrap_or_default();
                            files.insert(name);
                            return self.with_waiting(files);
                        }
                    }
                    FolderEvent::Begun(path) => {
                        if let Some(name) = self.name(&path) {
                            let (_, files) = self
                                .due
                                .get_or_insert_with(|| (Instant::now() + SETTLES, BTreeSet::new()));
                            files.insert(name);
                        }
                    }
                },
                () = tokio::time::sleep_until(due) => {
                    if let Some((_, files)) = self.due.take_if(|(at, _)| *at <= Instant::now()) {
                        return Changed::Files(files);
                    }
                    if self.next_look > Instant::now() {
                        continue;
                    }
                    let pause = if self.is_watching() { CHECK_EVERY } else { POLL_EVERY };
                    self.next_look = Instant::now() + pause;
                    return Changed::All;
                }
            }
        }
    }

    /// These files, and those of events that have come meanwhile: a file that is written
    /// again and again holds no other one up.
    fn with_waiting(&mut self, mut files: BTreeSet<String>) -> Changed {
        while let Ok(event) = self.events.try_recv() {
            match event {
                FolderEvent::Lost => return Changed::All,
                FolderEvent::Done(path) => files.extend(self.name(&path)),
                FolderEvent::Begun(path) => {
                    if let Some(name) = self.name(&path) {
                        let begun = || (Instant::now() + SETTLES, BTreeSet::new());
                        self.due.get_or_insert_with(begun).1.insert(name);
                    }
                }
            }
        }
        Changed::Files(files)
    }

    /// Watches again if another folder has taken its place; a disk that does not
    /// answer changes nothing.
    async fn other(&self) -> Option<Self> {
        let (asked, before, disk) = (self.asked.clone(), self.identity, self.disk.clone());
        let looked = self.disk.run(move || {
            let is_other = identity(&asked) != before;
            Ok(is_other.then(|| Self::new(&asked, &disk)))
        });
        looked.await.ok().flatten()
    }

    fn name(&self, path: &Path) -> Option<String> {
        Some(path.strip_prefix(&self.folder).ok()?.to_str()?.to_owned())
    }
}

/// What an event of the system means to us.
fn sort(event: notify::Result<Event>) -> Vec<FolderEvent> {
    let Ok(event) = event else {
        return vec![FolderEvent::Lost];
    };
    if event.need_rescan() {
        return vec![FolderEvent::Lost];
    }
    let done = match event.kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write))
        | EventKind::Modify(ModifyKind::Name(_))
        | EventKind::Remove(_) => true,
        EventKind::Create(_) | EventKind::Modify(_) | EventKind::Any | EventKind::Other => false,
        EventKind::Access(_) => return Vec::new(),
    };
    let kind = event.kind;
    let events = event.paths.into_iter().filter_map(|path| {
        let name = path.file_name()?.to_str()?;
        if disk::is_hidden(name) {
            // Nothing hidden is read; programs save beside a file before they
            // put it in its place, and so do we.
            None
        } else if may_be_folder(kind, &path, name) {
            // Folders carry files that nobody names.
            Some(FolderEvent::Lost)
        } else if done {
            Some(FolderEvent::Done(path))
        } else {
            Some(FolderEvent::Begun(path))
        }
    });
    events.collect()
}

/// Whether a folder may have come or gone, or got another name.
fn may_be_folder(kind: EventKind, path: &Path, name: &str) -> bool {
    match kind {
        EventKind::Create(CreateKind::Folder) | EventKind::Remove(RemoveKind::Folder) => true,
        EventKind::Modify(ModifyKind::Name(RenameMode::To | RenameMode::Both)) => path.is_dir(),
        // Nobody can look at what is gone, and some systems do not say.
        EventKind::Modify(ModifyKind::Name(_))
        | EventKind::Create(CreateKind::Any)
        | EventKind::Remove(RemoveKind::Any)
        | EventKind::Any
        | EventKind::Other => !pages::is_page(name),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn change_after(folder: &Path, act: impl FnOnce(&Path)) -> Changed {
        let mut watch = Watch::new(folder, &Disk::default());
        assert!(watch.is_watching());
        act(folder);
        tokio::time::timeout(Duration::from_secs(30), watch.changed())
            .await
            .unwrap()
    }

    #[tokio::test]
    async fn what_programs_save_beside_a_file_is_not_looked_for_everywhere() {
        let place = tempfile::tempdir().unwrap();
        let change = change_after(place.path(), |folder| {
            std::fs::write(folder.join(".a.md.swp"), "a").unwrap();
            std::fs::write(folder.join(".beside"), "a").unwrap();
            std::fs::write(folder.join("4913"), "").unwrap();
            std::fs::remove_file(folder.join("4913")).unwrap();
            std::fs::rename(folder.join(".beside"), folder.join("a.md")).unwrap();
        });
        let Changed::Files(files) = change.await else {
            panic!("everything is read");
        };
        assert!(files.is_subset(&["4913", "a.md"].map(str::to_owned).into()));
    }

    #[tokio::test]
    async fn a_file_that_is_written_without_end_holds_no_other_up() {
        let place = tempfile::tempdir().unwrap();
        let mut watch = Watch::new(place.path(), &Disk::default());
        let (sender, events) = mpsc::unbounded_channel();
        watch.events = events;
        let folder = watch.folder.clone();
        for name in ["a.md"; 99].into_iter().chain(["b.md", "a.md"]) {
            sender.send(FolderEvent::Done(folder.join(name))).unwrap();
        }
        let both = ["a.md", "b.md"].map(str::to_owned).into();
        assert_eq!(watch.changed().await, Changed::Files(both));
    }

    #[tokio::test]
    async fn a_folder_is_looked_into_whatever_it_is_called() {
        for name in ["2026", "2026.q1"] {
            let place = tempfile::tempdir().unwrap();
            let outside = tempfile::tempdir_in(place.path().parent().unwrap()).unwrap();
            let other = outside.path().join(name);
            std::fs::create_dir(&other).unwrap();
            let come = change_after(place.path(), |folder| {
                std::fs::rename(&other, folder.join(name)).unwrap();
            });
            assert_eq!(come.await, Changed::All, "{name}");
            let gone = change_after(place.path(), |folder| {
                std::fs::rename(folder.join(name), &other).unwrap();
            });
            assert_eq!(gone.await, Changed::All, "{name}");
        }
    }
}
