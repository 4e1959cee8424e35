//! Keeps the folder and the repository in accord: what changes in the folder becomes
//! commits, and what others pushed comes into the folder.
//!
//! The folder is written before the tip moves. A run that is killed in between finds
//! the same content on both sides the next time, and goes on.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jiff::{SignedDuration, Timestamp};

use crate::git::commit::{FileChanges, NewCommit, Person};
use crate::git::failure::GitError;
use crate::git::objects::{ObjectId, Tree, TreeFile};
use crate::git::replay::replay;
use crate::git::repository::Repository;
use crate::git::worktree::{Snapshot, Worktree};
use crate::model::incidents::versions::{FileMeaning, Versions};
use crate::model::request::authorship::Authors;

/// How long a file may be away before its absence is meant: editors save by renaming.
const GONE_FOR: SignedDuration = SignedDuration::from_secs(3);

/// Endings of the files that are committed: incidents, and pictures beside them.
const ENDINGS: [&str; 4] = ["md", "markdown", "html", "svg"];

/// What in the folder stands where in the repository.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Scope {
    /// The folder of the repository that the folder shows; empty for all of it.
    pub prefix: String,
    /// The folder of the incidents within the folder; empty if it is that one. `None`
    /// if it is not known yet: then nothing is ours.
    pub incidents: Option<String>,
}

impl Scope {
    /// The path in the repository.
    fn path(&self, name: &str) -> String {
        match self.prefix.is_empty() {
            true => name.to_owned(),
            false => format!("{}/{name}", self.prefix),
        }
    }

    /// Whether a file of the folder may be an incident or a picture of one.
    fn is_ours(&self, name: &str) -> bool {
        let Some(incidents) = &self.incidents else {
            return false;
        };
        let is_within = incidents.is_empty()
            || name
                .strip_prefix(incidents.as_str())
                .is_some_and(|rest| rest.starts_with('/'));
        let ending = Path::new(name)
            .extension()
            .and_then(|ending| ending.to_str());
        is_within && ending.is_some_and(|ending| ENDINGS.contains(&ending))
    }
}

/// The folder, the repository, and what it takes to keep them in accord.
#[derive(Debug)]
pub(crate) struct Synchronizer {
    /// The repository.
    pub repository: Repository,
    /// What stands where.
    pub scope: Scope,
    worktree: Worktree,
    meaning: FileMeaning,
    authors: Authors,
    /// Files that are away, since when.
    away: BTreeMap<String, Timestamp>,
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
        scope: Scope,
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

    /// Commits what changed in the folder, each file by itself; returns whether a file
    /// is away whose absence may be meant soon.
    pub(crate) async fn record(&mut self, now: Timestamp) -> Result<bool, GitError> {
        let refs = self.repository.refs().await?;
        if refs.tip.is_none() && !self.is_remote_empty {
            return Ok(false);
        }
        let tree = self.tree(refs.tip.as_ref()).await?;
        let present = self
            .snapshot(&tree, refs.tip.as_deref().unwrap_or_default())
            .await?;
        let changes = self.changes(&tree, &present, now);
        let mut commits = Vec::new();
        for names in changes {
            commits.extend(self.commit(&tree, &names, now).await?);
        }
        if !commits.is_empty() {
            let full = tree
                .into_iter()
                .map(|(name, file)| (self.scope.path(&name), file))
                .collect();
            let tip = self
                .repository
                .commit(&commits, refs.tip.as_ref(), &full)
                .await?;
            self.repository
                .settle(&refs, &tip, refs.base.as_deref())
                .await?;
        }
        Ok(!self.away.is_empty())
    }

