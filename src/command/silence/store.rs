//! Where silences are kept, and how they are printed.

use std::path::PathBuf;

use clap::Args;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use crate::command::terminal::input::OutputFormat;
use crate::command::terminal::output::{print, print_json, table};
use crate::command::workspace::page_state::PageState;
use crate::command::workspace::settings::{Files, StateFolder};
use crate::config::reading::reader::Environment;
use crate::history::silences::table::Silences;
use crate::model::series::matcher;
use crate::model::silence::Silence;
use crate::pipeline::stages::Pipeline;
use crate::store;

/// Where silences are kept, and how they are printed.
#[derive(Debug, Args)]
pub(crate) struct SilenceStore {
    /// Settings file, for the time zone of the site
    #[arg(
        long,
        value_name = "FILE",
        default_value = "alerts.toml",
        env = "CRITWATCH_CONFIG"
    )]
    pub(crate) config: PathBuf,
    /// Folder of the incident files, to show the effect on the page
    #[arg(
        long,
        value_name = "DIR",
        default_value = "incidents",
        env = "CRITWATCH_INCIDENTS"
    )]
    pub(crate) incidents: PathBuf,
    #[command(flatten)]
    pub(crate) database: StateFolder,
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: OutputFormat,
}

impl SilenceStore {
    /// The settings and the folder of incidents.
    pub(crate) fn files(&self) -> Files {
        Files {
            config: self.config.clone(),
            incidents: self.incidents.clone(),
            cstate: None,
        }
    }

    /// The zone of the site.
    pub(crate) fn zone(&self, environment: Environment) -> anyhow::Result<TimeZone> {
        let site = self.files().site(environment)?;
        Ok(site.map_or(TimeZone::UTC, |site| site.names.zone))
    }

    /// The silences of the database, which is made if there is none.
    pub(crate) fn open(&self) -> anyhow::Result<Silences> {
        Ok(Silences::new(store::open(&self.database.state)?))
    }

    /// Who only looks makes no database.
    pub(crate) fn existing(&self) -> anyhow::Result<Option<Silences>> {
        let exists = self.database.state.join("critwatch.db").exists();
        exists.then(|| self.open()).transpose()
    }

    /// Prints what was done with a silence, and what the page shows from now on.
    pub(crate) async fn report(
        &self,
        word: &str,
        silence: &Silence,
        zone: &TimeZone,
        environment: Environment,
    ) -> anyhow::Result<()> {
        let now = Pipeline::clock();
        match self.format {
            OutputFormat::Json => print_json(&value(silence, now)),
            OutputFormat::Text => {
                print(&format!("{word} {}", table(&[row(silence, now, zone)])))?;
                PageState::print(&self.files(), &self.database, environment).await
            }
        }
    }
}

/// A silence as a row.
pub(crate) fn row(silence: &Silence, now: Timestamp, zone: &TimeZone) -> Vec<String> {
    let minute = |at: Timestamp| {
        at.to_zoned(zone.clone())
            .strftime("%F %H:%M %Z")
            .to_string()
    };
    let asked = &silence.request;
    vec![
        silence.id.to_string(),
        silence.state(now).word().to_owned(),
        minute(asked.starts),
        minute(asked.ends),
        asked.author.clone(),
        matcher::print(&asked.matchers),
        asked.reason.clone(),
    ]
}

/// A silence for programs.
pub(crate) fn value(silence: &Silence, now: Timestamp) -> Value {
    let asked = &silence.request;
    let matchers = asked.matchers.iter().map(ToString::to_string);
    json!({
        "id": silence.id,
        "state": silence.state(now).word(),
        "matchers": matchers.collect::<Vec<_>>(),
        "startsAt": asked.starts,
        "endsAt": asked.ends,
        "createdBy": asked.author,
        "comment": asked.reason,
    })
}
