//! `critwatch incident edit`: the whole file in an editor, checked before it is saved.

use clap::Args;

use crate::command::terminal::difference::difference;
use crate::command::terminal::editor;
use crate::command::terminal::input::{BadInput, OutputFormat};
use crate::command::workspace::folder::Workspace;
use crate::command::workspace::page_state::PageState;
use crate::command::workspace::report::WriteReport;
use crate::command::workspace::settings::{Files, StateFolder};
use crate::config::reading::reader::Environment;
use crate::incident::file::document::Document;
use crate::model::incident::Incident;

/// Arguments of `edit`.
#[derive(Debug, Args)]
pub struct EditFile {
    /// Its id, a part of it that no other has, or its file's name
    id: String,
    #[command(flatten)]
    files: Files,
    #[command(flatten)]
    database: StateFolder,
    /// Show what would be written, and write nothing
    #[arg(long)]
    preview: bool,
    /// Print for people or for programs
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
        let text = std::str::from_utf8(before.bytes())
            .map_err(|_| BadInput::new(format!("{}: the file is not UTF-8", incident.name)))?;
        let typed = editor::edit_file(text, environment).await?;
        let written = self.save(&mut desk, &incident, &before, &typed.text).await;
        let report = typed.keep_unless(written)?;
        report.print(self.format)?;
        if self.format == OutputFormat::Text && report.is_written() {
            PageState::print(&self.files, &self.database, environment.clone()).await?;
        }
        Ok(())
    }

    /// Saves what was typed if it can be read as an incident.
    async fn save(
        &self,
        desk: &mut Workspace,
        incident: &Incident,
        before: &Document,
        typed: &str,
    ) -> anyhow::Result<WriteReport> {
        let path = desk.path(&incident.name);
        let after = before
            .with_bytes(typed.as_bytes().to_vec())
            .map_err(|error| BadInput::new(format!("{path}: {error}; nothing is saved")))?;
        let is_same = after.bytes() == before.bytes();
        let preview = self
            .preview
            .then(|| difference(&path, before.bytes(), after.bytes()));
        let report = WriteReport {
            file: path,
            id: incident.id.0.clone(),
            changed: if is_same { Vec::new() } else { vec!["file"] },
            preview,
        };
        if report.is_written() {
            desk.replace(&incident.name, before, after).await?;
        }
        Ok(report)
    }
}
