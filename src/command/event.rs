//! `critwatch event`: notes a release, a restart or a change with its time.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use crate::command::input::{BadInput, Format};
use crate::command::screen::{print, print_json, table};
use crate::command::settings::Files;
use crate::config::reader::Environment;
use crate::history::events::Events;
use crate::model::event::Event;
use crate::model::when;
use crate::pipeline::Pipeline;
use crate::store;

/// Notes what somebody did to the service: a release, a restart, a changed limit.
///
/// It is kept in the database; a running `serve` may have it open.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  critwatch event \"Release v0.9.9-255 started\"\n  \
    critwatch event \"Redis has 256 MB now\" --at \"20m ago\"\n  critwatch event --list"
)]
pub struct EventCommand {
    /// What it was, in one line
    #[arg(required_unless_present = "list", conflicts_with = "list")]
    text: Option<String>,
    /// When it was, as in `10m ago` or `2026-03-01 12:30`
    #[arg(
        long,
        value_name = "WHEN",
        default_value = "now",
        conflicts_with = "list"
    )]
    at: String,
    /// Show what was noted, oldest first
    #[arg(long)]
    list: bool,
    /// The settings, for the site's time zone
    #[arg(
        long,
        value_name = "FILE",
        default_value = "alerts.toml",
        env = "CRITWATCH_CONFIG"
    )]
    config: PathBuf,
    /// The folder of the database
    #[arg(
        long,
        value_name = "DIR",
        default_value = "state",
        env = "CRITWATCH_STATE"
    )]
    state: PathBuf,
    /// Print for people or for programs
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl EventCommand {
    /// Does what was asked.
    pub fn run(self, environment: Environment) -> anyhow::Result<()> {
        let files = Files {
            config: self.config.clone(),
            incidents: PathBuf::new(),
            cstate: None,
        };
        let site = files.site(environment)?;
        let zone = site.map_or(TimeZone::UTC, |site| site.names.zone);
        match &self.text {
            Some(text) => self.note(text, &zone),
            None => self.print(&zone),
        }
    }

    fn note(&self, text: &str, zone: &TimeZone) -> anyhow::Result<()> {
        let now = Pipeline::clock();
        let at = match &*self.at {
            "now" => now,
            at => when::parse(at, zone, now).map_err(BadInput::from)?,
        };
        if at > now {
            return Err(BadInput::new(format!("{at} is still to come; note what was done")).into());
        }
        let event = Event::new(at, text, now).map_err(BadInput::from)?;
        let mut events = Events::new(store::open(&self.state)?);
        events.add(&event).context("cannot write the event")?;
        match self.format {
            Format::Json => print_json(&value(&event)),
            Format::Text => print(&format!("noted {}", table(&[row(&event, zone)]))),
        }
    }

    fn print(&self, zone: &TimeZone) -> anyhow::Result<()> {
        // Who only looks makes no database.
        let events = if self.state.join("critwatch.db").exists() {
            Events::new(store::open(&self.state)?)
                .between(Timestamp::MIN, Timestamp::MAX)
                .context("cannot read the events")?
        } else {
            Vec::new()
        };
        match self.format {
            Format::Json => print_json(&events.iter().map(value).collect::<Vec<_>>()),
            Format::Text if events.is_empty() => print("none"),
            Format::Text => {
                let rows: Vec<_> = events.iter().map(|event| row(event, zone)).collect();
                print(&table(&rows))
            }
        }
    }
}

fn row(event: &Event, zone: &TimeZone) -> Vec<String> {
    let at = event.at.to_zoned(zone.clone()).strftime("%F %T %Z");
    vec![at.to_string(), event.text.clone()]
}

fn value(event: &Event) -> Value {
    json!({ "at": event.at, "text": event.text, "noted": event.noted })
}
