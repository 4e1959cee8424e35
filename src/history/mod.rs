//! How everything was: kept on disk, and summed up for the board.

pub mod charts;
pub mod detection;
pub mod events;
pub mod health;
pub mod minutes;
pub mod revisions;
pub mod samples;
pub mod silences;
pub mod writer;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::history::detection::log::{DetectionLog, WrittenPage};
use crate::history::events::providers::ProviderReports;
use crate::history::events::recent::RecentEvents;
use crate::history::health::log::HealthLog;
use crate::history::health::sums::UptimeSums;
use crate::history::revisions::log::Revisions;
use crate::history::samples::firsthand::FirsthandLog;
use crate::history::samples::measured;
use crate::history::samples::recorder::Recorder;
use crate::history::samples::runs::Runs;
use crate::history::writer::queue::{Note, WriteQueue};
use crate::history::writer::retention::Retention;
use crate::model::board::{Board, Sight};
use crate::model::component::{Component, ComponentId, Health};
use crate::model::event::{Event, SeenChange};
use crate::model::facts::detection::Honesty;
use crate::model::facts::firsthand::Firsthand;
use crate::model::facts::provider_status::Related;
use crate::model::facts::revised::Revised;
use crate::model::facts::uptime::{Maintenance, Uptime};
use crate::model::incident::IncidentId;
use crate::model::incidents::list::Incidents;
use crate::model::sample::{CollectorId, Sample, Scrape, Take};
use crate::model::series::run::{RuleProgress, RuleRun};
use crate::model::verdict::{RuleId, Verdict};

/// The ledger and the diary with their sums, and the ways to the disk.
#[derive(Debug)]
pub struct History {
    ledger: HealthLog,
    diary: DetectionLog,
    sums: UptimeSums,
    /// The components that are measured, with their health.
    measured: Vec<(ComponentId, Health)>,
    honesty: Arc<Honesty>,
    queue: WriteQueue,
    runs: Runs,
    recorder: Option<Recorder>,
    chronicle: RecentEvents,
    providers: ProviderReports,
    firsthand: FirsthandLog,
    revisions: Revisions,
    /// Other settings that the keeper was not told yet.
    keeping: Option<Retention>,
    /// How many databases were begun anew when it was looked last.
    databases: u64,
}

/// What is written at a moment, beside what was measured.
#[derive(Clone, Copy, Debug)]
pub struct Announced<'a> {
    /// The components, by whose names incidents affect them.
    pub components: &'a [Component],
    /// Every incident that could be read.
    pub incidents: &'a Arc<Incidents>,
    /// Those whose files have just gone and may come back.
    pub away: &'a [IncidentId],
    /// The files of those that rules opened just now.
    pub opened: &'a [String],
    /// What the rules say.
    pub verdicts: &'a [Verdict],
    /// When planned work went on.
    pub maintenance: &'a [Maintenance],
    /// When the last file was written.
    pub written: Timestamp,
}

impl History {
    /// Starts from a ledger and a diary; days are those of the zone.
    pub fn new(
        (ledger, diary): (HealthLog, DetectionLog),
        zone: TimeZone,
        queue: WriteQueue,
        recorder: Option<Recorder>,
    ) -> Self {
        Self {
            ledger,
            diary,
            sums: UptimeSums::new(zone),
            measured: Vec::new(),
            honesty: Arc::default(),
            queue,
            runs: Runs::default(),
            recorder,
            chronicle: RecentEvents::default(),
            providers: ProviderReports::default(),
            firsthand: FirsthandLog::default(),
            revisions: Revisions::default(),
            keeping: None,
            databases: 0,
        }
    }

    /// The same with what was done to the service of late.
    #[must_use]
    pub fn with_chronicle(self, chronicle: RecentEvents) -> Self {
        Self { chronicle, ..self }
    }

    /// The same with what was shown of things before.
    #[must_use]
    pub fn with_revisions(self, revisions: Revisions) -> Self {
        Self { revisions, ..self }
    }

    /// When what a board shows of its things changed last.
    pub fn revised(&mut self, board: &Board) -> Arc<Revised> {
        let revised = self.revisions.look(board);
        self.queue.pay(&mut self.revisions.due);
        revised
    }

    /// Takes in what samples show; before the scrape itself is kept, so that no
    /// crash keeps the samples and forgets the event.
    pub fn saw(&mut self, seen: SeenChange) {
        self.chronicle.saw(seen);
        self.keep_events();
    }

