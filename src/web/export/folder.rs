//! The whole site as plain files, written again where something changed.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use serde::Serialize;

use crate::web::export::error::ExportError;
use crate::web::export::files::{self, remove, replace, write};
use crate::web::export::jobs::{ExportJob, is_file, jobs};
use crate::web::export::manifest::{self, Manifest, NAME, Twins, WrittenFile};
use crate::web::export::memo::ExportMemo;
use crate::web::export::paths::ExportPaths;
use crate::web::pages::error::WebError;
use crate::web::parts::look::style;
use crate::web::serving::response::coding::Effort;
use crate::web::site::View;
use crate::web::table::Address;

/// Files that are compressed with much effort, if there are no more of them: those
/// of a changed incident, not those of a whole site, which takes a hundred times as
/// long as making its pages.
const HANDFUL: usize = 24;

/// Files that are all compressed in every way, if there are no more of them. Of more,
/// pages of single incidents are not compressed: few read one of ten thousand, and
/// making them smaller takes as long as making them.
const FEW: usize = 300;

/// What an export did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ExportCounts {
    /// Files that the site has, without their compressed twins.
    pub files: usize,
    /// Those that were written, as they are new or changed.
    pub written: usize,
    /// Those that are gone.
    pub removed: usize,
}

/// A folder that a site is exported to.
#[derive(Debug)]
pub struct Export {
    folder: PathBuf,
    manifest: Manifest,
}

impl Export {
    /// Opens a folder, which may be new, empty, or one of an earlier export.
    pub fn open(folder: &Path) -> Result<Self, ExportError> {
        let fault = |error| ExportError::Io(folder.to_owned(), error);
        std::fs::create_dir_all(folder).map_err(fault)?;
        let list = folder.join(NAME);
        let manifest = match std::fs::read_to_string(&list) {
            Ok(text) => manifest::parse(&text).ok_or(ExportError::List(list))?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Manifest::new(),
            Err(error) => return Err(ExportError::Io(list, error)),
        };
        Ok(Self {
            folder: folder.to_owned(),
            manifest,
        })
    }

    /// Writes every page of a view that is new or changed, and removes what is gone.
    ///
    /// Pages that are not due are believed to be as they were. `done` counts.
    pub fn run(
        &mut self,
        view: &View<'_>,
        is_due: impl Fn(&Address) -> bool,
        done: &AtomicUsize,
    ) -> Result<ExportCounts, ExportError> {
        let memo = ExportMemo::new(
            view.names
                .translations
                .iter()
                .map(|translation| &*translation.code),
        );
        let view = &View {
            memo: Some(&memo),
            // Nobody tells readers of files of the next revision.
            revision: None,
            ..*view
        };
        let addresses = Address::list(view);
        let (jobs, paths) = jobs(view, &addresses)?;
        let mut removed = self.make_way(&paths)?;
        self.refuse_foreign(&jobs)?;
        let mut due = Vec::new();
        let mut next = Manifest::new();
        for (path, job) in &jobs {
            match (self.manifest.get(path), job) {
                (Some(written), ExportJob::Page(address)) if !is_due(address) => {
                    next.insert(path.clone(), written.clone());
                }
                (Some(_) | None, ExportJob::Page(_) | ExportJob::List(_)) => {
                    due.push((path, job));
                }
            }
        }
        // Long jobs first, so that all threads finish at about the same time.
        due.sort_by_key(|(_, job)| job.is_short());
        self.claim(&due)?;
        let made = self.make(view, &due, done)?;
        let written = made.iter().filter(|(_, _, fresh)| *fresh).count();
        next.extend(made.into_iter().map(|(path, entry, _)| (path, entry)));
        for (path, entry) in &self.manifest {
            if !next.contains_key(path) {
                self.remove(path, entry)?;
                removed += 1;
            }
        }
        self.note(&next)?;
        self.manifest = next;
        Ok(ExportCounts {
            files: self.manifest.len(),
            written,
            removed,
        })
    }

    /// Removes what was written earlier where a folder must be now, or the other
    /// way round; says how many that were.
    fn make_way(&mut self, paths: &ExportPaths) -> Result<usize, ExportError> {
        let gone: Vec<_> = self
            .manifest
            .extract_if(.., |path, _| paths.lacks(path))
            .collect();
        for (path, entry) in &gone {
            self.remove(path, entry)?;
        }
        Ok(gone.len())
    }

    fn remove(&self, path: &str, entry: &WrittenFile) -> Result<(), ExportError> {
        remove(&self.folder, path, entry.twins)
            .map_err(|error| ExportError::Io(self.folder.join(path), error))
    }

