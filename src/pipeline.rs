//! The heartbeat: samples come in, the board goes out. The only clock (law 8).

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio::sync::{mpsc, watch};
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use crate::evaluate::Evaluator;
use crate::evaluate::rules::verdict_log::VerdictLog;
use crate::history::charts::due::Charts;
use crate::history::writer::metrics::WriterMetrics;
use crate::history::writer::retention::Retention;
use crate::history::{Announced, History};
use crate::incident::journal::{Journal, JournalState};
use crate::incident::maintenance::progress;
use crate::incident::postmortem::request::PostmortemRequest;
use crate::incident::reconcile::input::Observed;
use crate::incident::reconcile::suppression::hushed;
use crate::model::board::{Board, BoardInput, Sight};
use crate::model::component::{Component, ComponentId, Health};
use crate::model::facts::planned::Planned;
use crate::model::facts::provider_status::Related;
use crate::model::facts::uptime::Maintenance;
use crate::model::facts::weight;
use crate::model::incidents::list::Incidents;
use crate::model::request::ask::{HistoryQuery, Newest, SampleQuery};
use crate::model::sample::{CollectorId, Metric, Take};
use crate::model::silence::Silence;
use crate::model::time::duration::elapsed;
use crate::model::verdict::Verdict;

/// How often a step is made when no sample arrives.
const BEAT: Duration = Duration::from_millis(500);

/// How often the window is measured, in milliseconds.
const FIGURES_LAST: i64 = 5_000;

/// A clock that goes further ahead of a stopwatch than this was set.
const LEAP: Duration = Duration::from_secs(2);

/// A longer time without a step is time that nobody saw: the program or the
/// machine stood still. The page shows a board that is older as blind.
const UNSEEN: Duration = Duration::from_secs(15);

/// What is planned and silenced besides what is measured.
#[derive(Debug)]
pub struct Calls {
    /// The newest list of silences.
    pub silences: watch::Receiver<Arc<Vec<Silence>>>,
    /// Wakes us when planned work is due; we look at every beat all the same.
    pub wakes: mpsc::Receiver<()>,
    /// Where we say when planned work is due next.
    pub due: watch::Sender<Option<Timestamp>>,
}

/// The stages, in the order in which data passes them.
#[derive(Debug)]
pub struct Pipeline {
    components: Vec<Component>,
    evaluator: Evaluator,
    history: History,
    journal: Journal,
    calls: Calls,
    /// What others say of themselves, and until when it may be believed.
    related: BTreeMap<CollectorId, (Timestamp, Vec<Related>)>,
    log: VerdictLog,
    /// Planned work as it really was, of the files as they are.
    works: (Arc<Incidents>, Vec<Maintenance>, Vec<Planned>),
    figures: WriterMetrics,
    gallery: Charts,
    aftermath: PostmortemRequest,
    /// When the window was measured last.
    counted: Option<Timestamp>,
}

/// What other settings make of the stages.
#[derive(Debug)]
pub struct Other {
    /// Components in the order of the page.
    pub components: Vec<Component>,
    /// The rules and an empty window.
    pub evaluator: Evaluator,
    /// What is kept on disk.
    pub keeping: Retention,
    /// The zone of days.
    pub zone: TimeZone,
    /// The writer of the incidents folder.
    pub journal: Journal,
    /// For how long incidents are held.
    pub hold: Duration,
    /// The components that each collector is there for.
    pub subjects: BTreeMap<CollectorId, Vec<Component>>,
}

impl Pipeline {
    /// Ties the stages together.
    pub fn new(
        components: Vec<Component>,
        evaluator: Evaluator,
        history: History,
        journal: Journal,
        calls: Calls,
        figures: WriterMetrics,
    ) -> Self {
        Self {
            components,
            evaluator,
            history,
            journal,
            calls,
            related: BTreeMap::new(),
            log: VerdictLog::default(),
            works: (Arc::default(), Vec::new(), Vec::new()),
            figures,
            gallery: Charts::default(),
            aftermath: PostmortemRequest::default(),
            counted: None,
        }
    }

    /// Goes on by other settings: nothing that was measured is lost, and rules
    /// that are still the same stand where they stood.
    #[must_use]
    pub fn by_other(mut self, settings: Other, now: Timestamp) -> Self {
        self.history.keep_by(settings.keeping, settings.zone);
        self.history.concern(&settings.subjects);
        self.history.hold_is(settings.hold, now);
        let figures = settings.evaluator.figures().cloned().collect();
        Self {
            components: settings.components,
            evaluator: settings.evaluator.after(self.evaluator, now),
            gallery: self.gallery.showing(figures),
            journal: settings.journal.after(self.journal),
            ..self
        }
    }

