//! What others pushed comes into the folder.
//!
//! Where it is to get is written down first. So a run that is killed in the middle goes
//! on there the next time, and takes nothing that it wrote itself for a change.

use std::collections::{BTreeMap, BTreeSet};

use crate::git::exchange::sync::Synchronizer;
use crate::git::failure::GitError;
use crate::git::plumbing::objects::{ObjectId, Tree};
use crate::git::plumbing::refs::{Coming, Refs};
use crate::model::incidents::versions::Versions;

/// How often somebody may save a file while it is changed.
const TRIES: usize = 8;

/// The content of a file, if it is there.
type Content = Option<Vec<u8>>;

impl Synchronizer {
    /// Changes the folder from the tip to what is to come, which is the tip then;
    /// returns whether it holds more than incidents.
    pub(in crate::git) async fn arrive(
        &mut self,
        refs: &Refs,
        coming: &Coming,
    ) -> Result<bool, GitError> {
        let has_others = match &refs.tip {
            Some(tip) => self.bring(tip, &coming.tip).await?,
            None => self.begin(&coming.tip).await?,
        };
        self.repository
            .settle(refs, &coming.tip, Some(&coming.base))
            .await?;
        Ok(has_others)
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
            if !self.worktree.put(name, present, after).await? {
                return Err(is_busy(name));
            }
        }
        Ok(has_others)
    }

    /// Changes the folder from one commit to another: what is new first, so that a file
    /// with another name is never away.
    async fn bring(&mut self, from: &ObjectId, to: &ObjectId) -> Result<bool, GitError> {
        let (old, new) = (self.tree(Some(from)).await?, self.tree(Some(to)).await?);
        let renamed = self.repository.renamed(from, to).await?;
        let sources: BTreeMap<String, String> =
            renamed.into_iter().map(|(from, to)| (to, from)).collect();
        let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
        let id = |tree: &Tree, name: &str| tree.get(name).map(|file| file.id.clone());
        let changed = names
            .into_iter()
            .filter(|name| id(&old, name) != id(&new, name));
        let (there, gone): (Vec<_>, Vec<_>) = changed.partition(|name| new.contains_key(*name));
        let mut moved = BTreeMap::new();
        let mut has_others = false;
        for name in there.into_iter().chain(gone) {
            let (mut before, mut after) = (
                self.content(old.get(name)).await?,
                self.content(new.get(name)).await?,
            );
            if !self.scope.is_ours(name) {
                has_others = true;
                let present = self.worktree.read(name).await?;
                self.worktree.put(name, present, after).await?;
                continue;
            }
            let source = sources.get(&self.scope.path(name));
            let source = source.and_then(|path| self.scope.name(path));
            if let Some(source) = source {
                let was = self.content(old.get(&source)).await?;
                let present = self.worktree.read(&source).await?;
                if present.is_some() && present != was {
                    // What was written under the old name belongs to the new one.
                    after = self.merged(name, &was, &present, &after);
                    moved.insert(source, present);
                }
            }
            if let Some(present) = moved.remove(name) {
                before = present;
            }
            self.land(name, &before, &after).await?;
        }
        Ok(has_others)
    }

    /// Gives a file of ours what it is to hold. Whatever was saved meanwhile is merged
    /// into it, and is a change on top of it then.
    async fn land(&self, name: &str, old: &Content, new: &Content) -> Result<(), GitError> {
        for _ in 0..TRIES {
            let present = self.worktree.read(name).await?;
            let after = if present == *old || present == *new {
                new.clone()
            } else {
                self.merged(name, old, &present, new)
            };
            if self.worktree.put(name, present, after).await? {
                return Ok(());
            }
        }
        Err(is_busy(name))
    }

    fn merged(&self, name: &str, base: &Content, ours: &Content, theirs: &Content) -> Content {
        let versions = Versions {
            base: base.as_deref(),
            ours: ours.as_deref(),
            theirs: theirs.as_deref(),
        };
        (self.meaning.merge)(name, versions).bytes
    }
}

fn is_busy(name: &str) -> GitError {
    GitError::Busy(format!("{name} is being changed"))
}
