//! Our own bare repository, and its remote.

use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};

use crate::git::failure::GitError;
use crate::git::plumbing::commit::{self, GitIdentity, NewCommit};
use crate::git::plumbing::objects::{self, ObjectId, Tree};
use crate::git::plumbing::program::{Git, put_keys};
use crate::git::plumbing::refs::{BASE, REMOTE, Refs};
use crate::git::settings::{GitSettings, person};

/// Where commits are made before they count.
const MADE: &str = "refs/critwatch/made";

/// The repository.
#[derive(Clone, Debug)]
pub(crate) struct Repository {
    pub(in crate::git) git: Git,
    place: PathBuf,
    remote: String,
    branch: String,
    committer: GitIdentity,
}

/// Keeps other monitors from using the repository, until it is dropped.
#[derive(Debug)]
pub(crate) struct RepositoryLock(
    #[expect(dead_code, reason = "the system lets go of it")] std::fs::File,
);

impl Repository {
    /// Makes the folder of a repository, and puts its keys there.
    pub(crate) fn new(place: &Path, settings: &GitSettings) -> Result<Self, GitError> {
        let made = std::fs::create_dir_all(place);
        let made = made.and_then(|()| {
            put_keys(place, settings)?;
            // Neither git nor SSH runs in our folder.
            std::path::absolute(place)
        });
        let place = made.map_err(|source| GitError::Files {
            place: place.display().to_string(),
            source,
        })?;
        let (name, address) = person(&settings.author).unwrap_or(("critwatch", ""));
        Ok(Self {
            git: Git::new(&place, settings),
            place,
            remote: settings.remote.clone(),
            branch: settings.branch.clone().unwrap_or_else(|| "main".to_owned()),
            committer: GitIdentity::new(name, address),
        })
    }

    /// Who commits.
    pub(crate) fn committer(&self) -> &GitIdentity {
        &self.committer
    }

    /// Makes it unless it is there, and forgets what a run that was killed left locked.
    pub(crate) async fn open(&self) -> Result<(), GitError> {
        if !self.place.join("HEAD").exists() {
            self.git.run(&["init", "--quiet", "--bare"], b"").await?;
        }
        unlock(&self.place, 0);
        Ok(())
    }

    fn files(&self, source: std::io::Error) -> GitError {
        let place = self.place.display().to_string();
        GitError::Files { place, source }
    }

    /// Locks it against other monitors.
    pub(crate) fn lock(&self) -> Result<RepositoryLock, GitError> {
        let folder = std::fs::File::open(&self.place).map_err(|source| self.files(source))?;
        flock(&folder, FlockOperation::NonBlockingLockExclusive)
            .map_err(|_| GitError::Busy("another critwatch uses the repository".to_owned()))?;
        Ok(RepositoryLock(folder))
    }

    /// Asks the remote what it has; `None` if the branch is not there yet.
    pub(crate) async fn fetch(&self) -> Result<Option<ObjectId>, GitError> {
        let from = format!("refs/heads/{}", self.branch);
        let listed = self
            .git
            .talk(&["ls-remote", "--", &self.remote, &from])
            .await?;
        let listed = String::from_utf8_lossy(&listed).into_owned();
        let Some((id, _)) = listed.split_once('\t') else {
            return Ok(None);
        };
        if self.refs().await?.remote.as_deref() != Some(id) {
            let refspec = format!("+{from}:{REMOTE}");
            let fetch = [
                "fetch",
                "--quiet",
                "--no-tags",
                "--no-write-fetch-head",
                "--",
                &self.remote,
                &refspec,
            ];
            self.git.talk(&fetch).await?;
        }
        Ok(self.refs().await?.remote)
    }

    /// The branch that the remote shows first.
    pub(crate) async fn default_branch(&self) -> Result<Option<String>, GitError> {
        let listed = self
            .git
            .talk(&["ls-remote", "--symref", "--", &self.remote, "HEAD"])
            .await?;
        let listed = String::from_utf8_lossy(&listed).into_owned();
        let named = listed
            .lines()
            .find_map(|line| line.strip_prefix("ref: refs/heads/"));
        Ok(named
            .and_then(|rest| rest.split('\t').next())
            .map(str::to_owned))
    }

    /// Pushes a commit, unless others have pushed since it was built.
    pub(crate) async fn push(&self, commit: &str) -> Result<(), GitError> {
        let refspec = format!("{commit}:refs/heads/{}", self.branch);
        let push = [
            "push",
            "--quiet",
            "--porcelain",
            "--",
            &self.remote,
            &refspec,
        ];
        self.git.talk(&push).await?;
        let base = format!("update {BASE} {commit}\nupdate {REMOTE} {commit}\n");
        self.git
            .run(&["update-ref", "--stdin"], base.as_bytes())
            .await?;
        Ok(())
    }

