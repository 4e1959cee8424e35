//! `critwatch incident`: what people write about faults, in the files alone.

use clap::{Args, Subcommand};

use crate::command::terminal::input::{self, BadInput, OutputFormat};
use crate::command::terminal::output::{print, print_json};
use crate::command::workspace::folder::{self, Workspace};
use crate::command::workspace::listing::{self, ListIncidents};
use crate::command::workspace::options::{Opener, Writing, amend, update};
use crate::command::workspace::settings::Files;
use crate::config::reading::reader::Environment;
use crate::incident::file::change::{FileChange, NewFile, Turn};
use crate::incident::maintenance::progress;
use crate::incident::manual::amend;
use crate::incident::reconcile::wording;
use crate::model::component::Severity;
use crate::model::incident::{Incident, Managed, Phase};
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
    /// Publish a draft
    #[command(after_help = "Example:\n  critwatch incident confirm cache-full")]
    Confirm(Confirm),
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

/// Arguments of `confirm`.
#[derive(Debug, Args)]
pub struct Confirm {
    /// Its id, a part of it that no other has, or its file's name
    id: String,
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

/// Arguments of `open`.
#[derive(Debug, Args)]
pub struct OpenIncident {
    /// Heading, and the words of the file's name
    #[arg(long, allow_hyphen_values = true)]
    title: String,
    /// How bad it is
    #[arg(long, value_parser = input::severity())]
    severity: Severity,
    /// Names or ids of the components concerned
    #[arg(long, value_name = "NAME", num_args = 1.., required = true)]
    affected: Vec<String>,
    /// When it began, as in `10m ago` or `2026-03-01 12:30`
    #[arg(long, value_name = "WHEN", default_value = "now")]
    date: String,
    /// Do not publish it yet
    #[arg(long)]
    draft: bool,
    /// Let rules that fire for these components join it
    #[arg(long)]
    join: bool,
    /// The word that opens the first update
    #[arg(long, value_enum, default_value = "investigating")]
    phase: Opener,
    #[command(flatten)]
    writing: Writing,
}

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
    /// Change the keys alone, without an update for visitors
    #[arg(long, conflicts_with_all = ["text", "edit", "phase"])]
    no_text: bool,
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

impl IncidentCommand {
    /// Does what was asked.
    pub async fn run(self, environment: Environment) -> anyhow::Result<()> {
        match self {
            Self::List(list) => {
                let planned = |incident: &Incident, now| progress::stage(incident, now).is_some();
                list.run(environment, |incident, now| !planned(incident, now))
                    .await
            }
            Self::Show(show) => show.run(environment).await,
            Self::Open(open) => open.run(&environment).await,
            Self::Update(amend) => amend.run(&environment).await,
            Self::Resolve(resolve) => resolve.run(&environment).await,
            Self::Confirm(confirm) => confirm.run(environment).await,
            Self::Accept(accept) => accept.run(environment).await,
        }
    }
}

impl Confirm {
    async fn run(self, environment: Environment) -> anyhow::Result<()> {
        let mut desk = Workspace::open(&self.files, environment).await?;
        let incident = desk.find(&self.id)?;
        let publish = FileChange {
            publish: true,
            ..FileChange::default()
        };
        let decide = |present: &Incident| {
            folder::refuse(&publish, present)?;
            Ok(publish.clone())
        };
        let report = desk.change(&incident.name, self.preview, decide).await?;
        report.print(self.format)
    }
}

impl Accept {
    async fn run(self, environment: Environment) -> anyhow::Result<()> {
        let who = self.by.trim();
        if who.is_empty() || who.chars().any(char::is_control) {
            return Err(BadInput::new("name who accepts it: --by Ann").into());
        }
        let mut desk = Workspace::open(&self.files, environment).await?;
        let incident = desk.find(&self.id)?;
        let rule = RuleId(self.rule.clone());
        let decide = |present: &Incident| Ok(amend::accept(present, rule.clone(), who.to_owned()));
        let mut report = desk.change(&incident.name, self.preview, decide).await?;
        // What people did is named, not the key that it stands in.
        for key in &mut report.changed {
            *key = "accepted";
        }
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

impl OpenIncident {
    async fn run(self, environment: &Environment) -> anyhow::Result<()> {
        let writing = &self.writing;
        let mut desk = Workspace::open(&writing.files, environment.clone()).await?;
        let managed = self.join.then(|| Managed {
            join: true,
            ..Managed::default()
        });
        let mut opening = NewFile {
            title: amend::title(&self.title).map_err(BadInput::from)?,
            date: desk.when(&self.date)?,
            draft: self.draft,
            change: FileChange {
                severity: Some(self.severity),
                affected: Some(desk.affected(&self.affected, &[])?),
                managed,
                ..FileChange::default()
            },
        };
        amend::check_new(&opening, Workspace::now()).map_err(BadInput::from)?;
        let help = format!("First update of: {}", opening.title);
        let typed = writing.text.read(&help, environment).await?;
        let update = update(self.phase.word(), &typed.text);
        opening.change.updates.push(update);
        let written = desk.create(&opening, writing.preview).await;
        typed.keep_unless(written)?.print(writing.format)
    }
}

impl Amend {
    async fn run(self, environment: &Environment) -> anyhow::Result<()> {
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
        if self.no_text {
            if keys == FileChange::default() {
                return Err(BadInput::new("name what to change, or write a --text").into());
            }
            return amend(&mut desk, &incident, &keys, writing).await;
        }
        let with = |text: &str| FileChange {
            updates: vec![update(self.phase.word(), text)],
            ..keys.clone()
        };
        folder::refuse(&with(""), &incident)?;
        let help = format!("{} of: {}", self.phase.word(), incident.title);
        let typed = writing.text.read(&help, environment).await?;
        let amendment = with(&typed.text);
        let written = amend(&mut desk, &incident, &amendment, writing).await;
        typed.keep_unless(written)
    }
}

impl Resolve {
    async fn run(self, environment: &Environment) -> anyhow::Result<()> {
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
        folder::refuse(&with(""), &incident)?;
        let words = wording::over(incident.date.unwrap_or(end), end, &desk.zone);
        let help = format!("End of: {}", incident.title);
        let typed = writing.text.read_or(words, &help, environment).await?;
        let amendment = with(&typed.text);
        let written = amend(&mut desk, &incident, &amendment, writing).await;
        typed.keep_unless(written)
    }
}
