//! Keeps the folder and the repository in accord: what changes in the folder becomes
//! commits, and what others pushed comes into the folder.
//!
//! The tip says what the folder was in accord with last. It moves when the folder is
//! there.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::Timestamp;

use crate::git::exchange::replay::replay;
use crate::git::exchange::scope::FolderScope;
use crate::git::exchange::worktree::Worktree;
use crate::git::failure::GitError;
use crate::git::plumbing::objects::{ObjectId, Tree, TreeFile};
use crate::git::plumbing::refs::{Coming, Refs};
use crate::git::plumbing::repository::Repository;
use crate::model::incidents::versions::FileMeaning;
use crate::model::request::incidents::authorship::Authors;

/// The folder, the repository, and what it takes to keep them in accord.
#[derive(Debug)]
pub(crate) struct Synchronizer {
    /// The repository.
    pub repository: Repository,
    /// What stands where.
    pub scope: FolderScope,
    pub(in crate::git) worktree: Worktree,
    pub(in crate::git) meaning: FileMeaning,
    pub(in crate::git) authors: Authors,
    /// Files that are away, since when.
    pub(in crate::git) away: BTreeMap<String, Timestamp>,
    /// The files of the last tip, by their names in the folder.
    seen: Option<(ObjectId, Tree)>,
    /// Whether more than incidents arrived that nobody was told of.
    has_others: bool,
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
            has_others: false,
            is_remote_empty: false,
        }
    }

    /// The files of a commit, by their names in the folder.
    pub(in crate::git) async fn tree(
        &mut self,
        commit: Option<&ObjectId>,
    ) -> Result<Tree, GitError> {
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

    pub(in crate::git) async fn content(
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

    /// The commits that matter, after what a run that was killed began has arrived.
    pub(in crate::git) async fn settled(&mut self) -> Result<Refs, GitError> {
        let refs = self.repository.refs().await?;
        let Some(coming) = refs.coming.clone() else {
            return Ok(refs);
        };
        self.has_others |= self.arrive(&refs, &coming).await?;
        self.repository.refs().await
    }

    /// Brings into the folder what the remote had when it was asked last, and makes our
    /// commits again on top of it.
    ///
    /// Whatever changed in the folder meanwhile stays, and is to be recorded first.
    pub(crate) async fn integrate(&mut self, now: Timestamp) -> Result<Brought, GitError> {
        let refs = self.settled().await?;
        let Some(remote) = refs.remote.clone() else {
            return Ok(Brought::default());
        };
        let Some(tip) = refs.tip.clone() else {
            let (tip, base) = (remote.clone(), remote);
            let has_others = self.arrive(&refs, &Coming { tip, base }).await?;
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
            return Ok(Brought {
                has_others: std::mem::take(&mut self.has_others),
                kept: None,
            });
        }
        let waiting = self.repository.waiting(&refs).await?;
        let renamed = match self.repository.common(&tip, &remote).await? {
            Some(common) => self.repository.renamed(&common, &remote).await?,
            None => BTreeMap::new(),
        };
        let replayed = replay(&self.repository, &self.meaning, &waiting, &remote, &renamed).await?;
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
        let coming = Coming {
            tip: replayed.tip,
            base: remote,
        };
        self.repository.announce(&coming).await?;
        let has_others = self.arrive(&refs, &coming).await? | std::mem::take(&mut self.has_others);
        Ok(Brought { has_others, kept })
    }
}
