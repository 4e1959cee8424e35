//! The heartbeat: a step whenever something happens, and at every beat.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::sync::{mpsc, watch};
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;
use tracing::{Instrument as _, Span};

use crate::model::board::Board;
use crate::model::request::samples::question::WindowQuestion;
use crate::model::sample::Take;
use crate::model::time::duration::elapsed;
use crate::model::time::stopwatch;
use crate::pipeline::questions::{self, QuestionReader};
use crate::pipeline::stages::Pipeline;

/// How often a step is made when no sample arrives.
const BEAT: Duration = Duration::from_millis(500);

/// A longer time without a step is time that nobody saw: the program or the
/// machine stood still. The page shows a board that is older as blind.
const UNSEEN: Duration = Duration::from_secs(15);

impl Pipeline {
    /// Makes a step whenever samples arrive, and at every beat, until told to stop.
    ///
    /// What came until then is remembered for who goes on with it.
    pub async fn run(
        &mut self,
        mut takes: mpsc::Receiver<Take>,
        asks: mpsc::Receiver<WindowQuestion>,
        boards: watch::Sender<Arc<Board>>,
        stop: CancellationToken,
    ) {
        let mut asks = QuestionReader::new(asks);
        let mut beat = tokio::time::interval(BEAT);
        beat.set_missed_tick_behavior(MissedTickBehavior::Skip);
        let mut before = (Self::clock(), Instant::now());
        loop {
            let take = tokio::select! {
                () = stop.cancelled() => break,
                _ = beat.tick() => None,
                () = self.journal.changed() => None,
                Ok(()) = self.silences.changed() => None,
                ask = asks.next() => {
                    let runs = || {
                        let runs = self.evaluator.runs();
                        runs.map(|(id, _, run)| (id.clone(), run)).collect()
                    };
                    questions::answer(ask, self.evaluator.window(), runs, Self::clock());
                    continue;
                }
                Some(take) = takes.recv() => Some(take),
            };
            let (now, begun) = (Self::clock(), Instant::now());
            self.mind_leaps(before, now);
            let last = std::mem::replace(&mut before, (now, begun)).0;
            let mut came = 0_i64;
            if let Some(take) = take {
                self.ingest(take, now);
                came += 1;
                while let Ok(take) = takes.try_recv() {
                    self.ingest(take, now);
                    came += 1;
                }
            }
            if elapsed(last, now) > UNSEEN {
                self.history.away(last);
            }
            let span = if came > 0 {
                tracing::info_span!("step", takes = came)
            } else {
                // A beat that brings nothing is no news.
                Span::none()
            };
            let board = self.step(now).instrument(span).await;
            if came > 0 {
                tracing::debug!(takes = came, duration = ?begun.elapsed(), "a step was made");
            }
            boards.send_replace(Arc::new(board));
            self.history.shown(stopwatch::after(now, begun));
        }
        let now = Self::clock();
        while let Ok(take) = takes.try_recv() {
            self.ingest(take, now);
        }
    }

    /// Logs a clock that leapt ahead of a stopwatch since a moment; nobody measured
    /// the time between.
    fn mind_leaps(&mut self, (before, stopwatch): (Timestamp, Instant), now: Timestamp) {
        if let Some(by) = stopwatch::leap(before, now, stopwatch.elapsed()) {
            tracing::warn!(
                seconds = by.as_secs(),
                "the clock stepped forward; the skipped time is not counted",
            );
            self.evaluator.leap();
        }
    }
}
