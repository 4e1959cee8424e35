//! `critwatch incident open`: begins an incident.

use clap::Args;

use crate::command::terminal::input;
use crate::command::workspace::folder::Workspace;
use crate::command::workspace::options::{TextPrompt, Writing};
use crate::config::reading::reader::Environment;
use crate::model::component::Severity;
use crate::model::request::incidents::incident_change::{
    AskedLevels, IncidentChange, NewIncident, Opener,
};

/// Arguments of `open`.
#[derive(Debug, Args)]
pub struct OpenIncident {
    /// Title; the name of the file derives from it
    #[arg(long, allow_hyphen_values = true)]
    title: String,
    /// Severity
    #[arg(long, value_parser = input::severity())]
    severity: Severity,
    /// Affected components, by name or id; may be repeated
    #[arg(long, value_name = "NAME", num_args = 1.., required = true)]
    affected: Vec<String>,
    /// Start, for example `10m ago` or `2026-03-01 12:30`
    #[arg(long, value_name = "WHEN", default_value = "now")]
    date: String,
    /// Create a draft, which visitors do not see
    #[arg(long)]
    draft: bool,
    /// Let firing rules of these components join and resolve it
    #[arg(long)]
    join: bool,
    /// Phase of the first update
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
