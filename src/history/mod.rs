//! How each component was: measured health kept, and summed up for the board.

pub mod events;
pub mod ledger;
pub mod uptime;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::history::ledger::Ledger;
use crate::model::component::{ComponentId, Health};
use crate::model::uptime::Uptime;

/// Seconds for which a sum is shown before it is made again.
const SUMS_LAST: i64 = 10;

/// The ledger, and its sums as long as they hold.
#[derive(Debug)]
pub struct History {
    ledger: Ledger,
    zone: TimeZone,
    /// Sums by component, with the moment at which they were made.
    sums: BTreeMap<ComponentId, (Timestamp, Health, Arc<Uptime>)>,
    failing: bool,
}

impl History {
    /// Starts from a ledger; days are those of the zone.
    pub fn new(ledger: Ledger, zone: TimeZone) -> Self {
        Self {
            ledger,
            zone,
            sums: BTreeMap::new(),
            failing: false,
        }
    }

    /// Notes the measured health of components at `now`.
    ///
    /// A database that cannot be written costs history, not the page: it is
    /// logged when it begins and when it ends.
    pub fn note(&mut self, healths: &[(ComponentId, Health)], now: Timestamp) {
        match self.ledger.note(healths, now) {
            Ok(()) if self.failing => {
                self.failing = false;
                tracing::info!("history is written again");
            }
            Err(error) if !self.failing => {
                self.failing = true;
                tracing::error!(%error, "cannot write history; it will have a gap");
            }
            Ok(()) | Err(_) => {}
        }
        for (component, health) in healths {
            let fresh = self.sums.get(component).is_some_and(|(made, known, _)| {
                known == health && (0..SUMS_LAST).contains(&now.duration_since(*made).as_secs())
            });
            if !fresh {
                let spans = self.ledger.spans(component, now);
                let sum = Arc::new(uptime::sum(&spans, &self.zone, now));
                self.sums.insert(component.clone(), (now, *health, sum));
            }
        }
    }

    /// A component's past, at most some seconds old.
    pub fn uptime(&self, component: &ComponentId) -> Arc<Uptime> {
        self.sums
            .get(component)
            .map(|(_, _, uptime)| uptime.clone())
            .unwrap_or_default()
    }
}
