//! The repository of the incidents, as the settings name it.

use std::path::PathBuf;

use anyhow::Context as _;
use tokio::sync::mpsc;

use crate::app::generations::supervisor::Supervisor;
use crate::app::paths::Paths;
use crate::config::Config;
use crate::git::checkout;
use crate::git::exchange::scope::FolderScope;
use crate::git::exchange::sync::Synchronizer;
use crate::git::plumbing::repository::Repository;
use crate::git::settings::GitSettings;
use crate::git::task::GitTask;
use crate::incident::folder::pages::is_page;
use crate::incident::merge::document::merge;
use crate::incident::merge::message::describe;
use crate::model::incidents::versions::FileMeaning;
use crate::model::request::incidents::authorship::Authors;
use crate::model::request::sync::{SyncDoor, SyncRequest};
use crate::pipeline::stages::Pipeline;
use crate::web::ops::git_webhook::GitWebhook;

/// What an incident file means, for those who keep its history.
pub(crate) const MEANING: FileMeaning = FileMeaning {
    merge,
    describe,
    is_page,
};

/// The parts that keep the incidents in a repository.
#[derive(Debug)]
pub(crate) struct GitParts {
    /// Has what others pushed brought in.
    pub door: SyncDoor,
    /// Who writes files through us, for the commits.
    pub authors: Authors,
    /// Takes what git hosts say.
    pub webhook: Option<GitWebhook>,
    settings: GitSettings,
    place: PathBuf,
    folder: PathBuf,
    scope: FolderScope,
    requests: mpsc::Receiver<SyncRequest>,
}

impl GitParts {
    /// The parts, if the settings name a repository or the site came from one.
    pub(crate) fn new(config: &Config, places: &Paths) -> anyhow::Result<Option<Self>> {
        let own = config.git.clone();
        let (settings, folder, scope) = match (&places.fetched, own) {
            (Some((site, fetched)), own) => {
                let settings = match own {
                    Some(own) => own.of_fetched(fetched),
                    None => fetched.clone(),
                };
                let incidents = places.incidents.strip_prefix(site);
                let incidents = incidents.context("the incidents lie outside of the site")?;
                let scope = FolderScope {
                    prefix: String::new(),
                    incidents: Some(incidents.to_string_lossy().into_owned()),
                };
                (settings, site.clone(), scope)
            }
            (None, Some(settings)) if !settings.remote.is_empty() => {
                let scope = FolderScope {
                    prefix: settings.path.trim_matches('/').to_owned(),
                    incidents: Some(String::new()),
                };
                (settings, places.incidents.clone(), scope)
            }
            (None, Some(_)) => anyhow::bail!("`[git]` needs a `remote`"),
            (None, None) => return Ok(None),
        };
        let (door, requests) = SyncDoor::new();
        let secret = settings.webhook_secret.clone();
        Ok(Some(Self {
            webhook: secret.map(|secret| GitWebhook::new(secret, door.clone())),
            door,
            authors: Authors::default(),
            settings,
            place: checkout::places(&places.state).1,
            folder,
            scope,
            requests,
        }))
    }

    /// The task that does the work.
    pub(crate) fn task(self, supervisor: &Supervisor) -> anyhow::Result<GitTask> {
        let repository = Repository::new(&self.place, &self.settings);
        let repository = repository.context("cannot use the repository of the incidents")?;
        Ok(GitTask {
            sync: Synchronizer::new(repository, &self.folder, self.scope, MEANING, self.authors),
            interval: self.settings.interval,
            boards: supervisor.boards.subscribe(),
            requests: self.requests,
            reloads: supervisor.reloads.clone(),
            metrics: supervisor.metrics.git.clone(),
            troubles: supervisor.metrics.troubles.clone(),
            clock: Pipeline::clock,
        })
    }
}
