//! `critwatch incident open`: begins an incident.

use clap::Args;

use crate::command::terminal::input;
use crate::command::workspace::folder::Workspace;
use crate::command::workspace::options::{TextPrompt, Writing};
use crate::config::reading::reader::Environment;
use crate::model::component::Severity;
use crate::model::request::incident_change::{AskedLevels, IncidentChange, NewIncident, Opener};

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
        let opening = NewIncident {
            title: self.title,
            severity: self.severity,
            date: Some(desk.when(&self.date)?),
            over: None,
            affected: desk.affected(&self.affected, &[])?,
            levels: AskedLevels::new(),
            draft: self.draft,
            join: self.join,
            opener: self.phase,
            text: String::new(),
            state_of: None,
        };
        let prompt = TextPrompt {
            help: format!("First update of: {}", opening.title.trim()),
            suggested: None,
        };
        let with = |text| {
            IncidentChange::Open(NewIncident {
                text,
                ..opening.clone()
            })
        };
        let begun = writing.begin(&mut desk, prompt, with, environment);
        begun.await
    }
}
