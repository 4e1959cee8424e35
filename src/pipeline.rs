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
use crate::incident::journal::Journal;
use crate::model::board::{self, Board, Findings};
use crate::model::component::{Component, ComponentId, Health};
use crate::model::sample::Take;
use crate::model::verdict::{RuleId, State, Verdict};

/// How often a step is made when no sample arrives.
const BEAT: Duration = Duration::from_millis(500);

/// How many series of evidence are worth a line each.
const TOLD_EVIDENCE: usize = 2;

/// The stages, in the order in which data passes them.
#[derive(Debug)]
pub struct Pipeline {
    components: Vec<Component>,
    evaluator: Evaluator,
    history: History,
    journal: Journal,
    /// The state of each rule when it was last told in the log.
    told: BTreeMap<RuleId, &'static str>,
}

impl Pipeline {
    /// Ties the stages together.
    pub fn new(
        components: Vec<Component>,
        evaluator: Evaluator,
        history: History,
        journal: Journal,
    ) -> Self {
        Self {
            components,
            evaluator,
            history,
            journal,
            told: BTreeMap::new(),
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
    pub fn ingest(&mut self, take: Take, now: Timestamp) {
        self.evaluator.ingest(take.at(now));
    }

    /// Evaluates, remembers, writes incidents, and makes the board of `now`.
    pub async fn step(&mut self, now: Timestamp) -> Board {
        let verdicts = self.evaluator.judge(now);
        self.tell(&verdicts);
        self.history.note(&self.measured(&verdicts), now);
        let written = self.journal.step(&verdicts, &self.components, now).await;
        let components = self.components.iter();
        Board::new(
            now,
            Findings {
                components: components
                    .map(|component| (component.clone(), self.history.uptime(&component.id)))
                    .collect(),
                incidents: written.incidents,
                watches: written.watches,
                verdicts,
                faults: written.faults,
                sight: self.evaluator.sight(now),
            },
        )
    }

    /// Makes a step whenever samples arrive, and at every beat, until told to stop.
    pub async fn run(
        mut self,
        mut takes: mpsc::Receiver<Take>,
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