    /// The files of a commit, by their names in the folder.
    async fn tree(&mut self, commit: Option<&ObjectId>) -> Result<Tree, GitError> {
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

    /// The incidents and their pictures in the folder.
    async fn snapshot(&mut self, tree: &Tree, like: &str) -> Result<Snapshot, GitError> {
        let scope = self.scope.clone();
        let mut present = self
            .worktree
            .snapshot(like, move |name| scope.is_ours(name))
            .await?;
        let is_page = self.meaning.is_page;
        let names = present.keys().chain(tree.keys());
        let pages: BTreeSet<String> = names
            .filter(|name| is_page(name))
            .map(|name| stem(name).to_owned())
            .collect();
        present.retain(|name, _| is_page(name) || pages.contains(stem(name)));
        Ok(present)
    }

    /// The changed files, those of one commit together.
    fn changes(&mut self, tree: &Tree, present: &Snapshot, now: Timestamp) -> Vec<Vec<String>> {
        let ours = |name: &&String| self.scope.is_ours(name);
        let known: BTreeSet<&String> = tree.keys().filter(ours).collect();
        let missing: Vec<&String> = known
            .iter()
            .copied()
            .filter(|name| !present.contains_key(*name))
            .collect();
        // A folder without any file is another one, or its disk is away.
        let is_lost = present.is_empty() && missing.len() > 1;
        self.away.retain(|name, _| missing.contains(&name));
        let mut gone = BTreeMap::new();
        let mut pending = BTreeSet::new();
        for name in missing.into_iter().filter(|_| !is_lost) {
            let since = *self.away.entry(name.clone()).or_insert(now);
            let id = &tree[name].id;
            if now.duration_since(since) >= GONE_FOR {
                gone.insert(id.clone(), name.clone());
            } else {
                pending.insert(id.clone());
            }
        }
        let differs =
            |(name, id): &(&String, &ObjectId)| tree.get(*name).map(|file| &file.id) != Some(id);
        let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, id) in present.iter().filter(differs) {
            if !tree.contains_key(name) && pending.contains(id) {
                // Perhaps it is the other one under a new name.
                continue;
            }
            let group = groups.entry(stem(name).to_owned()).or_default();
            group.extend(gone.remove(id).filter(|_| !tree.contains_key(name)));
            group.push(name.clone());
        }
        for name in gone.into_values() {
            groups.entry(stem(&name).to_owned()).or_default().push(name);
        }
        groups.into_values().collect()
    }

    /// The commit of some files that changed together.
    async fn commit(
        &self,
        tree: &Tree,
        names: &[String],
        now: Timestamp,
    ) -> Result<Option<NewCommit>, GitError> {
        let (mut changes, mut described) = (FileChanges::new(), None);
        let mut author = None;
        for name in names {
            let after = self.worktree.read(name).await?;
            let before = self.content(tree.get(name)).await?;
            if after == before {
                continue;
            }
            let path = self.scope.path(name);
            let is_page = (self.meaning.is_page)(name);
            if described.is_none() || (is_page && after.is_some()) {
                let message = (self.meaning.describe)(&path, before.as_deref(), after.as_deref());
                described = Some(message);
            }
            author = author.or(after.as_deref().and_then(|bytes| self.authors.take(bytes)));
            changes.push((path, after));
        }
        let moved = match &*changes {
            [(from, None), (to, Some(_))] => Some(format!("Move {from} to {to}")),
            _ => None,
        };
        let commit = described.filter(|_| !changes.is_empty()).map(|described| {
            let by = author.as_ref().map(|actor| format!("By: {actor}\n"));
            let body = match by {
                Some(by) => described.body.replace("By: a person\n", &by),
                None => described.body,
            };
            let committer = self.repository.committer().clone();
            NewCommit {
                author: author.map_or(committer, |actor| Person::new(&actor.name, "")),
                at: now,
                message: format!("{}\n\n{body}", moved.unwrap_or(described.subject)),
                changes,
            }
        });
        Ok(commit)
    }

    async fn content(&self, file: Option<&TreeFile>) -> Result<Option<Vec<u8>>, GitError> {
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
                git.r#ref = name,
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
        match self.worktree.put(name, before, after).await? {
            true => Ok(()),
            false => Err(GitError::Busy(format!("{name} is being changed"))),
        }
    }
}

/// A path without its ending.
fn stem(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}
