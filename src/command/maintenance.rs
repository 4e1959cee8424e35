//! `critwatch maintenance`: planned work, announced in cState's way.

use clap::{Args, Subcommand};

use crate::command::workspace::folder::Workspace;
use crate::command::workspace::listing::{ListIncidents, ListedKind};
use crate::command::workspace::options::{TextPrompt, Writing};
use crate::config::reading::reader::Environment;
use crate::incident::manual::suggest;
use crate::model::request::incidents::incident_change::{IncidentChange, IncidentEdit, NewWork};

/// What can be done with planned work; no server is needed.
#[derive(Debug, Subcommand)]
pub enum MaintenanceCommand {
    /// List planned and running maintenance
    #[command(after_help = "Example:\n  critwatch maintenance list --all")]
    List(ListIncidents),
    /// Announce maintenance
    #[command(
        after_help = "Example:\n  critwatch maintenance add --title \"New cache\" --affected Cache \\\n    \
        --from \"2027-03-01 20:00\" --to \"2027-03-01 21:00\""
    )]
    Add(AddMaintenance),
    /// Change the planned end
    #[command(
        after_help = "Example:\n  critwatch maintenance extend new-cache --until \"in 2h\" \\\n    \
        --text \"It takes longer than we thought.\""
    )]
    Extend(Extend),
    /// End maintenance before its planned end
    #[command(
        after_help = "Example:\n  critwatch maintenance end new-cache --text \"All is moved.\""
    )]
    End(EndMaintenance),
    /// Cancel maintenance
    #[command(
        after_help = "Example:\n  critwatch maintenance cancel new-cache --text \"Not needed.\""
    )]
    Cancel(Cancel),
}

/// Arguments of `add`.
#[derive(Debug, Args)]
pub struct AddMaintenance {
    /// Title; the name of the file derives from it
    #[arg(long, allow_hyphen_values = true)]
    title: String,
    /// Start, for example `in 2h` or `2027-03-01 20:00`
    #[arg(long, value_name = "WHEN")]
    from: String,
    /// End, for example `in 3h` or `2027-03-01 22:00`
    #[arg(long, value_name = "WHEN")]
    to: String,
    /// Affected components, by name or id; may be repeated
    #[arg(long, value_name = "NAME", num_args = 1.., required = true)]
    affected: Vec<String>,
    #[command(flatten)]
    writing: Writing,
}

/// Arguments of `extend`.
#[derive(Debug, Args)]
pub struct Extend {
    /// Id, a unique part of it, or the name of the file
    id: String,
    /// New end, for example `in 2h` or `2027-03-01 22:00`
    #[arg(long, value_name = "WHEN")]
    until: String,
    #[command(flatten)]
    writing: Writing,
}

/// Arguments of `end`.
#[derive(Debug, Args)]
pub struct EndMaintenance {
    /// Id, a unique part of it, or the name of the file
    id: String,
    /// Actual end, for example `10m ago`
    #[arg(long, value_name = "WHEN", default_value = "now")]
    at: String,
    #[command(flatten)]
    writing: Writing,
}

/// Arguments of `cancel`.
#[derive(Debug, Args)]
pub struct Cancel {
    /// Id, a unique part of it, or the name of the file
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
        let work = NewWork {
            title: self.title,
            from: desk.when(&self.from)?,
            to: desk.when(&self.to)?,
            affected: desk.affected(&self.affected, &[])?,
            text: None,
        };
        let words = suggest::announcement(&work, &desk.wording, Workspace::now());
        let prompt = TextPrompt {
            help: format!("Announcement of: {}", work.title.trim()),
            suggested: Some(words),
        };
        let with = |text| {
            IncidentChange::Plan(NewWork {
                text: Some(text),
                ..work.clone()
            })
        };
        let begun = writing.begin(&mut desk, prompt, with, environment);
        begun.await
    }
}

impl Extend {
    async fn run(self, environment: &Environment) -> anyhow::Result<()> {
        let writing = &self.writing;
        let mut desk = Workspace::open(&writing.files, environment.clone()).await?;
        let incident = desk.find(&self.id)?;
        let until = desk.when(&self.until)?;
        let with = |text| IncidentEdit::Extend { until, text };
        let help = "Why it ends at another time";
        let told = writing.tell(&mut desk, &incident, help, with, environment);
        told.await
    }
}

impl EndMaintenance {
    async fn run(self, environment: &Environment) -> anyhow::Result<()> {
        let writing = &self.writing;
        let mut desk = Workspace::open(&writing.files, environment.clone()).await?;
        let incident = desk.find(&self.id)?;
        let at = Some(desk.when(&self.at)?);
        let with = |text| IncidentEdit::End { at, text };
        let told = writing.tell(&mut desk, &incident, "What was done", with, environment);
        told.await
    }
}

impl Cancel {
    async fn run(self, environment: &Environment) -> anyhow::Result<()> {
        let writing = &self.writing;
        let mut desk = Workspace::open(&writing.files, environment.clone()).await?;
        let incident = desk.find(&self.id)?;
        let with = |text| IncidentEdit::Cancel { text };
        let help = "Why it is called off";
        let told = writing.tell(&mut desk, &incident, help, with, environment);
        told.await
    }
}
