//! `critwatch incident edit`: the whole file in an editor, checked before it is saved.

use clap::Args;

use crate::command::terminal::editor;
use crate::command::terminal::input::{BadInput, OutputFormat};
use crate::command::workspace::folder::Workspace;
use crate::command::workspace::page_state::PageState;
use crate::command::workspace::settings::{Files, StateFolder};
use crate::config::reading::reader::Environment;
use crate::model::request::incidents::incident_change::{
    ChangeTarget, IncidentChange, IncidentEdit,
};

/// Arguments of `edit`.
#[derive(Debug, Args)]
pub struct EditFile {
    /// Id, a unique part of it, or the name of the file
    id: String,
    #[command(flatten)]
    files: Files,
    #[command(flatten)]
    database: StateFolder,
    /// Show the changes without writing them
    #[arg(long)]
    preview: bool,
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    format: OutputFormat,
}

impl EditFile {
    /// Does what was asked.
    ///
    /// What cannot be read as an incident is not saved, and what was typed is kept.
    pub(crate) async fn run(self, environment: &Environment) -> anyhow::Result<()> {
        let mut desk = Workspace::open(&self.files, environment.clone()).await?;
        let incident = desk.find(&self.id)?;
        let before = desk.open_file(&incident.name).await?;
        let bytes = before.before.unwrap_or_default();
        let text = std::str::from_utf8(&bytes)
            .map_err(|_| BadInput::new(format!("{}: the file is not UTF-8", incident.name)))?;
        let typed = editor::edit_file(text, environment).await?;
        let edit = IncidentEdit::Replace {
            text: typed.text.clone(),
        };
        let change = IncidentChange::Edit(ChangeTarget::File(incident.name.clone()), edit);
        let written = desk.change_if(change, before.version, self.preview).await;
        let report = typed.keep_unless(written)?;
        report.print(self.format)?;
        if self.format == OutputFormat::Text && report.is_written() {
            PageState::print(&self.files, &self.database, environment.clone()).await?;
        }
        Ok(())
    }
}
