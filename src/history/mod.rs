//! How everything was: kept on disk, and summed up for the board.

pub mod events;
pub mod figures;
pub mod gallery;
pub mod gathering;
pub mod keeper;
pub mod ledger;
pub mod lookups;
pub mod minutes;
pub mod queue;
pub mod recorder;
pub mod uptime;

mod book;
mod measured;
mod minute;
mod packed;
mod runs;
mod scrapes;
mod series;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::history::ledger::Ledger;
use crate::history::queue::{Note, Queue};
use crate::history::recorder::Recorder;
use crate::history::runs::Runs;
use crate::model::component::{ComponentId, Health};
use crate::model::run::{RuleRun, Run};
use crate::model::sample::{Sample, Scrape};
use crate::model::uptime::Uptime;
use crate::model::verdict::RuleId;

/// Seconds for which a sum is shown before it is made again.
const SUMS_LAST: i64 = 10;

/// The ledger with its sums as long as they hold, and the ways to the disk.
#[derive(Debug)]
pub struct History {
    ledger: Ledger,
    zone: TimeZone,
    /// Sums by component, with the moment at which they were made.
    sums: BTreeMap<ComponentId, (Timestamp, Health, Arc<Uptime>)>,
    queue: Queue,
    runs: Runs,
    recorder: Option<Recorder>,
}

impl History {
    /// Starts from a ledger; days are those of the zone.
    pub fn new(ledger: Ledger, zone: TimeZone, queue: Queue, recorder: Option<Recorder>) -> Self {
        Self {
            ledger,
            zone,
            sums: BTreeMap::new(),
            queue,
            runs: Runs::default(),
            recorder,
        }
    }

    /// Records a scrape as it came, if it is to be recorded.
    pub fn record(&mut self, scrape: &Scrape) {
        if let Some(recorder) = &mut self.recorder {
            recorder.record(scrape);
        }
    }

    /// Keeps the samples of a scrape that rules ask for.
    pub fn keep(&mut self, scrape: Scrape) {
        self.queue.send_scrape(scrape);
    }

    /// Keeps what we measured ourselves, for charts.
    pub fn keep_measured(&mut self, samples: Vec<Sample>, now: Timestamp) {
        if !samples.is_empty() {
            self.queue.send_scrape(measured::scrape(samples, now));
        }
    }

    /// Keeps where the rules stand; each with its expression.
    pub fn keep_runs<'r>(&mut self, rules: impl IntoIterator<Item = (&'r RuleId, &'r str, Run)>) {
        for (rule, expr, run) in rules {
            if !self.runs.is_news(rule, &run) {
                continue;
            }
            let note = Note::Run(RuleRun {
                rule: rule.clone(),
                expr: expr.to_owned(),
                run,
            });
            // Law 5: what was not handed on is news again at the next step.
            if self.queue.send(note).is_ok() {
                self.runs.told(rule.clone(), run);
            }
        }
    }

    /// Notes the measured health of components at `now`.
    pub fn note(&mut self, healths: &[(ComponentId, Health)], now: Timestamp) {
        self.ledger.note(healths, now);
        while let Some(owed) = self.ledger.due.pop_front() {
            if self.queue.send(Note::Owed(owed.clone())).is_err() {
                self.ledger.due.push_front(owed);
                break;
            }
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
