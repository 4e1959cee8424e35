//! What every command that writes incident files has in common.

use clap::{Args, ValueEnum};

use crate::command::terminal::editor::{TextArgs, Typed};
use crate::command::terminal::input::OutputFormat;
use crate::command::workspace::folder::Workspace;
use crate::command::workspace::page_state::PageState;
use crate::command::workspace::report::WriteReport;
use crate::command::workspace::settings::{Files, StateFolder};
use crate::config::reading::reader::Environment;
use crate::incident::file::change::{FileChange, NewFile};
use crate::incident::maintenance::progress;
use crate::model::incident::{Author, Incident, Phase, Update};

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
    /// Show what would be written, and write nothing
    #[arg(long)]
    pub preview: bool,
    /// Print for people or for programs
    #[arg(long, value_enum, default_value_t)]
    pub format: OutputFormat,
}

/// Words that open an update in cState's manner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Opener {
    /// Something is wrong and its reason is not known
    Investigating,
    /// The reason is known, the cure is not done
    Identified,
    /// It seems well again and is being watched
    Monitoring,
    /// News that changes none of these
    Update,
    /// Planned work goes on
    InProgress,
    /// What was learned afterwards
    PostMortem,
}

impl Opener {
    /// The word as it is written.
    pub fn word(self) -> &'static str {
        match self {
            Self::Investigating => Phase::Investigating.word(),
            Self::Identified => Phase::Identified.word(),
            Self::Monitoring => Phase::Monitoring.word(),
            Self::Update => "Update",
            Self::InProgress => progress::IN_PROGRESS,
            Self::PostMortem => "Post-mortem",
        }
    }
}

/// An update of this moment.
pub fn update(word: &str, text: &str) -> Update {
    Update {
        at: Some(Workspace::now()),
        day: None,
        word: word.to_owned(),
        phase: Phase::from_word(word),
        text: text.to_owned(),
        author: Author::Person,
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

    /// Changes a file, unless what it says by now speaks against it.
    pub async fn amend(
        &self,
        desk: &mut Workspace,
        incident: &Incident,
        amendment: &FileChange,
    ) -> anyhow::Result<()> {
        self.amend_by(desk, incident, |_| amendment.clone()).await
    }

    /// The same as decided by what the file says at that very moment.
    pub async fn amend_by(
        &self,
        desk: &mut Workspace,
        incident: &Incident,
        change: impl Fn(&Incident) -> FileChange,
    ) -> anyhow::Result<()> {
        let zone = desk.zone.clone();
        let decide = |present: &Incident| {
            let change = change(present);
            Workspace::refuse(&zone, &change, present)?;
            Ok(change)
        };
        let report = desk.change(&incident.name, self.preview, decide).await?;
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
        prompt: TextPrompt,
        with: impl Fn(&str) -> FileChange,
        environment: &Environment,
    ) -> anyhow::Result<()> {
        self.tell_by(desk, incident, prompt, |_, text| with(text), environment)
            .await
    }

    /// The same as decided by what the file says at that very moment.
    pub async fn tell_by(
        &self,
        desk: &mut Workspace,
        incident: &Incident,
        prompt: TextPrompt,
        with: impl Fn(&Incident, &str) -> FileChange,
        environment: &Environment,
    ) -> anyhow::Result<()> {
        Workspace::refuse(&desk.zone, &with(incident, ""), incident)?;
        let typed = prompt.read(&self.text, environment).await?;
        let change = |present: &Incident| with(present, &typed.text);
        let written = self.amend_by(desk, incident, change).await;
        typed.keep_unless(written)
    }

    /// Writes a new file with a first update, which opens with a word.
    pub async fn begin(
        &self,
        desk: &mut Workspace,
        mut opening: NewFile,
        prompt: TextPrompt,
        word: &str,
        environment: &Environment,
    ) -> anyhow::Result<()> {
        desk.refuse_new(&opening)?;
        let typed = prompt.read(&self.text, environment).await?;
        opening.change.updates.push(update(word, &typed.text));
        let written = desk.create(&opening, self.preview).await;
        let report = typed.keep_unless(written)?;
        self.print(desk, &report).await
    }
}
