//! How everything was: kept on disk, and summed up for the board.

pub mod chronicle;
pub mod events;
pub mod figures;
pub mod gathering;
pub mod keeper;
pub mod ledger;
pub mod minutes;
pub mod notes;
pub mod queue;
pub mod recorder;
pub mod silences;
pub mod uptime;

mod book;
mod minute;
mod packed;
mod runs;
mod scrapes;
mod series;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::history::chronicle::Chronicle;
use crate::history::ledger::Ledger;
use crate::history::queue::{Note, Queue};
use crate::history::recorder::Recorder;
use crate::history::runs::Runs;
use crate::model::component::{ComponentId, Health};
use crate::model::event::{Event, Seen};
use crate::model::related::Related;
use crate::model::run::{RuleRun, Run};
use crate::model::sample::{CollectorId, Scrape};
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
    chronicle: Chronicle,
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
            chronicle: Chronicle::default(),
        }
    }

    /// The same with what was done to the service of late.
    #[must_use]
    pub fn with_chronicle(self, chronicle: Chronicle) -> Self {
        Self { chronicle, ..self }
    }

    /// Takes in what samples show; before the scrape itself is kept, so that no
    /// crash keeps the samples and forgets the event.
    pub fn saw(&mut self, seen: Seen) {
        self.chronicle.saw(seen);
        self.keep_events();
    }

    /// Takes in what a provider says of itself.
    pub fn reported(&mut self, collector: &CollectorId, related: &[Related], now: Timestamp) {
        self.chronicle.reported(collector, related, now);
        self.keep_events();
    }

    /// What was noted of late, in the order in which it happened.
    pub fn events(&mut self, now: Timestamp) -> &[Event] {
        self.keep_events();
        self.chronicle.events(now)
    }

    /// Hands events on; what does not fit is due again at the next step (law 5).
    fn keep_events(&mut self) {
        while let Some(event) = self.chronicle.due.pop_front() {
            if self.queue.send(Note::Event(event.clone())).is_err() {
                self.chronicle.due.push_front(event);
                break;
            }
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
