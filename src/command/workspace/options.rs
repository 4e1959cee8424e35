//! What every command that writes incident files has in common.

use clap::{Args, ValueEnum};

use crate::command::terminal::editor::TextArgs;
use crate::command::terminal::input::OutputFormat;
use crate::command::workspace::folder::{self, Workspace};
use crate::command::workspace::settings::Files;
use crate::incident::file::change::FileChange;
use crate::incident::maintenance::progress;
use crate::model::incident::{Author, Incident, Phase, Update};

/// Arguments of every command that writes.
#[derive(Debug, Args)]
pub struct Writing {
    /// The settings and the folder
    #[command(flatten)]
    pub files: Files,
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

/// Changes a file, unless what it says by now speaks against it.
pub async fn amend(
    desk: &mut Workspace,
    incident: &Incident,
    amendment: &FileChange,
    writing: &Writing,
) -> anyhow::Result<()> {
    let decide = |present: &Incident| {
        folder::refuse(amendment, present)?;
        Ok(amendment.clone())
    };
    let report = desk.change(&incident.name, writing.preview, decide).await?;
    report.print(writing.format)
}
