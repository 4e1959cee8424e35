//! `critwatch notify log`: the delivery log of the database.

use anyhow::Context as _;
use clap::Args;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::json;

use crate::command::terminal::input::OutputFormat;
use crate::command::terminal::output::{print, print_json, table};
use crate::command::workspace::settings::{Files, StateFolder};
use crate::config::reading::reader::Environment;
use crate::model::facts::notifier_state::DeliveryRecord;
use crate::notify::outbox::entry::EntryState;
use crate::notify::outbox::table::newest;
use crate::store;

/// Arguments of `log`.
#[derive(Debug, Args)]
pub struct NotifyLog {
    /// Show only messages of this notifier, by its id
    #[arg(long, value_name = "NAME")]
    notifier: Option<String>,
    /// Show only messages that were not delivered, or may not have been
    #[arg(long)]
    failed: bool,
    /// Number of messages, newest first
    #[arg(long, value_name = "NUMBER", default_value_t = 50)]
    limit: usize,
    #[command(flatten)]
    files: Files,
    #[command(flatten)]
    database: StateFolder,
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    format: OutputFormat,
}

impl NotifyLog {
    /// Prints the log. Who only looks makes no database.
    pub(crate) fn run(self, environment: Environment) -> anyhow::Result<()> {
        let deliveries = self.deliveries().context("cannot read the delivery log")?;
        match self.format {
            OutputFormat::Json => print_json(&json!({ "deliveries": deliveries })),
            OutputFormat::Text if deliveries.is_empty() => print("none"),
            OutputFormat::Text => {
                let site = self.files.site(environment)?;
                let zone = site.map_or(TimeZone::UTC, |site| site.names.zone);
                let head = ["ID", "DUE", "CHANGED", "NOTIFIER", "TOPIC", "OCCASION"];
                let head = head.into_iter().chain(["STATE", "TRIES", "REASON"]);
                let mut rows = vec![head.map(str::to_owned).collect()];
                rows.extend(deliveries.iter().map(|one| row(one, &zone)));
                print(&table(&rows))
            }
        }
    }

    fn deliveries(&self) -> anyhow::Result<Vec<DeliveryRecord>> {
        let folder = &self.database.state;
        if !folder.join(store::file::FILE).exists() {
            return Ok(Vec::new());
        }
        let store = store::open_to_read(folder)?;
        let all = newest(&store, self.notifier.as_deref(), usize::MAX)?;
        let wanted = all.into_iter().filter(|(_, entry)| {
            let is_failed = match entry.state {
                EntryState::Unknown | EntryState::Refused => true,
                EntryState::Due | EntryState::Sending => entry.reason.is_some(),
                EntryState::Sent | EntryState::Superseded => false,
            };
            is_failed || !self.failed
        });
        let deliveries = wanted.map(|(notifier, entry)| entry.delivery(&notifier));
        Ok(deliveries.take(self.limit).collect())
    }
}

fn row(one: &DeliveryRecord, zone: &TimeZone) -> Vec<String> {
    let second = |at: Timestamp| {
        let local = at.to_zoned(zone.clone());
        local.strftime("%F %H:%M:%S %Z").to_string()
    };
    vec![
        one.id.to_string(),
        second(one.due),
        second(one.changed),
        one.notifier.clone(),
        one.topic.clone(),
        one.occasion.clone(),
        one.state.clone(),
        one.tries.to_string(),
        one.reason.clone().unwrap_or_default(),
    ]
}