    /// Notes which branch is followed.
    pub(crate) async fn follow(&self, branch: &str) -> Result<(), GitError> {
        let head = format!("refs/heads/{branch}");
        self.git.run(&["symbolic-ref", "HEAD", &head], b"").await?;
        Ok(())
    }

    /// Which branch was noted.
    pub(crate) async fn followed(&self) -> Result<String, GitError> {
        let head = self
            .git
            .run(&["symbolic-ref", "--short", "HEAD"], b"")
            .await?;
        Ok(String::from_utf8_lossy(&head).trim().to_owned())
    }

    /// The files of a commit below a folder.
    pub(crate) async fn tree(&self, commit: Option<&str>, folder: &str) -> Result<Tree, GitError> {
        let Some(commit) = commit else {
            return Ok(Tree::new());
        };
        let mut list = vec!["ls-tree", "-r", "-z", "--full-tree", commit];
        if !folder.is_empty() {
            list.extend(["--", folder]);
        }
        Ok(objects::tree(&self.git.run(&list, b"").await?))
    }

    /// What objects hold.
    pub(crate) async fn contents(&self, ids: &[ObjectId]) -> Result<Vec<Vec<u8>>, GitError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let input = ids.join("\n") + "\n";
        let answers = self
            .git
            .run(&["cat-file", "--batch"], input.as_bytes())
            .await?;
        let contents: Option<Vec<_>> = objects::contents(&answers).into_iter().collect();
        let contents = contents.filter(|contents| contents.len() == ids.len());
        contents.ok_or_else(|| GitError::of("cat-file", "an object of the history is missing"))
    }

    /// Whether a commit is in the history of another one.
    pub(crate) async fn is_within(&self, commit: &str, of: &str) -> Result<bool, GitError> {
        if commit == of {
            return Ok(true);
        }
        let not = format!("^{of}");
        let left = self
            .git
            .run(&["rev-list", "--max-count=1", commit, &not], b"")
            .await?;
        Ok(left.is_empty())
    }

    /// The newest commit in the histories of both.
    pub(crate) async fn common(
        &self,
        one: &str,
        other: &str,
    ) -> Result<Option<ObjectId>, GitError> {
        match self.git.run(&["merge-base", one, other], b"").await {
            Ok(found) => Ok(Some(String::from_utf8_lossy(&found).trim().to_owned())),
            // It says nothing if there is none.
            Err(GitError::Failed { text, .. }) if text.is_empty() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Our commits that wait, oldest first.
    pub(crate) async fn waiting(&self, refs: &Refs) -> Result<Vec<ObjectId>, GitError> {
        let Some(tip) = &refs.tip else {
            return Ok(Vec::new());
        };
        let not: Vec<_> = [&refs.base, &refs.remote]
            .into_iter()
            .flatten()
            .map(|id| format!("^{id}"))
            .collect();
        let mut list = vec!["rev-list", "--reverse", "--topo-order", tip];
        list.extend(not.iter().map(String::as_str));
        let listed = self.git.run(&list, b"").await?;
        let listed = String::from_utf8_lossy(&listed).into_owned();
        Ok(listed.lines().map(str::to_owned).collect())
    }

    /// Makes commits on top of a parent, and returns the last one.
    pub(crate) async fn commit(
        &self,
        commits: &[NewCommit],
        parent: Option<&ObjectId>,
        tree: &Tree,
    ) -> Result<ObjectId, GitError> {
        let mode = |path: &str| tree.get(path).map(|file| file.mode.clone());
        let stream = commit::stream(commits, parent, (MADE, &self.committer), mode);
        let import = [
            "fast-import",
            "--quiet",
            "--force",
            "--done",
            "--date-format=raw",
        ];
        self.git.run(&import, &stream).await?;
        let last = self.git.run(&["rev-parse", "--verify", MADE], b"").await?;
        Ok(String::from_utf8_lossy(&last).trim().to_owned())
    }
}

/// Removes locks of files that nobody holds any more: we hold the repository.
fn unlock(folder: &Path, depth: usize) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_folder && depth < 8 && name != "objects" {
            unlock(&entry.path(), depth + 1);
        } else if Path::new(&name)
            .extension()
            .is_some_and(|end| end == "lock")
        {
            // Git says what is wrong if it stays.
            let _ = std::fs::remove_file(entry.path());
        }
    }
}
