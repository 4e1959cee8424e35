//! The heartbeat: samples come in, the board goes out. The only clock (law 8).

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{mpsc, watch};
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use crate::evaluate::Evaluator;
use crate::history::History;
use crate::history::figures::Figures;
use crate::incident::journal::Journal;
use crate::incident::maintenance;
use crate::incident::reconcile::scene::Truth;
use crate::model::ask::{Ask, Newest};
use crate::model::board::{self, Board, Findings};
use crate::model::component::{Component, ComponentId, Health};
use crate::model::related::Related;
use crate::model::sample::{CollectorId, Metric, Take};
use crate::model::verdict::{RuleId, State, Verdict};

/// How often a step is made when no sample arrives.
const BEAT: Duration = Duration::from_millis(500);

/// How often the window is measured, in milliseconds.
const FIGURES_LAST: i64 = 5_000;

/// How many series of evidence are worth a line each.
const TOLD_EVIDENCE: usize = 2;

/// The stages, in the order in which data passes them.
#[derive(Debug)]
pub struct Pipeline {
    components: Vec<Component>,
    evaluator: Evaluator,
    history: History,
    journal: Journal,
    /// What others say of themselves, and until when it may be believed.
    related: BTreeMap<CollectorId, (Timestamp, Vec<Related>)>,
    /// The state of each rule when it was last told in the log.
    told: BTreeMap<RuleId, &'static str>,
    figures: Figures,
    /// When the window was measured last.
    counted: Option<Timestamp>,
}

impl Pipeline {
    /// Ties the stages together.
    pub fn new(
        components: Vec<Component>,
        evaluator: Evaluator,
        history: History,
        journal: Journal,
        figures: Figures,
    ) -> Self {
        Self {
            components,
            evaluator,
            history,
            journal,
            related: BTreeMap::new(),
            told: BTreeMap::new(),
            figures,
            counted: None,
        }
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
        self.related
            .insert(take.collector.clone(), (good_until, related));
        let scrape = take.at(now);
        self.history.record(&scrape);
        let kept = self.evaluator.ingest(scrape);
        self.history.keep(kept);
    }

    /// Evaluates, remembers, writes incidents, and makes the board of `now`.
    pub async fn step(&mut self, now: Timestamp) -> Board {
        let verdicts = self.evaluator.judge(now);
        self.tell(&verdicts);
        self.history.note(&self.measured(&verdicts), now);
        self.history.keep_runs(self.evaluator.runs());
        self.count(now);
        let truth = Truth::of(&verdicts, &self.components);
        let written = self.journal.step(truth, now).await;
        self.related.retain(|_, (good_until, _)| *good_until >= now);
        let related = self.related.values().flat_map(|(_, related)| related);
        let components = self.components.iter();
        Board::new(
            now,
            Findings {
                components: components
                    .map(|component| (component.clone(), self.history.uptime(&component.id)))
                    .collect(),
                planned: maintenance::planned(&written.incidents, now),
                incidents: written.incidents,
                outlooks: written.outlooks,
                verdicts,
                faults: written.faults,
                related: related.cloned().collect(),
                sight: self.evaluator.sight(now),
            },
        )
    }

    /// Makes a step whenever samples arrive, and at every beat, until told to stop.
    pub async fn run(
        mut self,
        mut takes: mpsc::Receiver<Take>,
        mut asks: mpsc::Receiver<Ask>,
        boards: watch::Sender<Arc<Board>>,
        stop: CancellationToken,
    ) {
        let mut beat = tokio::time::interval(BEAT);
        beat.set_missed_tick_behavior(MissedTickBehavior::Skip);
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = beat.tick() => {}
                () = self.journal.changed() => {}
                Some(ask) = asks.recv() => {
                    // Who asked may have gone away.
                    let _ = ask.answer.send(self.select(&ask.selectors, Self::clock()));
                    continue;
                }
                Some(take) = takes.recv() => {
                    let now = Self::clock();
                    self.ingest(take, now);
                    while let Ok(take) = takes.try_recv() {
                        self.ingest(take, now);
                    }
                }
            }
            let board = self.step(Self::clock()).await;
            boards.send_replace(Arc::new(board));
        }
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
                Some((component.id.clone(), board::measured(component, verdicts)?))
            })
            .collect()
    }

    /// Logs what changed since it was logged last.
    fn tell(&mut self, verdicts: &[Verdict]) {
        for verdict in verdicts {
            let word = verdict.state.word();
            let before = self.told.get(&verdict.rule).copied();
            let news = match verdict.state {
                // What is only pending may come to nothing.
                State::Pending { .. } => continue,
                State::Firing { .. } => before != Some(word),
                // Before the first samples nothing can be known.
                State::Unknown { .. } if before.is_none() => continue,
                State::Quiet { .. } | State::Unknown { .. } => {
                    before.is_some_and(|told| told != word)
                }
            };
            self.told.insert(verdict.rule.clone(), word);
            if !news {
                continue;
            }
            for evidence in verdict.evidence.iter().take(TOLD_EVIDENCE) {
                tracing::info!(
                    kind = "sample", rule.id = %verdict.rule,
                    "{}: {} = {}", verdict.rule, evidence.series, evidence.value,
                );
            }
            let since = verdict.state.since().strftime("%H:%M:%S%.3f");
            tracing::info!(
                kind = "verdict", rule.id = %verdict.rule,
                "{} {word} since {since}", verdict.rule,
            );
        }
    }
}
