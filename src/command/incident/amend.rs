//! `critwatch incident update` and `resolve`: what is written into an incident.

use std::collections::BTreeMap;

use clap::Args;

use crate::command::terminal::input::{self, BadInput};
use crate::command::workspace::folder::Workspace;
use crate::command::workspace::options::{Opener, TextPrompt, Writing, update};
use crate::config::reading::reader::Environment;
use crate::incident::file::change::{FileChange, Turn};
use crate::incident::file::value;
use crate::incident::maintenance::progress;
use crate::incident::manual::amend;
use crate::model::component::Severity;
use crate::model::incident::{Incident, Phase};
use crate::model::incidents::managed::Managed;

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
    /// Change how bad it is for one component, as in `Website=disrupted`; as bad
    /// as the incident with `Website=`
    #[arg(long, value_name = "NAME=SEVERITY")]
    severity_of: Vec<String>,
    /// Change the keys alone, without an update for visitors
    #[arg(long, conflicts_with_all = ["text", "edit", "phase"])]
    no_text: bool,
    /// Correct the text of the newest update instead of adding one
    #[arg(long = "amend", conflicts_with_all = ["no_text", "phase"])]
    corrects: bool,
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
        let levels = self.levels(&desk, &incident)?;
        let keys = move |present: &Incident| {
            let managed = levels.as_ref().map(|levels| Managed {
                component_severity: levels.clone(),
                ..present.managed.clone()
            });
            FileChange {
                managed,
                ..keys.clone()
            }
        };
        if self.corrects {
            return self.correct(&mut desk, &incident, keys, environment).await;
        }
        if self.no_text {
            if keys(&incident) == FileChange::default() {
                return Err(BadInput::new("name what to change, or write a --text").into());
            }
            return writing.amend_by(&mut desk, &incident, keys).await;
        }
        let with = |present: &Incident, text: &str| FileChange {
            updates: vec![update(self.phase.word(), text)],
            ..keys(present)
        };
        let prompt = TextPrompt {
            help: format!("{} of: {}", self.phase.word(), incident.title),
            suggested: None,
        };
        let told = writing.tell_by(&mut desk, &incident, prompt, with, environment);
        told.await
    }

    /// Corrects the text of the newest update.
    async fn correct(
        &self,
        desk: &mut Workspace,
        incident: &Incident,
        keys: impl Fn(&Incident) -> FileChange,
        environment: &Environment,
    ) -> anyhow::Result<()> {
        let present = desk.first_update(&incident.name).await?;
        let with = |present: &Incident, text: &str| FileChange {
            amended: Some(text.to_owned()),
            ..keys(present)
        };
        let prompt = TextPrompt {
            help: format!("Correction of the newest update of: {}", incident.title),
            suggested: None,
        };
        let writing = self.writing.with_text(present.map(|update| update.text));
        let told = writing.tell_by(desk, incident, prompt, with, environment);
        told.await
    }

    /// How bad single components are from now on; `None` if that does not change.
    fn levels(
        &self,
        desk: &Workspace,
        incident: &Incident,
    ) -> Result<Option<BTreeMap<String, Severity>>, BadInput> {
        if self.severity_of.is_empty() {
            return Ok(None);
        }
        let mut levels = incident.managed.component_severity.clone();
        for typed in &self.severity_of {
            let way = || {
                BadInput::new(format!(
                    "`{typed}` is no component with its severity; write it as in \
                    `Website=disrupted`, with down, disrupted or notice"
                ))
            };
            let (name, word) = typed.rsplit_once('=').ok_or_else(way)?;
            let names = desk.affected(&[name.to_owned()], &incident.affected)?;
            let name = names.into_iter().next().ok_or_else(way)?;
            if word.is_empty() {
                levels.remove(&name);
                continue;
            }
            let severity = value::severity(word).ok_or_else(way)?;
            levels.insert(name, severity);
        }
        Ok(Some(levels))
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
            suggested: Some(
                desk.wording
                    .over(incident.date.unwrap_or(end), end, Workspace::now()),
            ),
        };
        let told = writing.tell(&mut desk, &incident, prompt, with, environment);
        told.await
    }
}
