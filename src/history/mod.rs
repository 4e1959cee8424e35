//! The past: written to the database, and summed up for the board.

pub mod charts;
pub mod detection;
pub mod events;
pub mod health;
pub mod minutes;
pub mod readable;
pub mod replays;
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

use crate::history::detection::log::DetectionLog;
use crate::history::detection::written::WrittenPage;
use crate::history::events::providers::ProviderReports;
use crate::history::events::recent::RecentEvents;
use crate::history::health::log::HealthLog;
use crate::history::health::sums::UptimeSums;
use crate::history::readable::log::ReadableLog;
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
use crate::model::incidents::readable::ReadableTexts;
use crate::model::sample::{CollectorId, Sample, Scrape, Take};
use crate::model::series::run::{RuleProgress, RuleRun};
use crate::model::text::language::Language;
use crate::model::verdict::{RuleId, Verdict};

/// The logs of health and detection with their sums, and the way to the database.
#[derive(Debug)]
pub struct History {
    health: HealthLog,
    detection: DetectionLog,
    sums: UptimeSums,
    /// The components that are measured, with their health.
    measured: Vec<(ComponentId, Health)>,
    honesty: Arc<Honesty>,
    queue: WriteQueue,
    runs: Runs,
    recorder: Option<Recorder>,
    events: RecentEvents,
    providers: ProviderReports,
    firsthand: FirsthandLog,
    revisions: Revisions,
    readable: ReadableLog,
    /// A new retention that the writer does not have yet.
    retention: Option<Retention>,
    /// How many new databases had been begun at the last look.
    databases: u64,
}

/// The incidents and verdicts of a moment, besides the samples.
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
    /// The verdicts of all rules.
    pub verdicts: &'a [Verdict],
    /// When planned work went on.
    pub maintenance: &'a [Maintenance],
    /// When the last file was written.
    pub written: Timestamp,
}

impl History {
    /// Starts from the logs of earlier runs; days are those of the zone.
    pub fn new(
        (health, detection): (HealthLog, DetectionLog),
        zone: TimeZone,
        queue: WriteQueue,
        recorder: Option<Recorder>,
    ) -> Self {
        Self {
            health,
            detection,
            sums: UptimeSums::new(zone),
            measured: Vec::new(),
            honesty: Arc::default(),
            queue,
            runs: Runs::default(),
            recorder,
            events: RecentEvents::default(),
            providers: ProviderReports::default(),
            firsthand: FirsthandLog::default(),
            revisions: Revisions::default(),
            readable: ReadableLog::default(),
            retention: None,
            databases: 0,
        }
    }

    /// The same with what was done to the service of late.
    #[must_use]
    pub fn with_events(self, events: RecentEvents) -> Self {
        Self { events, ..self }
    }

    /// The same with what was shown of things before.
    #[must_use]
    pub fn with_revisions(self, revisions: Revisions) -> Self {
        Self { revisions, ..self }
    }

    /// The same with what open incidents said when their files could be read last.
    #[must_use]
    pub fn with_readable(self, readable: ReadableLog) -> Self {
        Self { readable, ..self }
    }

    /// What open incidents said when their files could be read last.
    pub fn readable(&self) -> &ReadableTexts {
        self.readable.texts()
    }

    /// Keeps what open incidents say as long as their files can be read, for the next
    /// start.
    pub fn keep_readable(&mut self, texts: &Arc<ReadableTexts>) {
        self.readable.keep(texts);
        self.queue.pay(&mut self.readable.due);
    }

    /// When what a board shows of its things changed last.
    pub fn revised(&mut self, board: &Board) -> Arc<Revised> {
        let revised = self.revisions.look(board);
        self.queue.pay(&mut self.revisions.due);
        revised
    }

    /// Takes in a change that samples show; before the scrape is stored, so that no
    /// crash keeps the samples and forgets the event.
    pub fn saw(&mut self, seen: SeenChange) {
        self.events.saw(seen);
        self.send_events();
    }

    /// Takes in the status of a provider.
    pub fn reported(&mut self, take: &Take, reports: Vec<Related>, now: Timestamp) {
        self.events.reported(&take.collector, &reports, now);
        let good_until = now.checked_add(take.good_for).unwrap_or(Timestamp::MAX);
        self.providers.take(&take.collector, good_until, reports);
        self.send_events();
    }

    /// The statuses of providers that are still valid.
    pub fn related(&mut self, now: Timestamp) -> Vec<Related> {
        self.providers.at(now)
    }