    /// What is not in the list yet and stands there is somebody else's.
    fn refuse_foreign(&self, jobs: &BTreeMap<String, ExportJob<'_>>) -> Result<(), ExportError> {
        // A new folder need not be asked for each of twenty thousand files.
        let mut found = std::fs::read_dir(&self.folder)
            .map_err(|error| ExportError::Io(self.folder.clone(), error))?;
        if found.next().is_none() {
            return Ok(());
        }
        let new = jobs
            .keys()
            .filter(|path| !self.manifest.contains_key(*path));
        for path in new.map(|path| self.folder.join(path)) {
            if path.symlink_metadata().is_ok() {
                return Err(ExportError::Foreign(path));
            }
        }
        Ok(())
    }

    /// Lists what may be written before it is: whatever happens then, the next
    /// export knows what is its own, and believes none of it to be as it was.
    fn claim(&self, due: &[(&String, &ExportJob<'_>)]) -> Result<(), ExportError> {
        let mut claimed = self.manifest.clone();
        claimed.extend(due.iter().map(|(path, _)| {
            let unsure = WrittenFile {
                mark: "-".to_owned(),
                twins: Twins::All,
            };
            ((*path).clone(), unsure)
        }));
        self.note(&claimed)
    }

    fn note(&self, manifest: &Manifest) -> Result<(), ExportError> {
        let path = self.folder.join(NAME);
        replace(&path, manifest::print(manifest).as_bytes())
            .map_err(|error| ExportError::Io(path, error))
    }

    /// Makes and writes files on as many threads as there are processors.
    fn make(
        &self,
        view: &View<'_>,
        due: &[(&String, &ExportJob<'_>)],
        done: &AtomicUsize,
    ) -> Result<Vec<(String, WrittenFile, bool)>, ExportError> {
        let are_few = due.len() <= FEW;
        let effort = if due.len() > HANDFUL {
            Effort::Fast
        } else {
            Effort::Dense
        };
        let next = AtomicUsize::new(0);
        let work = || {
            let mut made = Vec::new();
            while let Some((path, job)) = due.get(next.fetch_add(1, Ordering::Relaxed)) {
                let twins = match (are_few, job.is_short()) {
                    (true, _) => Twins::All,
                    (false, false) => Twins::Quick,
                    (false, true) => Twins::None,
                };
                let file = self.file(view, path, job, (twins, effort))?;
                made.extend(file.map(|(entry, fresh)| ((*path).clone(), entry, fresh)));
                done.fetch_add(1, Ordering::Relaxed);
            }
            Ok(made)
        };
        let threads = thread::available_parallelism().map_or(1, usize::from);
        thread::scope(|scope| {
            let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
            let mut all = Vec::with_capacity(due.len());
            for worker in workers {
                match worker.join() {
                    Ok(made) => all.extend(made?),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
            Ok(all)
        })
    }

    /// Makes a file, and writes it if it changed; says whether it did.
    ///
    /// `None` is a picture, or a file of the site's own, that has gone since it was seen.
    fn file(
        &self,
        view: &View<'_>,
        path: &str,
        job: &ExportJob<'_>,
        (twins, effort): (Twins, Effort),
    ) -> Result<Option<(WrittenFile, bool)>, ExportError> {
        let (bytes, shrinks) = match job {
            ExportJob::List(text) => (text.clone().into_bytes(), false),
            ExportJob::Page(address) => match address.render(view) {
                Ok(page) => (page, address.traits().kind.shrinks()),
                Err(WebError::NotFound)
                    if address.traits().kind.is_picture() || is_file(address) =>
                {
                    return Ok(None);
                }
                Err(error) => return Err(ExportError::Page(address.to_string(), error)),
            },
        };
        let mark = style::tag(&bytes);
        let fault = |error| ExportError::Io(self.folder.join(path), error);
        let before = self.manifest.get(path);
        if let Some(written) = before.filter(|written| written.mark == mark)
            && files::is_whole(&self.folder, path, bytes.len(), written.twins)
        {
            return Ok(Some((written.clone(), false)));
        }
        let twins = if shrinks { twins } else { Twins::None };
        // Every visitor loads what is marked, and it seldom changes.
        let effort = if job.is_marked() {
            Effort::Dense
        } else {
            effort
        };
        let written = write(
            &self.folder,
            (path, &bytes),
            (twins, effort),
            before.is_none(),
        );
        let twins = written.map_err(fault)?;
        Ok(Some((WrittenFile { mark, twins }, true)))
    }
}
