//! Keeps the folder and the repository in accord: what changes in the folder becomes
//! commits, and what others pushed comes into the folder.
//!
//! The folder is written before the tip moves. A run that is killed in between finds
//! the same content on both sides the next time, and goes on.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jiff::Timestamp;

use crate::git::failure::GitError;
use crate::git::objects::{ObjectId, Tree, TreeFile};
use crate::git::replay::replay;
use crate::git::repository::Repository;
use crate::git::scope::FolderScope;
use crate::git::worktree::Worktree;
use crate::model::incidents::versions::{FileMeaning, Versions};
use crate::model::request::authorship::Authors;

/// The folder, the repository, and what it takes to keep them in accord.
#[derive(Debug)]
pub(crate) struct Synchronizer {
    /// The repository.
    pub repository: Repository,
    /// What stands where.
    pub scope: FolderScope,
    pub(super) worktree: Worktree,
    pub(super) meaning: FileMeaning,
    pub(super) authors: Authors,
    /// Files that are away, since when.
    pub(super) away: BTreeMap<String, Timestamp>,
    /// The files of the last tip, by their names in the folder.
    seen: Option<(ObjectId, Tree)>,
    /// Whether the remote has no commit yet, so that ours may be the first.
    pub is_remote_empty: bool,
}

/// What others brought.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Brought {
    /// Whether files came that are no incidents, settings perhaps.
    pub has_others: bool,
    /// What gave way, and the ref that keeps it.
    pub kept: Option<(String, Vec<String>)>,
}

impl Synchronizer {
    /// Compares nothing yet.
    pub(crate) fn new(
        repository: Repository,
        folder: &Path,
        scope: FolderScope,
        meaning: FileMeaning,
        authors: Authors,
    ) -> Self {
        Self {
            repository,
            scope,
            worktree: Worktree::new(folder),
            meaning,
            authors,
            away: BTreeMap::new(),
            seen: None,
            is_remote_empty: false,
        }
    }

    /// The files of a commit, by their names in the folder.
    pub(super) async fn tree(&mut self, commit: Option<&ObjectId>) -> Result<Tree, GitError> {
        if let (Some((seen, tree)), Some(commit)) = (&self.seen, commit)
            && seen == commit
        {
            return Ok(tree.clone());
        }
        let prefix = &self.scope.prefix;
        let tree = self
            .repository
            .tree(commit.map(String::as_str), prefix)
            .await?;
        let within = tree.into_iter().filter_map(|(path, file)| {
            let name = path.strip_prefix(prefix.as_str())?.trim_start_matches('/');
            Some((name.to_owned(), file))
        });
        let tree: Tree = within.collect();
        self.seen = commit.map(|commit| (commit.clone(), tree.clone()));
        Ok(tree)
    }

    pub(super) async fn content(
        &self,
        file: Option<&TreeFile>,
    ) -> Result<Option<Vec<u8>>, GitError> {
        let Some(file) = file else {
            return Ok(None);
        };
        let contents = self
            .repository
            .contents(std::slice::from_ref(&file.id))
            .await?;
        Ok(contents.into_iter().next())
    }

    /// Brings into the folder what the remote had when it was asked last, and makes our
    /// commits again on top of it.
    ///
    /// Whatever changed in the folder meanwhile stays, and is to be recorded first.
    pub(crate) async fn integrate(&mut self, now: Timestamp) -> Result<Brought, GitError> {
        let refs = self.repository.refs().await?;
        let Some(remote) = refs.remote.clone() else {
            return Ok(Brought::default());
        };
        let Some(tip) = refs.tip.clone() else {
            let has_others = self.begin(&remote).await?;
            self.repository
                .settle(&refs, &remote, Some(&remote))
                .await?;
            return Ok(Brought {
                has_others,
                kept: None,
            });
        };
        let is_rewritten = match &refs.base {
            Some(base) => !self.repository.is_within(base, &remote).await?,
            None => false,
        };
        if !is_rewritten && self.repository.is_within(&remote, &tip).await? {
            if refs.base.as_ref() != Some(&remote) {
                self.repository.settle(&refs, &tip, Some(&remote)).await?;
            }
            return Ok(Brought::default());
        }
        let waiting = self.repository.waiting(&refs).await?;
        let renamed = match &refs.base {
            Some(base) => self.repository.renamed(base, &remote).await?,
            None => BTreeMap::new(),
        };
        let replayed = replay(&self.repository, &self.meaning, &waiting, &remote, &renamed).await?;
        let has_others = self.bring(&tip, &replayed.tip).await?;
        let mut lost = replayed.lost;
        if is_rewritten {
            lost.push("the history of the remote was rewritten".to_owned());
        }
        let mut kept = None;
        if !lost.is_empty() {
            let name = self.repository.keep(&tip, now).await?;
            tracing::warn!(
                git.kept = name,
                lost = lost.join("; "),
                "the remote overruled some of our changes"
            );
            kept = Some((name, lost));
        }
        self.repository
            .settle(&refs, &replayed.tip, Some(&remote))
            .await?;
        Ok(Brought { has_others, kept })
    }

    /// Joins a folder that was never in accord with what the remote has.
    async fn begin(&mut self, remote: &ObjectId) -> Result<bool, GitError> {
        let tree = self.tree(Some(remote)).await?;
        let mut has_others = false;
        for (name, file) in &tree {
            let present = self.worktree.read(name).await?;
            let theirs = self.content(Some(file)).await?;
            let after = if self.scope.is_ours(name) && present.is_some() {
                let versions = Versions {
                    base: None,
                    ours: present.as_deref(),
                    theirs: theirs.as_deref(),
                };
                (self.meaning.merge)(name, versions).bytes
            } else {
                has_others |= present != theirs && !self.scope.is_ours(name);
                theirs
            };
            self.put(name, present, after).await?;
        }
        Ok(has_others)
    }

    /// Changes the folder from one commit to another: what is new first, so that a file
    /// with another name is never away. Returns whether it holds more than incidents.
    async fn bring(&mut self, from: &ObjectId, to: &ObjectId) -> Result<bool, GitError> {
        let (old, new) = (self.tree(Some(from)).await?, self.tree(Some(to)).await?);
        let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
        let id = |tree: &Tree, name: &str| tree.get(name).map(|file| file.id.clone());
        let changed = names
            .into_iter()
            .filter(|name| id(&old, name) != id(&new, name));
        let (there, gone): (Vec<_>, Vec<_>) = changed.partition(|name| new.contains_key(*name));
        let mut has_others = false;
        for name in there.into_iter().chain(gone) {
            let after = self.content(new.get(name)).await?;
            let is_ours = self.scope.is_ours(name);
            let before = if is_ours {
                self.content(old.get(name)).await?
            } else {
                self.worktree.read(name).await?
            };
            has_others |= !is_ours;
            self.put(name, before, after).await?;
        }
        Ok(has_others)
    }

    async fn put(
        &self,
        name: &str,
        before: Option<Vec<u8>>,
        after: Option<Vec<u8>>,
    ) -> Result<(), GitError> {
        if self.worktree.put(name, before, after).await? {
            Ok(())
        } else {
            Err(GitError::Busy(format!("{name} is being changed")))
        }
    }
}
