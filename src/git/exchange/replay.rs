//! Our commits made again on top of what others pushed, each file merged by its meaning.

use std::collections::BTreeMap;

use crate::git::failure::GitError;
use crate::git::plumbing::commit::NewCommit;
use crate::git::plumbing::objects::{ObjectId, Tree};
use crate::git::plumbing::repository::Repository;
use crate::model::incidents::versions::{FileMeaning, Versions};

/// What came out.
#[derive(Debug)]
pub(crate) struct ReplayedCommits {
    /// The last commit.
    pub tip: ObjectId,
    /// Words of people on our side that gave way, each with its file.
    pub lost: Vec<String>,
}

/// Makes commits of ours again on top of another one; those that say nothing new vanish.
///
/// `renamed` says which files others gave another name.
pub(crate) async fn replay(
    repository: &Repository,
    meaning: &FileMeaning,
    waiting: &[ObjectId],
    onto: &ObjectId,
    renamed: &BTreeMap<String, String>,
) -> Result<ReplayedCommits, GitError> {
    let mut top = Top {
        repository,
        tree: repository.tree(Some(onto), "").await?,
        written: BTreeMap::new(),
    };
    let (mut commits, mut lost) = (Vec::new(), Vec::new());
    for commit in waiting {
        let past = repository.past(commit).await?;
        let mut changes = Vec::new();
        for change in past.changes {
            let base = top.content(change.before.as_ref()).await?;
            let ours = top.content(change.after.as_ref()).await?;
            let name = |path: &str| {
                renamed
                    .get(path)
                    .cloned()
                    .unwrap_or_else(|| path.to_owned())
            };
            let (from, path) = (name(&change.from), name(&change.path));
            let theirs = match top.file(&from).await? {
                None => top.file(&path).await?,
                theirs => theirs,
            };
            let versions = Versions {
                base: base.as_deref(),
                ours: ours.as_deref(),
                theirs: theirs.as_deref(),
            };
            let merged = (meaning.merge)(&path, versions);
            lost.extend(merged.lost.iter().map(|words| format!("{words} of {path}")));
            if from != path && top.file(&from).await?.is_some() {
                top.written.insert(from.clone(), None);
                changes.push((from, None));
            }
            if merged.bytes != top.file(&path).await? {
                top.written.insert(path.clone(), merged.bytes.clone());
                changes.push((path, merged.bytes));
            }
        }
        if !changes.is_empty() {
            commits.push(NewCommit {
                changes,
                ..past.commit
            });
        }
    }
    let tip = if commits.is_empty() {
        onto.clone()
    } else {
        repository.commit(&commits, Some(onto), &top.tree).await?
    };
    Ok(ReplayedCommits { tip, lost })
}

/// The files as they are after the commits so far.
struct Top<'r> {
    repository: &'r Repository,
    tree: Tree,
    written: BTreeMap<String, Option<Vec<u8>>>,
}

impl Top<'_> {
    async fn content(&self, id: Option<&ObjectId>) -> Result<Option<Vec<u8>>, GitError> {
        let Some(id) = id else {
            return Ok(None);
        };
        let contents = self.repository.contents(std::slice::from_ref(id)).await?;
        Ok(contents.into_iter().next())
    }

    async fn file(&self, path: &str) -> Result<Option<Vec<u8>>, GitError> {
        if let Some(written) = self.written.get(path) {
            return Ok(written.clone());
        }
        self.content(self.tree.get(path).map(|file| &file.id)).await
    }
}
