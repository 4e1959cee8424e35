//! Questions about the recent samples, for people and for programs that ask as they ask a
//! Prometheus.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{OwnedSemaphorePermit, oneshot};

use crate::model::request::ask::SampleQuery;
use crate::model::sample::Metric;
use crate::model::series::run::RuleProgress;
use crate::model::verdict::RuleId;

/// What is asked of the window.
#[derive(Debug)]
pub enum WindowQuestion {
    /// The newest samples of some series.
    Newest(SampleQuery),
    /// What an expression says.
    Evaluate(ExpressionQuery),
    /// Which series there are.
    List(SeriesQuery),
    /// Where each rule stands.
    Runs(oneshot::Sender<RuleRuns>),
}

/// Where each rule stands, by its name.
pub type RuleRuns = BTreeMap<RuleId, RuleProgress>;

/// When an expression is evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuerySpan {
    /// At one moment; `None` is the moment of the question.
    At(Option<Timestamp>),
    /// At every step.
    Over {
        /// The first moment.
        from: Timestamp,
        /// No step comes later.
        until: Timestamp,
        /// From one step to the next.
        step: Duration,
    },
}

/// Asks what an expression says.
#[derive(Debug)]
pub struct ExpressionQuery {
    /// `PromQL`.
    pub expr: String,
    /// Whether only the side of its outermost comparison is meant that is compared
    /// with a number: every value, and not only the bad ones.
    pub decisive: bool,
    /// When it is evaluated.
    pub span: QuerySpan,
    /// Given back when the work is done: only so many may be evaluated at once.
    pub permit: OwnedSemaphorePermit,
    /// Takes what it says.
    pub answer: oneshot::Sender<Result<FoundValues, QueryFault>>,
}

/// A moment with the value that was measured or computed for it.
pub type TimedValue = (Timestamp, f64);

/// What an expression says; a metric without a name has none left.
#[derive(Clone, Debug, PartialEq)]
pub enum FoundValues {
    /// One number.
    Scalar(TimedValue),
    /// A text.
    Text(Timestamp, String),
    /// One value of each series, in order.
    Vector(Vec<(Metric, TimedValue)>),
    /// Many values of each series.
    Matrix(Vec<(Metric, Vec<TimedValue>)>),
}

/// Why an expression says nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QueryFault {
    /// It cannot be read; the place is a byte of it, if it is known.
    Unreadable {
        /// What is wrong.
        why: String,
        /// Where.
        place: Option<usize>,
    },
    /// It cannot be evaluated at present, or is too much work.
    Failed(String),
    /// Others are asking too much, or the service is about to stop.
    Busy,
}

/// Asks which series were measured within a time.
#[derive(Debug)]
pub struct SeriesQuery {
    /// Selectors; without any, all series are meant.
    pub selectors: Vec<String>,
    /// The first moment; `None` is as far back as there is anything.
    pub from: Option<Timestamp>,
    /// The last moment; `None` is now.
    pub until: Option<Timestamp>,
    /// Takes the series, sorted, or what is wrong with a selector.
    pub answer: oneshot::Sender<Result<Vec<Metric>, QueryFault>>,
}
