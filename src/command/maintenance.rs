//! `critwatch maintenance`: planned work, announced in cState's way.

use clap::{Args, Subcommand};
use jiff::Timestamp;

use crate::command::terminal::input::BadInput;
use crate::command::workspace::folder::Workspace;
use crate::command::workspace::listing::{ListIncidents, ListedKind};
use crate::command::workspace::options::{TextPrompt, Writing, update};
use crate::config::reading::reader::Environment;
use crate::incident::file::change::{FileChange, NewFile, Turn};
use crate::incident::maintenance::progress;
use crate::incident::manual::amend;
use crate::model::component::Severity;
use crate::model::facts::planned::WorkStage;
use crate::model::incident::Incident;

/// What can be done with planned work; no server is needed.
#[derive(Debug, Subcommand)]
pub enum MaintenanceCommand {
    /// Show what is planned and what goes on
    #[command(after_help = "Example:\n  critwatch maintenance list --all")]
    List(ListIncidents),
    /// Announce planned work
    #[command(
        after_help = "Example:\n  critwatch maintenance add --title \"New cache\" --affected Cache \\\n    \
        --from \"2027-03-01 20:00\" --to \"2027-03-01 21:00\""
    )]
    Add(AddMaintenance),
    /// Let it go on until another moment than planned
    #[command(
        after_help = "Example:\n  critwatch maintenance extend new-cache --until \"in 2h\" \\\n    \
        --text \"It takes longer than we thought.\""
    )]
    Extend(Extend),
    /// Say that it is done, earlier than planned
    #[command(
        after_help = "Example:\n  critwatch maintenance end new-cache --text \"All is moved.\""
    )]
    End(EndMaintenance),
    /// Call it off
    #[command(
        after_help = "Example:\n  critwatch maintenance cancel new-cache --text \"Not needed.\""
    )]
    Cancel(Cancel),
}

/// Arguments of `add`.
#[derive(Debug, Args)]
pub struct AddMaintenance {
    /// Heading, and the words of the file's name
    #[arg(long, allow_hyphen_values = true)]
    title: String,
    /// When it begins, as in `in 2h` or `2027-03-01 20:00`
    #[arg(long, value_name = "WHEN")]
    from: String,
    /// When it ends
    #[arg(long, value_name = "WHEN")]
    to: String,
    /// Names or ids of the components concerned
    #[arg(long, value_name = "NAME", num_args = 1.., required = true)]
    affected: Vec<String>,
    #[command(flatten)]
    writing: Writing,
}

/// Arguments of `extend`.
#[derive(Debug, Args)]
pub struct Extend {
    /// Its id, a part of it that no other has, or its file's name
    id: String,
    /// When it ends now, as in `in 2h` or `2027-03-01 22:00`
    #[arg(long, value_name = "WHEN")]
    until: String,
    #[command(flatten)]
    writing: Writing,
}

/// Arguments of `end`.
#[derive(Debug, Args)]
pub struct EndMaintenance {
    /// Its id, a part of it that no other has, or its file's name
    id: String,
    /// When it was done
    #[arg(long, value_name = "WHEN", default_value = "now")]
    at: String,
    #[command(flatten)]
    writing: Writing,
}

/// Arguments of `cancel`.
#[derive(Debug, Args)]
pub struct Cancel {
    /// Its id, a part of it that no other has, or its file's name
    id: String,
    #[command(flatten)]
    writing: Writing,
}

impl MaintenanceCommand {
    /// Does what was asked.
    pub async fn run(self, environment: Environment) -> anyhow::Result<()> {
        match self {
            Self::List(list) => list.run(environment, ListedKind::Maintenance).await,
            Self::Add(add) => add.run(&environment).await,
            Self::Extend(extend) => extend.run(&environment).await,
            Self::End(end) => end.run(&environment).await,
            Self::Cancel(cancel) => cancel.run(&environment).await,
        }
    }
}

impl AddMaintenance {
    async fn run(self, environment: &Environment) -> anyhow::Result<()> {
        let writing = &self.writing;
        let mut desk = Workspace::open(&writing.files, environment.clone()).await?;
        let (date, end) = (desk.when(&self.from)?, desk.when(&self.to)?);
        let opening = NewFile {
            title: amend::title(&self.title).map_err(BadInput::from)?,
            date,
            draft: false,
            change: FileChange {
                severity: Some(Severity::Notice),
                affected: Some(desk.affected(&self.affected, &[])?),
                turn: Some(Turn::Planned(end)),
                ..FileChange::default()
            },
        };
        let prompt = TextPrompt {
            help: format!("Announcement of: {}", opening.title),
            suggested: Some(desk.wording.planned(date, end, Workspace::now())),
        };
        let begun = writing.begin(&mut desk, opening, prompt, progress::SCHEDULED, environment);
        begun.await
    }
}

/// How far it has come; refuses what is no planned work.
fn stage(incident: &Incident, now: Timestamp) -> Result<WorkStage, BadInput> {
    progress::stage(incident, now).ok_or_else(|| {
        BadInput::new(format!(
            "{} is no maintenance; end it with `critwatch incident resolve`",
            incident.id
        ))
    })
}

impl Extend {
    async fn run(self, environment: &Environment) -> anyhow::Result<()> {
        let writing = &self.writing;
        let mut desk = Workspace::open(&writing.files, environment.clone()).await?;
        let incident = desk.find(&self.id)?;
        stage(&incident, Workspace::now())?;
        let until = desk.when(&self.until)?;
        let with = |text: &str| FileChange {
            turn: Some(Turn::Planned(until)),
            updates: vec![update("Update", text)],
            ..FileChange::default()
        };
        let prompt = TextPrompt {
            help: format!("Why it ends at another time: {}", incident.title),
            suggested: Some(desk.wording.extended(until, Workspace::now())),
        };
        let told = writing.tell(&mut desk, &incident, prompt, with, environment);
        told.await
    }
}

impl EndMaintenance {
    async fn run(self, environment: &Environment) -> anyhow::Result<()> {
        let writing = &self.writing;
        let mut desk = Workspace::open(&writing.files, environment.clone()).await?;
        let incident = desk.find(&self.id)?;
        if stage(&incident, Workspace::now())? == WorkStage::Scheduled {
            return Err(BadInput::new(format!(
                "{0} has not begun; call it off with `critwatch maintenance cancel {0}`",
                incident.id
            ))
            .into());
        }
        let at = desk.when(&self.at)?;
        let with = |text: &str| FileChange {
            turn: Some(Turn::Over(at)),
            updates: vec![update(progress::COMPLETED, text)],
            ..FileChange::default()
        };
        let prompt = TextPrompt {
            help: format!("What was done: {}", incident.title),
            suggested: Some(desk.wording.done()),
        };
        let told = writing.tell(&mut desk, &incident, prompt, with, environment);
        told.await
    }
}

impl Cancel {
    async fn run(self, environment: &Environment) -> anyhow::Result<()> {
        let writing = &self.writing;
        let mut desk = Workspace::open(&writing.files, environment.clone()).await?;
        let incident = desk.find(&self.id)?;
        let now = Workspace::now();
        stage(&incident, now)?;
        let with = |text: &str| FileChange {
            turn: Some(Turn::Over(progress::called_off(&incident, now))),
            updates: vec![update(progress::CANCELLED, text)],
            ..FileChange::default()
        };
        let prompt = TextPrompt {
            help: format!("Why it is called off: {}", incident.title),
            suggested: Some(desk.wording.called_off(incident.date, now)),
        };
        let told = writing.tell(&mut desk, &incident, prompt, with, environment);
        told.await
    }
}
