//! The stages in their order: samples come in, the board goes out. The only clock (law 8).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio::sync::{mpsc, watch};

use crate::collect::pace::Hurried;
use crate::evaluate::Evaluator;
use crate::evaluate::rules::facts::facts;
use crate::evaluate::rules::rule::Rule;
use crate::evaluate::rules::verdict_log::VerdictLog;
use crate::history::History;
use crate::history::charts::due::Charts;
use crate::history::writer::metrics::WriterMetrics;
use crate::history::writer::retention::Retention;
use crate::incident::journal::Journal;
use crate::incident::maintenance::list::MaintenanceList;
use crate::incident::postmortem::request::PostmortemRequest;
use crate::incident::reconcile::input::Observed;
use crate::model::board::{Board, Facts};
use crate::model::component::Component;
use crate::model::facts::rule_facts::RuleFacts;
use crate::model::request::ask::HistoryQuery;
use crate::model::sample::{CollectorId, Take};
use crate::model::silence::Silence;
use crate::model::text::language::Language;
use crate::model::time::stopwatch;
use crate::pipeline::publication::Publication;

/// The stages, in the order in which data passes them.
#[derive(Debug)]
pub struct Pipeline {
    components: Vec<Component>,
    pub(super) evaluator: Evaluator,
    pub(super) history: History,
    pub(super) journal: Journal,
    pub(super) silences: watch::Receiver<Arc<Vec<Silence>>>,
    log: VerdictLog,
    maintenance: MaintenanceList,
    metrics: WriterMetrics,
    charts: Charts,
    postmortems: PostmortemRequest,
    /// The collectors that are to ask faster at present.
    hurried: watch::Sender<Arc<BTreeSet<CollectorId>>>,
}

/// What other settings make of the stages.
#[derive(Debug)]
pub struct Reconfiguration {
    /// Components in the order of the page.
    pub components: Vec<Component>,
    /// The rules and an empty window.
    pub evaluator: Evaluator,
    /// What is kept on disk.
    pub retention: Retention,
    /// The zone of days.
    pub zone: TimeZone,
    /// The writer of the incidents folder.
    pub journal: Journal,
    /// For how long incidents are held.
    pub hold: Duration,
    /// The components that each collector is there for.
    pub subjects: BTreeMap<CollectorId, Vec<Component>>,
    /// The site's language, in which events are told.
    pub language: Language,
}

impl Pipeline {
    /// Ties the stages together.
    pub fn new(
        components: Vec<Component>,
        evaluator: Evaluator,
        history: History,
        journal: Journal,
        silences: watch::Receiver<Arc<Vec<Silence>>>,
        metrics: WriterMetrics,
    ) -> Self {
        let journal = journal.recalling(history.readable().clone());
        Self {
            components,
            evaluator,
            history,
            journal,
            silences,
            log: VerdictLog::default(),
            maintenance: MaintenanceList::default(),
            metrics,
            charts: Charts::default(),
            postmortems: PostmortemRequest::default(),
            hurried: watch::Sender::default(),
        }
    }

    /// Tells from now on which collectors are to ask faster.
    pub(crate) fn hurried(&self) -> Hurried {
        self.hurried.subscribe()
    }

    /// Goes on by other settings: nothing that was measured is lost, and rules
    /// that are still the same stand where they stood.
    #[must_use]
    pub fn reconfigured(mut self, settings: Reconfiguration, now: Timestamp) -> Self {
        self.history
            .set_retention(settings.retention, settings.zone);
        self.history.concern(&settings.subjects, settings.language);
        self.history.hold_is(settings.hold, now);
        let published = settings.evaluator.published().cloned().collect();
        Self {
            components: settings.components,
            evaluator: settings.evaluator.after(self.evaluator, now),
            charts: self.charts.showing(published),
            journal: settings.journal.after(self.journal),
            ..self
        }
    }

