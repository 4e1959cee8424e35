//! The folder that people and the service write: listed, read, and changed whole.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use crate::files::{self, FileMark};
use crate::git::failure::GitError;
use crate::git::plumbing::objects::{ObjectId, blob, is_followed};

/// Longer files are neither committed nor written.
const MOST: u64 = 16 * 1024 * 1024;

/// Folders below this depth are not looked into.
const MAX_DEPTH: usize = 8;

/// The folder, and what its files held when they were read last.
#[derive(Debug)]
pub(crate) struct Worktree {
    root: PathBuf,
    known: BTreeMap<String, (FileMark, ObjectId)>,
}

/// Files by their paths within the folder, each with the name of its content.
pub(crate) type Snapshot = BTreeMap<String, ObjectId>;

impl Worktree {
    /// Names a folder that was not read yet.
    pub(crate) fn new(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            known: BTreeMap::new(),
        }
    }

    fn failed(&self, source: io::Error) -> GitError {
        let place = self.root.display().to_string();
        GitError::Files { place, source }
    }

    /// Lists the files that count, and reads those that changed; `like` is any object.
    pub(crate) async fn snapshot(
        &mut self,
        like: &str,
        counts: impl Fn(&str) -> bool + Send + 'static,
    ) -> Result<Snapshot, GitError> {
        let (root, known, like) = (
            self.root.clone(),
            std::mem::take(&mut self.known),
            like.to_owned(),
        );
        let looked = run(move || {
            let mut marks = files::list(&root, MAX_DEPTH, |name, _| is_followed(name))?;
            marks.retain(|_, (_, length)| *length <= MOST);
            let mut now = BTreeMap::new();
            for (name, mark) in marks.into_iter().filter(|(name, _)| counts(name)) {
                let before = known.get(&name).filter(|(seen, _)| *seen == mark);
                let id = match before {
                    Some((_, id)) => id.clone(),
                    None => match files::present(&root, &name, MOST)? {
                        Some(bytes) => blob(&bytes, &like),
                        None => continue,
                    },
                };
                now.insert(name, (mark, id));
            }
            Ok(now)
        });
        self.known = looked.await.map_err(|error| self.failed(error))?;
        let files = self.known.iter();
        Ok(files
            .map(|(name, (_, id))| (name.clone(), id.clone()))
            .collect())
    }

    /// What a file holds; `None` if it is not there.
    pub(crate) async fn read(&self, name: &str) -> Result<Option<Vec<u8>>, GitError> {
        let (root, name) = (self.root.clone(), name.to_owned());
        let read = run(move || files::present(&root, &name, MOST)).await;
        read.map_err(|error| self.failed(error))
    }

    /// Gives a file another content, if it still is as it was before; `None` is a file
    /// that is not there. Returns whether it was.
    pub(crate) async fn put(
        &self,
        name: &str,
        before: Option<Vec<u8>>,
        after: Option<Vec<u8>>,
    ) -> Result<bool, GitError> {
        let (root, name) = (self.root.clone(), name.to_owned());
        let put = run(move || put(&root, &name, before.as_deref(), after.as_deref()));
        put.await.map_err(|error| self.failed(error))
    }
}

fn put(root: &Path, name: &str, before: Option<&[u8]>, after: Option<&[u8]>) -> io::Result<bool> {
    if files::present(root, name, MOST)?.as_deref() == after {
        return Ok(true);
    }
    match (before, after) {
        (None, None) => Ok(false),
        (Some(before), None) => {
            let gone = files::remove(root, name, before, MOST)?;
            let above = root.join(name);
            if let Some(above) = above.parent().filter(|above| gone && *above != root) {
                // Git knows no empty folders; one with files in it stays.
                let _ = std::fs::remove_dir(above);
            }
            Ok(gone)
        }
        (before, Some(after)) => {
            if let Some((above, _)) = name.rsplit_once('/') {
                std::fs::create_dir_all(root.join(above))?;
            }
            Ok(files::replace(root, name, before, after, MOST)?.is_some())
        }
    }
}

/// Does some work where it delays no task.
async fn run<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(io::Error::other)?
}
