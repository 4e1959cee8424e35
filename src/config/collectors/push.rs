//! The settings of what is pushed to us: no door twice.

use std::collections::BTreeSet;
use std::net::SocketAddr;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::de::DeTable;

use crate::collect::target::{PushedTarget, Target};
use crate::config::reading::places::{Table, span, texts};
use crate::config::reading::reader::TableReader;
use crate::model::finding::Weight;
use crate::model::text::shape::AddressText;

/// The table `[push]`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PushTable {
    /// The address to listen on, as in `0.0.0.0:9181`.
    #[schemars(with = "AddressText")]
    listen: SocketAddr,
}

/// Reads `[push]`: where is pushed from outside.
pub(crate) fn outside(reader: &mut TableReader, file: &mut DeTable<'_>) -> Option<SocketAddr> {
    let table = file.remove("push")?;
    reader.read::<PushTable>(&table).map(|table| table.listen)
}

/// Notes a fault if somebody outside is to push to a collector, and cannot.
pub(crate) fn check_reachable(
    reader: &mut TableReader,
    target: &Target,
    table: &Table<'_>,
    has_push: bool,
) {
    if target.is_pushed_outside() && !has_push {
        let words = "nobody can push to this; name an address, as in `[push]` with \
            `listen = \"127.0.0.1:9181\"`";
        reader.fault(span(table, "type"), words);
    }
}

/// The doors that are taken.
#[derive(Debug, Default)]
pub(crate) struct TakenEntries {
    alerts: bool,
    reports: bool,
    beats: BTreeSet<String>,
}

impl TakenEntries {
    /// Notes a fault if another collector has the same door.
    pub(crate) fn check(&mut self, reader: &mut TableReader, target: &Target, table: &Table<'_>) {
        let Some(target) = target.pushed() else {
            return;
        };
        match target {
            PushedTarget::Alerts(settings) if !self.alerts => {
                self.alerts = true;
                if !settings.is_watched() {
                    let words = "without a `watchdog` a sender that died looks well, and an alert \
                        that it no longer tells stays unknown; name an alert that always fires";
                    reader.remark(
                        Weight::Warning,
                        "alerts-watchdog",
                        span(table, "type"),
                        words,
                    );
                }
            }
            PushedTarget::Alerts(_) => {
                let words = "another collector takes alerts; one is enough for any number of \
                    senders, their labels tell them apart";
                reader.fault(span(table, "type"), words);
            }
            PushedTarget::Reports if !self.reports => self.reports = true,
            PushedTarget::Reports => {
                let words = "another collector counts reports; a second one counts them twice";
                reader.fault(span(table, "type"), words);
            }
            PushedTarget::Samples => {}
            PushedTarget::Heartbeat => {
                let names: Vec<_> = texts(table, "names");
                let own: BTreeSet<_> = names.iter().map(|(name, _)| name.clone()).collect();
                for (name, span) in names {
                    if self.beats.contains(&name) {
                        let words = format!("another collector awaits the heartbeat `{name}`");
                        reader.fault(span, words);
                    }
                }
                self.beats.extend(own);
            }
        }
    }
}