    /// What probes and visitors saw a moment ago.
    pub fn firsthand(&mut self, now: Timestamp) -> Firsthand {
        self.firsthand.at(now)
    }

    /// Recent events, in the order in which they happened.
    pub fn events(&mut self, now: Timestamp) -> &[Event] {
        self.send_events();
        self.events.events(now)
    }

    /// Hands events on; what does not fit is due again at the next step (law 5).
    fn send_events(&mut self) {
        while let Some(event) = self.events.due.pop_front() {
            if self.queue.send(Note::Event(event.clone())).is_err() {
                self.events.due.push_front(event);
                break;
            }
        }
    }

    /// Goes on by other settings; days are those of the zone.
    pub fn set_retention(&mut self, retention: Retention, zone: TimeZone) {
        self.retention = Some(retention);
        self.sums.move_to(zone);
    }

    /// Tells of whom each collector's events are from now on, and in which language
    /// providers are quoted.
    pub fn concern(
        &mut self,
        subjects: &BTreeMap<CollectorId, Vec<Component>>,
        language: Language,
    ) {
        self.events.concern(subjects, language);
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

    /// Stores the samples of a scrape that rules ask for.
    pub fn store_scrape(&mut self, scrape: Scrape) {
        self.queue.send_scrape(scrape);
    }

    /// Stores our own measurements, for charts.
    pub fn store_measured(&mut self, samples: Vec<Sample>, now: Timestamp) {
        if !samples.is_empty() {
            self.queue.send_scrape(measured::scrape(samples, now));
        }
    }

    /// Stores the runs of rules, each with its expression.
    pub fn store_runs<'r>(
        &mut self,
        rules: impl IntoIterator<Item = (&'r RuleId, &'r str, RuleProgress)>,
    ) {
        for (rule, expr, run) in rules {
            if !self.runs.is_news(rule, &run) {
                continue;
            }
            let sent = run.clone();
            let note = Note::Run(RuleRun {
                rule: rule.clone(),
                expr: expr.to_owned(),
                run,
            });
            // Law 5: what was not handed on is news again at the next step.
            if self.queue.send(note).is_ok() {
                self.runs.sent(rule.clone(), sent);
            }
        }
    }

    /// Notes the measured health of components at `now`, and what could be seen.
    pub fn note(&mut self, healths: Vec<(ComponentId, Health)>, sight: Sight, now: Timestamp) {
        if let Some(retention) = self.retention.take()
            && let Err(note) = self.queue.send(Note::Retention(Box::new(retention)))
            && let Note::Retention(retention) = *note
        {
            // Law 5: what was not handed on is due again at the next step.
            self.retention = Some(*retention);
        }
        if self.databases < self.queue.renewed() {
            // A new database is owed all that is remembered.
            self.databases = self.queue.renewed();
            self.health.owe_all();
            self.detection.owe_all();
            self.revisions.owe_all();
            self.readable.owe_all();
            self.runs = Runs::default();
        }
        self.health.note(&healths, now);
        match sight {
            Sight::Unwatched => {}
            Sight::Fresh { .. } => self.health.see(true, now),
            Sight::Blind { .. } => self.health.see(false, now),
        }
        self.measured = healths;
        self.queue.pay(&mut self.health.due);
    }

    /// Notes that nobody looked from a moment on until now.
    pub fn away(&mut self, since: Timestamp) {
        self.health.away(since);
    }

    /// Takes over what is written, and sums up what it changes of the past.
    pub fn confirm(&mut self, announced: &Announced<'_>, now: Timestamp) {
        let page = WrittenPage {
            incidents: announced.incidents,
            away: announced.away,
            opened: announced.opened,
            verdicts: announced.verdicts,
            written: announced.written,
        };
        self.detection.note(&page, now);
        self.queue.pay(&mut self.detection.due);
        let bounds = (self.sums.begins(now), now);
        let accounted = self.detection.accounted();
        self.sums.confirmed.update(
            announced.incidents,
            announced.maintenance,
            accounted,
            bounds,
        );
        self.sums
            .update(&self.health, &self.measured, announced.components, now);
        self.honesty = self.detection.honesty(|| self.health.sight(now), now);
    }

    /// Notes that what is written is on the page since `at`.
    pub fn shown(&mut self, at: Timestamp) {
        self.detection.shown(at);
        self.queue.pay(&mut self.detection.due);
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
