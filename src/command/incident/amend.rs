//! `critwatch incident update` and `resolve`: what is written into an incident.

use clap::Args;

use crate::command::terminal::input::{self, BadInput};
use crate::command::workspace::folder::Workspace;
use crate::command::workspace::options::Writing;
use crate::config::reading::reader::Environment;
use crate::incident::file::value;
use crate::model::component::Severity;
use crate::model::incident::Incident;
use crate::model::request::incidents::incident_change::{
    AskedLevels, ChangedKeys, IncidentEdit, Opener,
};

/// Arguments of `update`.
#[derive(Debug, Args)]
pub struct Amend {
    /// Id, a unique part of it, or the name of the file
    id: String,
    /// Phase of the update
    #[arg(long, value_enum, default_value = "update")]
    phase: Opener,
    /// New severity
    #[arg(long, value_parser = input::severity())]
    severity: Option<Severity>,
    /// New title; the file keeps its name
    #[arg(long, allow_hyphen_values = true)]
    title: Option<String>,
    /// New affected components, by name or id; may be repeated
    #[arg(long, value_name = "NAME", num_args = 1..)]
    affected: Vec<String>,
    /// New start, for example `10m ago` or `2026-03-01 12:30`
    #[arg(long, value_name = "WHEN")]
    date: Option<String>,
    /// New severity of one component, for example `Website=disrupted`; `Website=` resets it to that
    /// of the incident
    #[arg(long, value_name = "NAME=SEVERITY")]
    severity_of: Vec<String>,
    /// Change the keys without adding an update
    #[arg(long, conflicts_with_all = ["text", "edit", "phase"])]
    no_text: bool,
    /// Replace the text of the last update instead of adding one
    #[arg(long = "amend", conflicts_with_all = ["no_text", "phase"])]
    corrects: bool,
    #[command(flatten)]
    writing: Writing,
}

/// Arguments of `resolve`.
#[derive(Debug, Args)]
pub struct Resolve {
    /// Id, a unique part of it, or the name of the file
    id: String,
    /// End, for example `10m ago` or `2026-03-01 12:30`
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
        let affected = (!self.affected.is_empty())
            .then(|| desk.affected(&self.affected, &incident.affected))
            .transpose()?;
        let keys = ChangedKeys {
            title: self.title.clone(),
            date: self.date.as_deref().map(|at| desk.when(at)).transpose()?,
            severity: self.severity,
            affected,
            levels: self.levels(&desk, &incident)?,
        };
        if self.corrects {
            let present = desk.first_update(&incident.name).await?;
            let with = |text: Option<String>| IncidentEdit::Correct {
                keys: keys.clone(),
                text: text.unwrap_or_default(),
            };
            let writing = writing.with_text(present.map(|update| update.text));
            let help = "Correction of the newest update of";
            let told = writing.tell(&mut desk, &incident, help, with, environment);
            return told.await;
        }
        let with = |text: Option<String>| IncidentEdit::Update {
            opener: self.phase,
            keys: keys.clone(),
            text,
        };
        if self.no_text {
            return writing.amend(&mut desk, &incident, with(None)).await;
        }
        let help = format!("{} of", self.phase.word());
        let told = writing.tell(&mut desk, &incident, &help, with, environment);
        told.await
    }

    /// How bad single components are to be from now on.
    fn levels(&self, desk: &Workspace, incident: &Incident) -> Result<AskedLevels, BadInput> {
        let mut levels = AskedLevels::new();
        for typed in &self.severity_of {
            let way = || {
                BadInput::new(format!(
                    "`{typed}` is not a component with its severity; write it as in \
                    `Website=disrupted`, with down, disrupted or notice"
                ))
            };
            let (name, word) = typed.rsplit_once('=').ok_or_else(way)?;
            let names = desk.affected(&[name.to_owned()], &incident.affected)?;
            let name = names.into_iter().next().ok_or_else(way)?;
            let severity = match word {
                "" => None,
                word => Some(value::severity(word).ok_or_else(way)?),
            };
            levels.insert(name, severity);
        }
        Ok(levels)
    }
}

impl Resolve {
    /// Does what was asked.
    pub(crate) async fn run(self, environment: &Environment) -> anyhow::Result<()> {
        let writing = &self.writing;
        let mut desk = Workspace::open(&writing.files, environment.clone()).await?;
        let incident = desk.find(&self.id)?;
        let at = Some(desk.when(&self.at)?);
        let with = |text| IncidentEdit::Resolve { at, text };
        let told = writing.tell(&mut desk, &incident, "End of", with, environment);
        told.await
    }
}
