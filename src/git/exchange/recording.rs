//! What changes in the folder becomes commits, each incident by itself.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use crate::git::exchange::scope::stem;
use crate::git::exchange::sync::Synchronizer;
use crate::git::exchange::worktree::Snapshot;
use crate::git::failure::GitError;
use crate::git::plumbing::commit::{FileChanges, GitIdentity, NewCommit};
use crate::git::plumbing::objects::{ObjectId, Tree};

/// How long a file may be away before its absence is meant: editors save by renaming.
const GONE_FOR: SignedDuration = SignedDuration::from_secs(3);

/// What was found in the folder.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct FoundChanges {
    /// Whether anything was committed.
    pub has_commits: bool,
    /// Whether a file is away whose absence may be meant soon.
    pub is_away: bool,
}

impl Synchronizer {
    /// Commits what changed in the folder, each file by itself.
    pub(crate) async fn record(&mut self, now: Timestamp) -> Result<FoundChanges, GitError> {
        let refs = self.settled().await?;
        if refs.tip.is_none() && !self.is_remote_empty {
            return Ok(FoundChanges::default());
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
        Ok(FoundChanges {
            has_commits: !commits.is_empty(),
            is_away: !self.away.is_empty(),
        })
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
            author = author.or_else(|| self.authors.take(before.as_deref(), after.as_deref()));
            changes.push((path, after));
        }
        let moved = match &*changes {
            [(from, None), (to, Some(_))] => Some(format!("Move {from} to {to}")),
            _ => None,
        };
        let commit = described.filter(|_| !changes.is_empty()).map(|described| {
            let body = match &author {
                Some(actor) => {
                    let lines = described.body.lines();
                    let others = lines.filter(|line| !line.starts_with("By: "));
                    let by = format!("By: {actor}\n");
                    let lines: Vec<_> = others.chain([&*by]).collect();
                    lines.join("\n")
                }
                None => described.body,
            };
            let committer = self.repository.committer().clone();
            NewCommit {
                author: author.map_or(committer, |actor| GitIdentity::new(&actor.name, "")),
                at: now,
                message: format!("{}\n\n{body}", moved.unwrap_or(described.subject)),
                changes,
            }
        });
        Ok(commit)
    }
}