    /// The same with a way to what was written down, for charts and for the
    /// stories of incidents that are over.
    #[must_use]
    pub fn with_lookups(mut self, asks: mpsc::Sender<HistoryQuery>) -> Self {
        let figures = self.evaluator.figures().cloned().collect();
        self.gallery = Charts::new(figures, asks.clone());
        self.aftermath = PostmortemRequest::new(asks);
        self
    }

    /// The moment.
    #[expect(
        clippy::disallowed_methods,
        reason = "law 8: this is where time comes from"
    )]
    pub fn clock() -> Timestamp {
        Timestamp::now()
    }

    /// Takes the samples of a collector in.
    pub fn ingest(&mut self, mut take: Take, now: Timestamp) {
        let related = std::mem::take(&mut take.related);
        let good_until = now.checked_add(take.good_for).unwrap_or(Timestamp::MAX);
        self.history.reported(&take.collector, &related, now);
        self.related
            .insert(take.collector.clone(), (good_until, related));
        let scrape = take.at(now);
        self.history.record(&scrape);
        let kept = self.evaluator.ingest(scrape);
        for seen in self.evaluator.seen() {
            tracing::info!(kind = "event", collector.name = %kept.collector, "{}", seen.event.text);
            self.history.saw(seen);
        }
        self.history.keep(kept);
    }

    /// Evaluates, remembers, writes incidents, and makes the board of `now`.
    pub async fn step(&mut self, now: Timestamp) -> Board {
        let begun = Instant::now();
        let (verdicts, sight) = self.judge(now);
        let backlogs = self.evaluator.backlogs(now);
        let planned = progress::planned(&self.journal.look(now).await, now);
        let silences = Arc::clone(&self.calls.silences.borrow());
        let hushed = hushed(&verdicts, &self.components, &planned, &silences, now);
        let truth = Observed {
            hushed: &hushed,
            events: self.history.events(now),
            backlogs: &backlogs,
            ..Observed::of(&verdicts, &self.components)
        };
        let written = self.journal.step(truth, now).await;
        self.account(&written, now);
        self.history.confirm(
            &Announced {
                components: &self.components,
                incidents: &written.incidents,
                opened: &written.opened,
                verdicts: &verdicts,
                maintenance: &self.works.1,
                written: after(now, begun),
            },
            now,
        );
        self.look_back(now).await;
        let components = self.components.iter();
        let board = Board::new(
            now,
            BoardInput {
                components: components
                    .map(|component| (component.clone(), self.history.uptime(&component.id)))
                    .collect(),
                planned: progress::planned(&written.incidents, now),
                works: self.works.2.clone(),
                incidents: written.incidents,
                outlooks: written.outlooks,
                backlogs,
                verdicts,
                faults: written.faults,
                related: self.related(),
                silences,
                hushed,
                sight,
                reader: written.reader,
                unwritten: written.unwritten,
                honesty: self.history.honesty(),
            },
        );
        Board {
            figures: self.gallery.tend(now),
            revised: self.history.revised(&board),
            ..board
        }
    }

    /// Has the story told of what is over.
    async fn look_back(&mut self, now: Timestamp) {
        let decisive: Vec<_> = self.evaluator.decisive().collect();
        let (journal, components) = (&mut self.journal, &self.components);
        self.aftermath
            .tend(journal, &decisive, components, now)
            .await;
    }

    /// Takes into account what is written.
    fn account(&mut self, written: &JournalState, now: Timestamp) {
        let is_whole = written.unwritten.is_empty();
        self.figures.wrote(is_whole, written.failed);
        self.say_when_due();
        self.plan(&written.incidents, now);
        self.related.retain(|_, (good_until, _)| *good_until >= now);
    }

    /// Evaluates, and remembers what that says.
    fn judge(&mut self, now: Timestamp) -> (Vec<Verdict>, Sight) {
        let verdicts = self.evaluator.judge(now);
        self.log.note(&verdicts);
        let sight = self.evaluator.sight(now);
        self.history.note(self.measured(&verdicts), sight, now);
        self.history.keep_runs(self.evaluator.runs());
        let measured = self.evaluator.measure(now);
        self.history.keep_measured(measured, now);
        self.count(now);
        (verdicts, sight)
    }

    /// What providers report of themselves.
    fn related(&self) -> Vec<Related> {
        let related = self.related.values().flat_map(|(_, related)| related);
        related.cloned().collect()
    }

    /// Reads what is planned, if files have changed.
    fn plan(&mut self, incidents: &Arc<Incidents>, now: Timestamp) {
        if !Arc::ptr_eq(&self.works.0, incidents) {
            let spans = progress::maintenance_spans(incidents, now);
            let works = progress::works(incidents.iter().map(Arc::as_ref), now);
            self.works = (Arc::clone(incidents), spans, works);
        }
    }

    /// Makes a step whenever samples arrive, and at every beat, until told to stop.
    ///
    /// What came until then is remembered for who goes on with it.
    pub async fn run(
        &mut self,
        mut takes: mpsc::Receiver<Take>,
        mut asks: mpsc::Receiver<SampleQuery>,
        boards: watch::Sender<Arc<Board>>,
        stop: CancellationToken,
    ) {
        let mut beat = tokio::time::interval(BEAT);
        beat.set_missed_tick_behavior(MissedTickBehavior::Skip);
        let mut before = (Self::clock(), Instant::now());
        loop {
            let take = tokio::select! {
                () = stop.cancelled() => break,
                _ = beat.tick() => None,
                () = self.journal.changed() => None,
                Some(()) = self.calls.wakes.recv() => None,
                Ok(()) = self.calls.silences.changed() => None,
                Some(ask) = asks.recv() => {
                    // Who asked may have gone away.
                    let _ = ask.answer.send(self.select(&ask.selectors, Self::clock()));
                    continue;
                }
                Some(take) = takes.recv() => Some(take),
            };
            let (now, begun) = (Self::clock(), Instant::now());
            self.mind_leaps(before, now);
            let last = std::mem::replace(&mut before, (now, begun)).0;
            if let Some(take) = take {
                self.ingest(take, now);
                while let Ok(take) = takes.try_recv() {
                    self.ingest(take, now);
                }
            }
            if elapsed(last, now) > UNSEEN {
                self.history.away(last);
            }
            let board = self.step(now).await;
            boards.send_replace(Arc::new(board));
            self.history.shown(after(now, begun));
        }
        let now = Self::clock();
        while let Ok(take) = takes.try_recv() {
            self.ingest(take, now);
        }
    }

    /// Logs a clock that leapt ahead of a stopwatch since a moment; nobody measured
    /// the time between.
    fn mind_leaps(&mut self, (before, stopwatch): (Timestamp, Instant), now: Timestamp) {
        if let Some(by) = leap(before, now, stopwatch.elapsed()) {
            tracing::warn!(
                seconds = by.as_secs(),
                "the clock stepped forward; the time between counts for nothing",
            );
            self.evaluator.leap();
        }
    }

    /// Has us woken when planned work is due.
    fn say_when_due(&self) {
        let due = self.journal.attention();
        self.calls.due.send_if_modified(|said| {
            let news = *said != due;
            *said = due;
            news
        });
    }

    /// The newest samples that any of the selectors selects.
    fn select(&self, selectors: &[String], now: Timestamp) -> Result<Vec<Newest>, String> {
        let mut found: BTreeMap<Metric, Newest> = BTreeMap::new();
        for selector in selectors {
            let newest = self.evaluator.select(selector, now);
            let newest = newest.map_err(|error| error.to_string())?;
            found.extend(newest.into_iter().map(|one| (one.metric.clone(), one)));
        }
        Ok(found.into_values().collect())
    }

    /// Takes over the size of the window into our metrics.
    fn count(&mut self, now: Timestamp) {
        let fresh = |at: Timestamp| {
            (0..FIGURES_LAST).contains(&(now.as_millisecond() - at.as_millisecond()))
        };
        if self.counted.is_some_and(fresh) {
            return;
        }
        self.counted = Some(now);
        let (series, samples) = self.evaluator.held();
        self.figures.window(series, samples);
        self.figures.refused("series", self.evaluator.refused());
    }

    /// The measured health of every component that a rule watches.
    fn measured(&self, verdicts: &[Verdict]) -> Vec<(ComponentId, Health)> {
        let components = self.components.iter();
        components
            .filter_map(|component| {
                Some((component.id.clone(), weight::measured(component, verdicts)?))
            })
            .collect()
    }
}

/// The moment by a stopwatch that was started at `now`.
fn after(now: Timestamp, begun: Instant) -> Timestamp {
    now.checked_add(begun.elapsed()).unwrap_or(now)
}

/// By how much the clock leapt ahead of a stopwatch between two moments, if it
/// was set.
fn leap(before: Timestamp, now: Timestamp, measured: Duration) -> Option<Duration> {
    let by = elapsed(before, now).saturating_sub(measured);
    (by > LEAP).then_some(by)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_leaps_only_if_a_stopwatch_did_not_follow() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let seconds = Duration::from_secs;
        assert_eq!(leap(at(0), at(3600), seconds(1)), Some(seconds(3599)));
        // A machine that was busy, a clock that is slewed, one that was set back.
        assert_eq!(leap(at(0), at(3600), seconds(3600)), None);
        assert_eq!(leap(at(0), at(3), seconds(1)), None);
        assert_eq!(leap(at(10), at(0), seconds(1)), None);
    }
}
