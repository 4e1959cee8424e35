//! `critwatch incident reopen`, `withdraw` and `publish`: what becomes of an
//! incident as a whole.

use clap::Args;

use crate::command::workspace::folder::Workspace;
use crate::command::workspace::options::Writing;
use crate::config::reading::reader::Environment;
use crate::model::request::incidents::incident_change::{IncidentEdit, Opener};

/// Arguments of `reopen`.
#[derive(Debug, Args)]
pub struct Reopen {
    /// Id, a unique part of it, or the name of the file
    id: String,
    /// Phase of the update
    #[arg(long, value_enum, default_value = "investigating")]
    phase: Opener,
    #[command(flatten)]
    writing: Writing,
}

/// Arguments of `withdraw`.
#[derive(Debug, Args)]
pub struct Withdraw {
    /// Id, a unique part of it, or the name of the file
    id: String,
    #[command(flatten)]
    writing: Writing,
}

/// Arguments of `publish`.
#[derive(Debug, Args)]
pub struct PublishIncident {
    /// Id, a unique part of it, or the name of the file
    id: String,
    #[command(flatten)]
    writing: Writing,
}

impl Reopen {
    /// Does what was asked.
    pub(crate) async fn run(self, environment: &Environment) -> anyhow::Result<()> {
        let writing = &self.writing;
        let mut desk = Workspace::open(&writing.files, environment.clone()).await?;
        let incident = desk.find(&self.id)?;
        let opener = self.phase;
        let with = |text| IncidentEdit::Reopen { opener, text };
        let help = "Why it is open again";
        let told = writing.tell(&mut desk, &incident, help, with, environment);
        told.await
    }
}

impl Withdraw {
    /// Does what was asked.
    pub(crate) async fn run(self, environment: &Environment) -> anyhow::Result<()> {
        let writing = &self.writing;
        let mut desk = Workspace::open(&writing.files, environment.clone()).await?;
        let incident = desk.find(&self.id)?;
        let with = |text| IncidentEdit::Withdraw { text };
        let help = "Why it is withdrawn";
        let told = writing.tell(&mut desk, &incident, help, with, environment);
        told.await
    }
}

impl PublishIncident {
    /// Does what was asked: publishes a draft, or the post-mortem of what is over.
    pub(crate) async fn run(self, environment: &Environment) -> anyhow::Result<()> {
        let writing = &self.writing;
        let mut desk = Workspace::open(&writing.files, environment.clone()).await?;
        let incident = desk.find(&self.id)?;
        let with = |text| IncidentEdit::Publish { text };
        if incident.draft || incident.resolved != Some(true) {
            return writing.amend(&mut desk, &incident, with(None)).await;
        }
        let help = "Announcement of the post-mortem of";
        let told = writing.tell(&mut desk, &incident, help, with, environment);
        told.await
    }
}
