//! The settings of what is pushed to us: no door twice.

use std::collections::BTreeSet;

use crate::collect::target::{PushedTarget, Target};
use crate::config::reading::places::{Table, span, texts};
use crate::config::reading::reader::TableReader;
use crate::model::finding::Weight;

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
