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
use crate::model::request::incidents::incident_change::{
    ChangeTarget, IncidentChange, IncidentEdit,
};
use crate::model::verdict::RuleId;

/// What can be done with incidents; no server is needed.
#[derive(Debug, Subcommand)]
pub enum IncidentCommand {
    /// List open incidents
    #[command(after_help = "Example:\n  critwatch incident list --all")]
    List(ListIncidents),
    /// Show one incident
    #[command(after_help = "Example:\n  critwatch incident show cache-full")]
    Show(Show),
    /// Open a new incident
    #[command(
        after_help = "Example:\n  critwatch incident open --title \"Rolls fail\" --severity down \\\n    \
        --affected API --date \"10m ago\" --text \"We look into it.\""
    )]
    Open(OpenIncident),
    /// Add an update, or change title, severity or components
    #[command(
        after_help = "Example:\n  critwatch incident update rolls-fail --phase identified \\\n    \
        --severity disrupted --text \"The cache is full.\""
    )]
    Update(Amend),
    /// Resolve an incident
    #[command(after_help = "Example:\n  critwatch incident resolve rolls-fail --at \"5m ago\"")]
    Resolve(Resolve),
    /// Reopen a resolved incident
    #[command(
        after_help = "Example:\n  critwatch incident reopen rolls-fail --text \"Rolls fail again.\""
    )]
    Reopen(Reopen),
    /// Withdraw a false alarm; it no longer counts in any statistic
    #[command(after_help = "Example:\n  critwatch incident withdraw rolls-fail")]
    Withdraw(Withdraw),
    /// Publish a draft, or the post-mortem of a resolved incident
    #[command(
        alias = "confirm",
        after_help = "Example:\n  critwatch incident publish cache-full"
    )]
    Publish(PublishIncident),
    /// Edit the file in $VISUAL or $EDITOR
    #[command(after_help = "Example:\n  critwatch incident edit cache-full")]
    Edit(EditFile),
    /// Accept a risk that keeps an incident open
    #[command(
        after_help = "Example:\n  critwatch incident accept cache-full --rule capacity-lint --by Ann"
    )]
    Accept(Accept),
}

/// Arguments of `accept`.
#[derive(Debug, Args)]
pub struct Accept {
    /// Id, a unique part of it, or the name of the file
    id: String,
    /// Rule of the risk, by its id
    #[arg(long, default_value = "capacity-lint")]
    rule: String,
    /// Name of the person who accepts it
    #[arg(long, value_name = "NAME")]
    by: String,
    #[command(flatten)]
    files: Files,
    /// Show the changes without writing them
    #[arg(long)]
    preview: bool,
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    format: OutputFormat,
}

/// Arguments of `show`.
#[derive(Debug, Args)]
pub struct Show {
    /// Id, a unique part of it, or the name of the file
    id: String,
    #[command(flatten)]
    files: Files,
    /// Output format
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
