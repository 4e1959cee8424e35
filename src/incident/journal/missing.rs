//! Open incidents whose files have just gone.
//!
//! A person may be renaming one, or a program may be putting another in its
//! place; to open it anew at once would make two of one.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::model::incident::Incident;
use crate::model::incidents::list::Incidents;

/// How long a file may be away before its absence is meant.
const GONE_FOR: Duration = Duration::from_secs(2);

/// The incidents that are missed, each since when.
#[derive(Debug, Default)]
pub struct MissingFiles(Vec<(Timestamp, Arc<Incident>)>);

impl MissingFiles {
    /// Notes open incidents of ours that were there before and are not present.
    pub fn note(&mut self, before: &[Arc<Incident>], present: &[Arc<Incident>], now: Timestamp) {
        // Few are open, so that nearly always nothing is looked for.
        let is_present = |name: &str| present.iter().any(|incident| incident.name == name);
        let ours = before.iter().filter(|incident| {
            incident.resolved == Some(false) && !incident.machine.rules.is_empty()
        });
        let lost = ours.filter(|incident| !is_present(&incident.name));
        self.0
            .extend(lost.map(|incident| (now, Arc::clone(incident))));
    }

    /// What is written, and for a moment what was: until it is back, be it under
    /// another name, or its absence is meant.
    pub fn besides(&mut self, written: &Arc<Incidents>, now: Timestamp) -> Arc<Incidents> {
        self.0.retain(|(since, lost)| {
            let age: Duration = now.duration_since(*since).try_into().unwrap_or(GONE_FOR);
            let back = written.iter().any(|incident| {
                incident.name == lost.name
                    || (incident.date == lost.date && incident.machine.rules == lost.machine.rules)
            });
            age < GONE_FOR && !back
        });
        if self.0.is_empty() {
            return Arc::clone(written);
        }
        let lost = self.0.iter().map(|(_, lost)| Arc::clone(lost));
        Arc::new(written.iter().cloned().chain(lost).collect())
    }
}