    /// Takes in what a provider says of itself.
    pub fn reported(&mut self, take: &Take, reports: Vec<Related>, now: Timestamp) {
        self.chronicle.reported(&take.collector, &reports, now);
        let good_until = now.checked_add(take.good_for).unwrap_or(Timestamp::MAX);
        self.providers.take(&take.collector, good_until, reports);
        self.keep_events();
    }

    /// What providers say of themselves, as long as it may be believed.
    pub fn related(&mut self, now: Timestamp) -> Vec<Related> {
        self.providers.at(now)
    }

    /// What probes and visitors saw a moment ago.
    pub fn firsthand(&mut self, now: Timestamp) -> Firsthand {
        self.firsthand.at(now)
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

    /// Goes on by other settings; days are those of the zone.
    pub fn keep_by(&mut self, keeping: Retention, zone: TimeZone) {
        self.keeping = Some(keeping);
        self.sums.move_to(zone);
    }

    /// Tells of whom each collector's events are from now on.
    pub fn concern(&mut self, subjects: &BTreeMap<CollectorId, Vec<Component>>) {
        self.chronicle.concern(subjects);
        self.firsthand.concern(subjects);
    }

    /// Records for how long incidents are held from now on, if that is recorded.
    pub fn hold_is(&mut self, hold: Duration, now: Timestamp) {
        if let Some(recorder) = &mut self.recorder {
            recorder.hold_is(hold, now);
        }
    }

    /// Takes a scrape in as it came, and records it if it is to be recorded.
    pub fn record(&mut self, scrape: &Scrape) {
        self.firsthand.take(scrape);
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
    pub fn keep_runs<'r>(
        &mut self,
        rules: impl IntoIterator<Item = (&'r RuleId, &'r str, RuleProgress)>,
    ) {
        for (rule, expr, run) in rules {
            if !self.runs.is_news(rule, &run) {
                continue;
            }
            let told = run.clone();
            let note = Note::Run(RuleRun {
                rule: rule.clone(),
                expr: expr.to_owned(),
                run,
            });
            // Law 5: what was not handed on is news again at the next step.
            if self.queue.send(note).is_ok() {
                self.runs.told(rule.clone(), told);
            }
        }
    }

    /// Notes the measured health of components at `now`, and what could be seen.
    pub fn note(&mut self, healths: Vec<(ComponentId, Health)>, sight: Sight, now: Timestamp) {
        if let Some(keeping) = self.keeping.take()
            && let Err(note) = self.queue.send(Note::Keeping(Box::new(keeping)))
            && let Note::Keeping(keeping) = *note
        {
            // Law 5: what was not handed on is due again at the next step.
            self.keeping = Some(*keeping);
        }
        if self.databases < self.queue.renewed() {
            // A new database is owed all that is remembered.
            self.databases = self.queue.renewed();
            self.ledger.owe_all();
            self.diary.owe_all();
            self.revisions.owe_all();
            self.runs = Runs::default();
        }
        self.ledger.note(&healths, now);
        match sight {
            Sight::Unwatched => {}
            Sight::Fresh { .. } => self.ledger.see(true, now),
            Sight::Blind { .. } => self.ledger.see(false, now),
        }
        self.measured = healths;
        self.queue.pay(&mut self.ledger.due);
    }

    /// Notes that nobody looked from a moment on until now.
    pub fn away(&mut self, since: Timestamp) {
        self.ledger.away(since);
    }

    /// Takes over what is written, and sums up what it changes of the past.
    pub fn confirm(&mut self, said: &Announced<'_>, now: Timestamp) {
        let page = WrittenPage {
            incidents: said.incidents,
            away: said.away,
            opened: said.opened,
            verdicts: said.verdicts,
            written: said.written,
        };
        self.diary.note(&page, now);
        self.queue.pay(&mut self.diary.due);
        let bounds = (self.sums.begins(now), now);
        let accounted = self.diary.accounted();
        self.sums
            .confirmed
            .update(said.incidents, said.maintenance, accounted, bounds);
        self.sums
            .update(&self.ledger, &self.measured, said.components, now);
        self.honesty = self.diary.honesty(|| self.ledger.sight(now), now);
    }

    /// Notes that what is written is on the page since `at`.
    pub fn shown(&mut self, at: Timestamp) {
        self.diary.shown(at);
        self.queue.pay(&mut self.diary.due);
    }

    /// A component's past, at most a minute old unless something happened.
    pub fn uptime(&self, component: &ComponentId) -> Arc<Uptime> {
        self.sums.of(component)
    }

    /// How well we did.
    pub fn honesty(&self) -> Arc<Honesty> {
        Arc::clone(&self.honesty)
    }
}
