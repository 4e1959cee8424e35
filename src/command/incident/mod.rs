//! `critwatch incident`: what people write about faults, in the files alone.

pub mod amend;
pub mod edit;
pub mod open;
pub mod state;

use clap::{Args, Subcommand};

use crate::command::incident::amend::{Amend, Resolve};
use crate::command::incident::edit::EditFile;
use crate::command::incident::open::OpenIncident;
use crate::command::incident::state::{PublishIncident, Reopen, Withdraw};
use crate::command::terminal::input::OutputFormat;
use crate::command::terminal::output::{print, print_json};
use crate::command::workspace::folder::Workspace;
use crate::command::workspace::listing::{self, ListIncidents, ListedKind};
use crate::command::workspace::settings::Files;
use crate::config::reading::reader::Environment;
use crate::model::request::incident_change::{ChangeTarget, IncidentChange, IncidentEdit};
use crate::model::verdict::RuleId;

/// What can be done with incidents; no server is needed.
#[derive(Debug, Subcommand)]
pub enum IncidentCommand {
    /// Show which incidents are open
    #[command(after_help = "Example:\n  critwatch incident list --all")]
    List(ListIncidents),
    /// Show everything about one
    #[command(after_help = "Example:\n  critwatch incident show cache-full")]
    Show(Show),
    /// Begin a new one
    #[command(
        after_help = "Example:\n  critwatch incident open --title \"Rolls fail\" --severity down \\\n    \
        --affected API --date \"10m ago\" --text \"We look into it.\""
    )]
    Open(OpenIncident),
    /// Add an update, and change what it names
    #[command(
        after_help = "Example:\n  critwatch incident update rolls-fail --phase identified \\\n    \
        --severity disrupted --text \"The cache is full.\""
    )]
    Update(Amend),
    /// Call it over
    #[command(after_help = "Example:\n  critwatch incident resolve rolls-fail --at \"5m ago\"")]
    Resolve(Resolve),
    /// Open one that is over once more
    #[command(
        after_help = "Example:\n  critwatch incident reopen rolls-fail --text \"Rolls fail again.\""
    )]
    Reopen(Reopen),
    /// Say that it was a false alarm: it is over and counts for nothing
    #[command(after_help = "Example:\n  critwatch incident withdraw rolls-fail")]
    Withdraw(Withdraw),
    /// Publish a draft, or the post-mortem of one that is over
    #[command(
        alias = "confirm",
        after_help = "Example:\n  critwatch incident publish cache-full"
    )]
    Publish(PublishIncident),
    /// Change the whole file in $VISUAL or $EDITOR
    #[command(after_help = "Example:\n  critwatch incident edit cache-full")]
    Edit(EditFile),
    /// Accept a standing risk that holds the end of an incident
    #[command(
        after_help = "Example:\n  critwatch incident accept cache-full --rule capacity-lint --by Ann"
    )]
    Accept(Accept),
}

/// Arguments of `accept`.
#[derive(Debug, Args)]
pub struct Accept {
    /// Its id, a part of it that no other has, or its file's name
    id: String,
    /// The rule that tells the risk
    #[arg(long, default_value = "capacity-lint")]
    rule: String,
    /// Who accepts it
    #[arg(long, value_name = "NAME")]
    by: String,
    #[command(flatten)]
    files: Files,
    /// Show what would be written, and write nothing
    #[arg(long)]
    preview: bool,
    /// Print for people or for programs
    #[arg(long, value_enum, default_value_t)]
    format: OutputFormat,
}

/// Arguments of `show`.
#[derive(Debug, Args)]
pub struct Show {
    /// Its id, a part of it that no other has, or its file's name
    id: String,
    #[command(flatten)]
    files: Files,
    /// Print for people or for programs
    #[arg(long, value_enum, default_value_t)]
    format: OutputFormat,
}

impl IncidentCommand {
    /// Does what was asked.
    pub async fn run(self, environment: Environment) -> anyhow::Result<()> {
        match self {
            Self::List(list) => list.run(environment, ListedKind::Incidents).await,
            Self::Show(show) => show.run(environment).await,
            Self::Open(open) => open.run(&environment).await,
            Self::Update(amend) => amend.run(&environment).await,
            Self::Resolve(resolve) => resolve.run(&environment).await,
            Self::Reopen(reopen) => reopen.run(&environment).await,
            Self::Withdraw(withdraw) => withdraw.run(&environment).await,
            Self::Publish(publish) => publish.run(&environment).await,
            Self::Edit(edit) => edit.run(&environment).await,
            Self::Accept(accept) => accept.run(environment).await,
        }
    }
}

impl Accept {
    async fn run(self, environment: Environment) -> anyhow::Result<()> {
        let mut desk = Workspace::open(&self.files, environment).await?;
        let incident = desk.find(&self.id)?;
        let edit = IncidentEdit::Accept {
            rule: RuleId(self.rule),
            by: self.by,
        };
        let change = IncidentChange::Edit(ChangeTarget::File(incident.name.clone()), edit);
        let report = desk.change(change, self.preview).await?;
        report.print(self.format)
    }
}

impl Show {
    async fn run(self, environment: Environment) -> anyhow::Result<()> {
        let desk = Workspace::open(&self.files, environment).await?;
        let incident = desk.find(&self.id)?;
        let (path, now) = (desk.path(&incident.name), Workspace::now());
        match self.format {
            OutputFormat::Json => print_json(&listing::page_json(&incident, &path, now)),
            OutputFormat::Text => print(&listing::page(&incident, &path, now, &desk.zone)),
        }
    }
}