    /// The same with a way to what was written down, for charts and for the
    /// stories of incidents that are over.
    #[must_use]
    pub fn with_lookups(mut self, asks: mpsc::Sender<HistoryQuery>) -> Self {
        let published = self.evaluator.published().cloned().collect();
        self.charts = Charts::new(published, asks.clone());
        self.postmortems = PostmortemRequest::new(asks);
        self
    }

    /// The rules as before their first evaluation.
    pub(crate) fn rules_afresh(&self) -> Vec<Rule> {
        self.evaluator.rules().iter().map(Rule::afresh).collect()
    }

    /// The rules, in the order of the settings.
    pub(crate) fn rules(&self) -> Vec<RuleFacts> {
        self.evaluator.rules().iter().map(facts).collect()
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
        let reports = std::mem::take(&mut take.related);
        self.history.reported(&take, reports, now);
        let scrape = take.at(now);
        tracing::debug!(
            collector.name = %scrape.collector,
            samples = scrape.samples.len(),
            "a scrape arrived",
        );
        self.history.record(&scrape);
        let kept = self.evaluator.ingest(scrape);
        for seen in self.evaluator.seen() {
            tracing::info!(kind = "event", collector.name = %kept.collector, "{}", seen.event.text);
            self.history.saw(seen);
        }
        self.history.store_scrape(kept);
    }

    /// Evaluates, remembers, writes incidents, and makes the board of `now`.
    pub async fn step(&mut self, now: Timestamp) -> Board {
        let begun = Instant::now();
        let facts = self.judge(now);
        let announced = self.journal.look(now).await;
        let silences = Arc::clone(&self.silences.borrow());
        let facts = self
            .publication()
            .suppressed(facts, &announced, silences, now);
        let observed = Observed {
            suppressed: &facts.suppressed,
            unlooked: self.evaluator.unlooked(now),
            events: self.history.events(now),
            backlogs: &facts.backlogs,
            ..Observed::of(&facts.verdicts, &self.components)
        };
        let written = self.journal.step(observed, now).await;
        self.history.keep_readable(&written.readable);
        self.metrics
            .wrote(written.unwritten.is_empty(), written.failed);
        let written_at = stopwatch::after(now, begun);
        let charts = self.charts.tend(now);
        let board = self
            .publication()
            .board(facts, written, (written_at, charts), now);
        self.write_postmortems(now).await;
        board
    }

    /// What the board is made of, besides the facts of its moment.
    fn publication(&mut self) -> Publication<'_> {
        Publication {
            components: &self.components,
            maintenance: &mut self.maintenance,
            history: Some(&mut self.history),
        }
    }

    /// Has the post-mortem of what is over written.
    async fn write_postmortems(&mut self, now: Timestamp) {
        let decisive: Vec<_> = self.evaluator.decisive().collect();
        let (journal, components) = (&mut self.journal, &self.components);
        self.postmortems
            .tend(journal, &decisive, components, now)
            .await;
    }

    /// Evaluates, and remembers what that says.
    fn judge(&mut self, now: Timestamp) -> Facts {
        let verdicts = self.evaluator.judge(now);
        self.log.note(&verdicts);
        let hurried = self.evaluator.hurried(&verdicts, now);
        self.hurried.send_if_modified(|before| {
            let is_other = **before != hurried;
            if is_other {
                *before = Arc::new(hurried);
            }
            is_other
        });
        let sight = self.evaluator.sight(now);
        let facts = self.publication().measured(verdicts, sight, now);
        self.history.store_runs(self.evaluator.runs());
        let measured = self.evaluator.measure(now);
        self.charts.measured(&measured, now);
        self.history.store_measured(measured, now);
        let window = self.evaluator.window();
        self.metrics.window(window.series(), window.samples());
        self.metrics.refused("series", window.refused());
        Facts {
            backlogs: self.evaluator.backlogs(now),
            awaited: self.evaluator.awaited(),
            ..facts
        }
    }
}
