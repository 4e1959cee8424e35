//! Fetches a whole site, before anything of it is known.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::git::exchange::scope::FolderScope;
use crate::git::exchange::sync::Synchronizer;
use crate::git::failure::GitError;
use crate::git::plumbing::repository::Repository;
use crate::git::settings::GitSettings;
use crate::model::incidents::versions::FileMeaning;
use crate::model::request::incidents::authorship::Authors;

/// Where the site and its repository are within a folder.
pub(crate) fn places(folder: &Path) -> (PathBuf, PathBuf) {
    (folder.join("site"), folder.join("git"))
}

/// Fetches the site of a repository into a folder, unless it is there from an earlier
/// run; returns the site's folder and its branch.
///
/// A remote that is away keeps nobody from showing the site as it was.
pub(crate) async fn fetch(
    mut settings: GitSettings,
    folder: &Path,
    meaning: FileMeaning,
    now: Timestamp,
) -> Result<(PathBuf, String), GitError> {
    let (site, place) = places(folder);
    let repository = Repository::new(&place, &settings)?;
    let Ok(_lock) = repository.lock() else {
        // Another monitor keeps it up to date.
        let branch = settings.branch.unwrap_or_else(|| "main".to_owned());
        return Ok((site, branch));
    };
    repository.open().await?;
    let is_there = repository.refs().await?.tip.is_some();
    let branch = match settings.branch.take() {
        Some(branch) => branch,
        None => match repository.default_branch().await {
            Ok(branch) => branch.unwrap_or_else(|| "main".to_owned()),
            // The remote is away: it was this one when the site was fetched.
            Err(_) if is_there => repository.followed().await?,
            Err(error) => return Err(error),
        },
    };
    if is_there {
        return Ok((site, branch));
    }
    settings.branch = Some(branch.clone());
    let repository = Repository::new(&place, &settings)?;
    let made = std::fs::create_dir_all(&site);
    made.map_err(|source| GitError::Files {
        place: site.display().to_string(),
        source,
    })?;
    if repository.fetch().await?.is_none() {
        let text = format!("the repository has no branch {branch}");
        return Err(GitError::Refused(text));
    }
    let scope = FolderScope::default();
    let mut sync = Synchronizer::new(
        repository.clone(),
        &site,
        scope,
        meaning,
        Authors::default(),
    );
    sync.integrate(now).await?;
    repository.follow(&branch).await?;
    Ok((site, branch))
}
