//! The way to the recent samples, for so many questions at once and for so long.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::time::timeout;

use crate::model::request::samples::question::{
    ExpressionQuery, FoundValues, QueryFault, QuerySpan, RuleRuns, SeriesQuery, WindowQuestion,
};
use crate::model::sample::Metric;

/// Expressions that are evaluated at once.
const AT_ONCE: usize = 2;

/// How long a question may take, waiting for its turn among it.
pub(crate) const PATIENCE: Duration = Duration::from_secs(9);

/// Where questions go in; clones share the turns.
#[derive(Clone, Debug)]
pub(crate) struct WindowDoor {
    asks: mpsc::Sender<WindowQuestion>,
    turns: Arc<Semaphore>,
}

impl WindowDoor {
    /// Puts questions to the pipeline.
    pub(crate) fn new(asks: mpsc::Sender<WindowQuestion>) -> Self {
        Self {
            asks,
            turns: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }

    /// What an expression says.
    pub(crate) async fn evaluate(
        &self,
        expr: &str,
        span: QuerySpan,
    ) -> Result<FoundValues, QueryFault> {
        self.ask(expr, span, false).await
    }

    /// The values that decide a rule, bad or not.
    pub(crate) async fn decisive(
        &self,
        expr: &str,
        span: QuerySpan,
    ) -> Result<FoundValues, QueryFault> {
        self.ask(expr, span, true).await
    }

    async fn ask(
        &self,
        expr: &str,
        span: QuerySpan,
        decisive: bool,
    ) -> Result<FoundValues, QueryFault> {
        let asked = async {
            let permit = Arc::clone(&self.turns).acquire_owned().await.ok()?;
            let (answer, answered) = oneshot::channel();
            let question = WindowQuestion::Evaluate(ExpressionQuery {
                expr: expr.to_owned(),
                decisive,
                span,
                permit,
                answer,
            });
            self.asks.send(question).await.ok()?;
            answered.await.ok()
        };
        in_time(asked).await
    }

    /// Where each rule stands.
    pub(crate) async fn runs(&self) -> Result<RuleRuns, QueryFault> {
        let asked = async {
            let (answer, answered) = oneshot::channel();
            self.asks.send(WindowQuestion::Runs(answer)).await.ok()?;
            Some(Ok(answered.await.ok()?))
        };
        in_time(asked).await
    }

    /// The series that were measured within a time, sorted.
    pub(crate) async fn series(
        &self,
        selectors: Vec<String>,
        (from, until): (Option<Timestamp>, Option<Timestamp>),
    ) -> Result<Vec<Metric>, QueryFault> {
        let asked = async {
            let (answer, answered) = oneshot::channel();
            let question = WindowQuestion::List(SeriesQuery {
                selectors,
                from,
                until,
                answer,
            });
            self.asks.send(question).await.ok()?;
            answered.await.ok()
        };
        in_time(asked).await
    }
}

async fn in_time<T>(
    asked: impl Future<Output = Option<Result<T, QueryFault>>>,
) -> Result<T, QueryFault> {
    let answered = timeout(PATIENCE, asked).await;
    answered.ok().flatten().unwrap_or(Err(QueryFault::Busy))
}
