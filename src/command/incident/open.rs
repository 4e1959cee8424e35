//! `critwatch incident open`: begins an incident.

use clap::Args;

use crate::command::terminal::input::{self, BadInput};
use crate::command::workspace::folder::Workspace;
use crate::command::workspace::options::{Opener, TextPrompt, Writing};
use crate::config::reading::reader::Environment;
use crate::incident::file::change::{FileChange, NewFile};
use crate::incident::manual::amend;
use crate::model::component::Severity;
use crate::model::incidents::managed::Managed;

/// Arguments of `open`.
#[derive(Debug, Args)]
pub struct OpenIncident {
    /// Heading, and the words of the file's name
    #[arg(long, allow_hyphen_values = true)]
    title: String,
    /// How bad it is
    #[arg(long, value_parser = input::severity())]
    severity: Severity,
    /// Names or ids of the components concerned
    #[arg(long, value_name = "NAME", num_args = 1.., required = true)]
    affected: Vec<String>,
    /// When it began, as in `10m ago` or `2026-03-01 12:30`
    #[arg(long, value_name = "WHEN", default_value = "now")]
    date: String,
    /// Do not publish it yet
    #[arg(long)]
    draft: bool,
    /// Let rules that fire for these components join it
    #[arg(long)]
    join: bool,
    /// The word that opens the first update
    #[arg(long, value_enum, default_value = "investigating")]
    phase: Opener,
    #[command(flatten)]
    writing: Writing,
}

impl OpenIncident {
    /// Does what was asked.
    pub(crate) async fn run(self, environment: &Environment) -> anyhow::Result<()> {
        let writing = &self.writing;
        let mut desk = Workspace::open(&writing.files, environment.clone()).await?;
        let managed = self.join.then(|| Managed {
            join: true,
            ..Managed::default()
        });
        let opening = NewFile {
            title: amend::title(&self.title).map_err(BadInput::from)?,
            date: desk.when(&self.date)?,
            draft: self.draft,
            change: FileChange {
                severity: Some(self.severity),
                affected: Some(desk.affected(&self.affected, &[])?),
                managed,
                ..FileChange::default()
            },
        };
        let prompt = TextPrompt {
            help: format!("First update of: {}", opening.title),
            suggested: None,
        };
        let begun = writing.begin(&mut desk, opening, prompt, self.phase.word(), environment);
        begun.await
    }
}
