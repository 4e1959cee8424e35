//! What commits that were made before said and changed.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::git::failure::GitError;
use crate::git::plumbing::commit::{self, NewCommit};
use crate::git::plumbing::objects::ObjectId;
use crate::git::plumbing::repository::Repository;

/// A commit that was made before.
#[derive(Clone, Debug)]
pub(crate) struct PastCommit {
    /// Who, when and what, without the changes.
    pub commit: NewCommit,
    /// The changed files.
    pub changes: Vec<FileHistory>,
}

/// A file before and after a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FileHistory {
    /// Its path before.
    pub from: String,
    /// Its path after.
    pub path: String,
    /// What it held; `None` if it was not there.
    pub before: Option<ObjectId>,
    /// What it holds; `None` if it is gone.
    pub after: Option<ObjectId>,
}

impl Repository {
    /// What a commit of ours said and changed.
    pub(crate) async fn past(&self, commit: &str) -> Result<PastCommit, GitError> {
        let object = self.git.run(&["cat-file", "commit", commit], b"").await?;
        let unreadable = || GitError::of("cat-file", "a commit cannot be read");
        let (author, at, message) = commit::read(&object).ok_or_else(unreadable)?;
        let list = [
            "diff-tree",
            "--root",
            "-r",
            "-z",
            "--no-commit-id",
            "-M",
            commit,
        ];
        let changes = files(&self.git.run(&list, b"").await?);
        let commit = NewCommit {
            author,
            at,
            message,
            changes: Vec::new(),
        };
        Ok(PastCommit { commit, changes })
    }

    /// The files that have another name in a commit than in another one.
    pub(crate) async fn renamed(
        &self,
        from: &str,
        to: &str,
    ) -> Result<BTreeMap<String, String>, GitError> {
        let list = ["diff-tree", "-r", "-z", "-M", "--diff-filter=R", from, to];
        let files = files(&self.git.run(&list, b"").await?).into_iter();
        Ok(files.map(|file| (file.from, file.path)).collect())
    }
}

/// Reads `diff-tree -z`.
fn files(listed: &[u8]) -> Vec<FileHistory> {
    let mut parts = listed.split(|byte| *byte == 0).map(String::from_utf8_lossy);
    let mut files = Vec::new();
    while let (Some(about), Some(from)) = (parts.next(), parts.next()) {
        let about: Vec<&str> = about.split(' ').collect();
        let id = |at: usize| {
            let id = about
                .get(at)
                .filter(|id| id.bytes().any(|byte| byte != b'0'));
            id.map(|id| (*id).to_owned())
        };
        let (before, after) = (id(2), id(3));
        let from = from.into_owned();
        let is_renamed = about.get(4).is_some_and(|status| status.starts_with('R'));
        let other = is_renamed.then(|| parts.next()).flatten();
        let path = other.map_or_else(|| from.clone(), Cow::into_owned);
        files.push(FileHistory {
            from,
            path,
            before,
            after,
        });
    }
    files
}
