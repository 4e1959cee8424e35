//! What every command that writes incident files has in common.

use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};

use crate::command::terminal::editor::{TextArgs, Typed};
use crate::command::terminal::input::OutputFormat;
use crate::command::workspace::folder::Workspace;
use crate::command::workspace::page_state::PageState;
use crate::command::workspace::report::WriteReport;
use crate::command::workspace::settings::{Files, StateFolder};
use crate::config::reading::reader::Environment;
use crate::incident::manual::suggest;
use crate::model::incident::Incident;
use crate::model::request::incidents::incident_change::{
    ChangeTarget, IncidentChange, IncidentEdit, Opener,
};

/// Arguments of every command that writes.
#[derive(Clone, Debug, Args)]
pub struct Writing {
    /// The settings and the folder
    #[command(flatten)]
    pub files: Files,
    /// What was measured, to tell what the page shows
    #[command(flatten)]
    pub database: StateFolder,
    /// What visitors read
    #[command(flatten)]
    pub text: TextArgs,
    /// Show the changes without writing them
    #[arg(long)]
    pub preview: bool,
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    pub format: OutputFormat,
}

impl ValueEnum for Opener {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let help = match self {
            Self::Investigating => "The cause is not known yet",
            Self::Identified => "The cause is known, the fix is not done yet",
            Self::Monitoring => "It works again and is being monitored",
            Self::Update => "Any other news",
            Self::InProgress => "Maintenance is in progress",
            Self::PostMortem => "Analysis after the end",
        };
        Some(PossibleValue::new(self.name()).help(help))
    }
}

/// How a person is asked for words that are not among the options.
#[derive(Debug)]
pub struct TextPrompt {
    /// What the words are for.
    pub help: String,
    /// Words that are taken if none are given.
    pub suggested: Option<String>,
}

impl TextPrompt {
    async fn read(self, text: &TextArgs, environment: &Environment) -> anyhow::Result<Typed> {
        match self.suggested {
            Some(words) => text.read_or(words, &self.help, environment).await,
            None => text.read(&self.help, environment).await,
        }
    }
}

impl Writing {
    /// The same, where a person who edits begins with a text that is there.
    #[must_use]
    pub fn with_text(&self, text: Option<String>) -> Self {
        Self {
            text: self.text.beginning_with(text),
            ..self.clone()
        }
    }

    /// Changes a file without words for visitors.
    pub async fn amend(
        &self,
        desk: &mut Workspace,
        incident: &Incident,
        edit: IncidentEdit,
    ) -> anyhow::Result<()> {
        let change = edit_of(incident, edit);
        let report = desk.change(change, self.preview).await?;
        self.print(desk, &report).await
    }

    /// Prints what was written, and what the page shows from now on.
    pub async fn print(&self, desk: &Workspace, report: &WriteReport) -> anyhow::Result<()> {
        report.print(self.format)?;
        if self.format == OutputFormat::Text && report.is_written() {
            let environment = desk.environment.clone();
            PageState::print(&self.files, &self.database, environment).await?;
        }
        Ok(())
    }

    /// Changes a file with words for visitors; what cannot be is refused before
    /// anybody types them.
    pub async fn tell(
        &self,
        desk: &mut Workspace,
        incident: &Incident,
        help: &str,
        with: impl Fn(Option<String>) -> IncidentEdit,
        environment: &Environment,
    ) -> anyhow::Result<()> {
        let unwritten = with(Some(String::new()));
        desk.allows(&edit_of(incident, unwritten)).await?;
        let now = Workspace::now();
        let prompt = TextPrompt {
            help: format!("{help}: {}", incident.title),
            suggested: suggest::words(&with(None), incident, &desk.wording, now),
        };
        let typed = prompt.read(&self.text, environment).await?;
        let edit = with(Some(typed.text.clone()));
        let written = self.amend(desk, incident, edit).await;
        typed.keep_unless(written)
    }

    /// Writes a new file with the words of its first update.
    pub async fn begin(
        &self,
        desk: &mut Workspace,
        prompt: TextPrompt,
        with: impl Fn(String) -> IncidentChange,
        environment: &Environment,
    ) -> anyhow::Result<()> {
        desk.allows(&with(String::new())).await?;
        let typed = prompt.read(&self.text, environment).await?;
        let written = desk.change(with(typed.text.clone()), self.preview).await;
        let report = typed.keep_unless(written)?;
        self.print(desk, &report).await
    }
}

/// An edit of an incident's own file.
fn edit_of(incident: &Incident, edit: IncidentEdit) -> IncidentChange {
    IncidentChange::Edit(ChangeTarget::File(incident.name.clone()), edit)
}
