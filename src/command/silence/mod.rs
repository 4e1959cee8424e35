//! `critwatch silence`: asks to hear nothing of alerts, for a while and for a reason.

pub(crate) mod add;
pub(crate) mod store;

use anyhow::Context as _;
use clap::{Args, Subcommand};

use crate::command::silence::add::AddSilence;
use crate::command::silence::store::{SilenceStore, row, value};
use crate::command::terminal::input::{BadInput, OutputFormat};
use crate::command::terminal::output::{print, print_json, table};
use crate::config::reading::reader::Environment;
use crate::model::silence::SilenceState;
use crate::pipeline::stages::Pipeline;

/// What can be done with silences; a running `serve` follows within a second.
#[derive(Debug, Subcommand)]
pub enum SilenceCommand {
    /// List silences
    #[command(after_help = "Example:\n  critwatch silence list --all")]
    List(ListSilences),
    /// Silence alerts that match labels
    ///
    /// An alert is silenced if all matchers match. Its labels are `rule` (or `alertname`),
    /// `severity`, `component`, and those of its series.
    #[command(
        after_help = "Examples:\n  critwatch silence add rule=redis-memory-high --for 2h \\\n    \
        --reason \"Moving to a larger one\" --by Ann\n  \
        critwatch silence add 'component=~\"api|cache\"' severity!=down --from \"in 1h\" \\\n    \
        --until \"2027-03-01 20:00\" --reason \"Load test\" --by Ben"
    )]
    Add(AddSilence),
    /// End a silence
    #[command(after_help = "Example:\n  critwatch silence remove 3")]
    Remove(Remove),
}

/// Arguments of `list`.
#[derive(Debug, Args)]
pub struct ListSilences {
    /// Include expired silences, which are kept for five days
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    kept: SilenceStore,
}

/// Arguments of `remove`.
#[derive(Debug, Args)]
pub struct Remove {
    /// Number of the silence, as shown by `list`
    id: i64,
    #[command(flatten)]
    kept: SilenceStore,
}

impl SilenceCommand {
    /// Does what was asked.
    pub async fn run(self, environment: Environment) -> anyhow::Result<()> {
        match self {
            Self::List(list) => list.run(environment),
            Self::Add(add) => add.run(environment).await,
            Self::Remove(remove) => remove.run(environment).await,
        }
    }
}

impl ListSilences {
    fn run(self, environment: Environment) -> anyhow::Result<()> {
        let zone = self.kept.zone(environment)?;
        let now = Pipeline::clock();
        let silences = self.kept.existing()?;
        let listed = silences.map(|silences| silences.list()).transpose();
        let mut listed = listed
            .context("cannot read the silences")?
            .unwrap_or_default();
        listed.retain(|one| self.all || one.state(now) != SilenceState::Expired);
        match self.kept.format {
            OutputFormat::Json => {
                let values = listed.iter().map(|one| value(one, now));
                print_json(&values.collect::<Vec<_>>())
            }
            OutputFormat::Text if listed.is_empty() => print("none"),
            OutputFormat::Text => {
                let head = ["ID", "STATE", "FROM", "UNTIL", "BY", "MATCHERS", "REASON"];
                let mut rows = vec![head.map(str::to_owned).to_vec()];
                rows.extend(listed.iter().map(|one| row(one, now, &zone)));
                print(&table(&rows))
            }
        }
    }
}

impl Remove {
    async fn run(self, environment: Environment) -> anyhow::Result<()> {
        let zone = self.kept.zone(environment.clone())?;
        let unknown = || {
            let id = self.id;
            BadInput::new(format!(
                "there is no silence {id}; `critwatch silence list --all` shows them"
            ))
        };
        let mut silences = self.kept.existing()?.ok_or_else(unknown)?;
        let ended = silences.expire(self.id, Pipeline::clock());
        let silence = ended
            .context("cannot end the silence")?
            .ok_or_else(unknown)?;
        // Its connection is closed before the database is read once more.
        drop(silences);
        let kept = &self.kept;
        kept.report("ended", &silence, &zone, environment).await
    }
}
