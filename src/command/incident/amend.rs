//! `critwatch incident update` and `resolve`: what is written into an incident.

use clap::Args;

use crate::command::terminal::input::{self, BadInput};
use crate::command::workspace::folder::Workspace;
use crate::command::workspace::options::{Opener, TextPrompt, Writing, update};
use crate::config::reading::reader::Environment;
use crate::incident::file::change::{FileChange, Turn};
use crate::incident::maintenance::progress;
use crate::incident::manual::amend;
use crate::incident::reconcile::wording;
use crate::model::component::Severity;
use crate::model::incident::Phase;

/// Arguments of `update`.
#[derive(Debug, Args)]
pub struct Amend {
    /// Its id, a part of it that no other has, or its file's name
    id: String,
    /// The word that opens the update
    #[arg(long, value_enum, default_value = "update")]
    phase: Opener,
    /// Change how bad it is
    #[arg(long, value_parser = input::severity())]
    severity: Option<Severity>,
    /// Change the heading; the file keeps its name
    #[arg(long, allow_hyphen_values = true)]
    title: Option<String>,
    /// Change the components concerned to these
    #[arg(long, value_name = "NAME", num_args = 1..)]
    affected: Vec<String>,
    /// Change when it began
    #[arg(long, value_name = "WHEN")]
    date: Option<String>,
    /// Change the keys alone, without an update for visitors
    #[arg(long, conflicts_with_all = ["text", "edit", "phase"])]
    no_text: bool,
    #[command(flatten)]
    writing: Writing,
}

/// Arguments of `resolve`.
#[derive(Debug, Args)]
pub struct Resolve {
    /// Its id, a part of it that no other has, or its file's name
    id: String,
    /// When it was well again
    #[arg(long, value_name = "WHEN", default_value = "now")]
    at: String,
    #[command(flatten)]
    writing: Writing,
}

impl Amend {
    /// Does what was asked.
    pub(crate) async fn run(self, environment: &Environment) -> anyhow::Result<()> {
        let writing = &self.writing;
        let mut desk = Workspace::open(&writing.files, environment.clone()).await?;
        let incident = desk.find(&self.id)?;
        let title = self.title.as_deref().map(amend::title).transpose();
        let affected = (!self.affected.is_empty())
            .then(|| desk.affected(&self.affected, &incident.affected))
            .transpose()?;
        let keys = FileChange {
            title: title.map_err(BadInput::from)?,
            date: self.date.as_deref().map(|at| desk.when(at)).transpose()?,
            severity: self.severity,
            affected,
            ..FileChange::default()
        };
        if self.no_text {
            if keys == FileChange::default() {
                return Err(BadInput::new("name what to change, or write a --text").into());
            }
            return writing.amend(&mut desk, &incident, &keys).await;
        }
        let with = |text: &str| FileChange {
            updates: vec![update(self.phase.word(), text)],
            ..keys.clone()
        };
        let prompt = TextPrompt {
            help: format!("{} of: {}", self.phase.word(), incident.title),
            suggested: None,
        };
        let told = writing.tell(&mut desk, &incident, prompt, with, environment);
        told.await
    }
}

impl Resolve {
    /// Does what was asked.
    pub(crate) async fn run(self, environment: &Environment) -> anyhow::Result<()> {
        let writing = &self.writing;
        let mut desk = Workspace::open(&writing.files, environment.clone()).await?;
        let incident = desk.find(&self.id)?;
        let end = desk.when(&self.at)?;
        // The end of planned work has a word of its own.
        let word = match progress::stage(&incident, Workspace::now()) {
            Some(_) => progress::COMPLETED,
            None => Phase::Resolved.word(),
        };
        let with = |text: &str| FileChange {
            turn: Some(Turn::Over(end)),
            updates: vec![update(word, text)],
            ..FileChange::default()
        };
        let prompt = TextPrompt {
            help: format!("End of: {}", incident.title),
            suggested: Some(wording::over(incident.date.unwrap_or(end), end, &desk.zone)),
        };
        let told = writing.tell(&mut desk, &incident, prompt, with, environment);
        told.await
    }
}
