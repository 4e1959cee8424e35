//! `critwatch maintenance`: planned work, announced in cState's way.

use clap::{Args, Subcommand};

use crate::command::desk::{self, Desk};
use crate::command::input::BadInput;
use crate::command::listing::List;
use crate::command::writing::{Writing, amend, update};
use crate::config::reader::Environment;
use crate::incident::hand::{self, Amendment, Opening};
use crate::incident::{maintenance, words};
use crate::model::component::Severity;

/// What can be done with planned work; no server is needed.
#[derive(Debug, Subcommand)]
pub enum MaintenanceCommand {
    /// Show what is planned and what goes on
    #[command(after_help = "Example:\n  critwatch maintenance list --all")]
    List(List),
    /// Announce planned work
    #[command(
        after_help = "Example:\n  critwatch maintenance add --title \"New cache\" --affected Cache \\\n    \
        --from \"2027-03-01 20:00\" --to \"2027-03-01 21:00\""
    )]
    Add(Add),
    /// Call it off
    #[command(
        after_help = "Example:\n  critwatch maintenance cancel new-cache --text \"Not needed.\""
    )]
    Cancel(Cancel),
}

/// Arguments of `add`.
#[derive(Debug, Args)]
pub struct Add {
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

/// Arguments of `cancel`.
#[derive(Debug, Args)]
pub struct Cancel {
    /// Its id, or a part of it that no other has
    id: String,
    #[command(flatten)]
    writing: Writing,
}

impl MaintenanceCommand {
    /// Does what was asked.
    pub async fn run(self, environment: Environment) -> anyhow::Result<()> {
        match self {
            Self::List(list) => {
                list.run(environment, |incident, now| {
                    maintenance::stage(incident, now).is_some()
                })
                .await
            }
            Self::Add(add) => add.run(&environment).await,
            Self::Cancel(cancel) => cancel.run(&environment).await,
        }
    }
}

impl Add {
    async fn run(self, environment: &Environment) -> anyhow::Result<()> {
        let writing = &self.writing;
        let mut desk = Desk::open(&writing.files, environment.clone()).await?;
        let (date, end) = (desk.when(&self.from)?, desk.when(&self.to)?);
        let opening = Opening {
            title: hand::title(&self.title).map_err(BadInput::from)?,
            date,
            end: Some(end),
            severity: Severity::Notice,
            affected: desk.affected(&self.affected, &[])?,
            draft: false,
        };
        opening.check(Desk::now()).map_err(BadInput::from)?;
        let words = words::planned(date, end, &desk.zone);
        let help = format!("Announcement of: {}", opening.title);
        let typed = writing.text.read_or(words, &help, environment).await?;
        let update = update(maintenance::SCHEDULED, &typed.text);
        let written = desk.create(&opening, &update, writing.preview).await;
        typed.keep_unless(written)?.print(writing.format)
    }
}

impl Cancel {
    async fn run(self, environment: &Environment) -> anyhow::Result<()> {
        let writing = &self.writing;
        let mut desk = Desk::open(&writing.files, environment.clone()).await?;
        let incident = desk.find(&self.id)?;
        let now = Desk::now();
        if maintenance::stage(&incident, now).is_none() {
            return Err(BadInput::new(format!(
                "{} is no maintenance; end it with `critwatch incident resolve`",
                incident.id
            ))
            .into());
        }
        let with = |text: &str| Amendment {
            end: Some(maintenance::called_off(&incident, now)),
            update: Some(update(maintenance::CANCELLED, text)),
            ..Amendment::default()
        };
        desk::refuse(&with(""), &incident)?;
        let words = words::called_off(incident.date, now);
        let help = format!("Why it is called off: {}", incident.title);
        let typed = writing.text.read_or(words, &help, environment).await?;
        let amendment = with(&typed.text);
        let written = amend(&mut desk, &incident, &amendment, writing).await;
        typed.keep_unless(written)
    }
}
