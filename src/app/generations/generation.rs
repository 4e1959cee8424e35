//! The parts that the settings make, running until other settings replace them.

use std::sync::Arc;

use anyhow::Context as _;
use tokio::sync::{mpsc, oneshot, watch};

use crate::collect::metrics::CollectorMetrics;
use crate::collect::probe::network::Referee;
use crate::collect::schedule::Schedule;
use crate::collect::{self, Collector};
use crate::model::board::Board;
use crate::model::request::samples::question::WindowQuestion;
use crate::pipeline::stages::Pipeline;
use crate::runtime::tasks::{Tasks, ending};

/// Takes that may wait for the pipeline; a collector waits when it is full.
const TAKES: usize = 256;

/// All that asks and judges by the same settings.
#[derive(Debug)]
pub(crate) struct Generation {
    /// What judges and writes.
    pub pipeline: Pipeline,
    /// Who asks, and when.
    pub collectors: Vec<(Schedule, Collector)>,
    /// What is counted of them.
    pub metrics: CollectorMetrics,
    /// Who asks whether our own network is up.
    pub referee: Option<Referee>,
    /// Questions about the window.
    pub asks: mpsc::Receiver<WindowQuestion>,
    /// Where boards go.
    pub boards: watch::Sender<Arc<Board>>,
}

impl Generation {
    /// Runs until the future ends, and gives back what must not be forgotten.
    pub(crate) async fn run(self, until: impl Future<Output = ()>) -> anyhow::Result<Pipeline> {
        let mut tasks = Tasks::new();
        let stop = tasks.stop();
        let (takes, inbox) = mpsc::channel(TAKES);
        for (schedule, collector) in self.collectors {
            let name = format!("collector {}", schedule.id);
            let (takes, metrics) = (takes.clone(), self.metrics.clone());
            let hurried = self.pipeline.hurried();
            let run = collect::run(collector, schedule, takes, metrics, hurried, stop.clone());
            tasks.start(name, ending(run));
        }
        drop(takes);
        if let Some(referee) = self.referee {
            tasks.start("network", ending(referee.run(stop.clone())));
        }
        let (back, ended) = oneshot::channel();
        let (asks, boards, mut pipeline) = (self.asks, self.boards, self.pipeline);
        tasks.start("pipeline", async move {
            pipeline.run(inbox, asks, boards, stop).await;
            // Nobody waits for it only if another part failed.
            let _ = back.send(pipeline);
            Ok(())
        });
        tasks.run(until).await?;
        ended.await.context("the pipeline did not end well")
    }
}
