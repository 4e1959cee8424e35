//! Questions, put to those who alone can answer them without making others wait.

use jiff::Timestamp;
use tokio::sync::oneshot;

use crate::model::event::Event;
use crate::model::sample::Metric;
use crate::model::series::minute::MinuteSeries;

/// The newest sample of a series.
#[derive(Clone, Debug, PartialEq)]
pub struct Newest {
    /// What was measured.
    pub metric: Metric,
    /// When.
    pub at: Timestamp,
    /// The value.
    pub value: f64,
}

/// Asks for the newest samples that any of the selectors selects.
#[derive(Debug)]
pub struct SampleQuery {
    /// Series selectors as Prometheus writes them.
    pub selectors: Vec<String>,
    /// Takes the samples, sorted by metric, or what is wrong with a selector.
    pub answer: oneshot::Sender<Result<Vec<Newest>, String>>,
}

/// Asks for what was written down of a stretch of time; whoever reads it may
/// wait for the disk, whoever asks need not.
#[derive(Debug)]
pub struct HistoryQuery {
    /// The series.
    pub metrics: Vec<Metric>,
    /// The first moment.
    pub from: Timestamp,
    /// The moment after the last one.
    pub until: Timestamp,
    /// Takes what was found; what cannot be read is as if nobody had answered.
    pub answer: oneshot::Sender<FoundHistory>,
}

/// What was written down of a stretch of time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FoundHistory {
    /// The series of which there is anything, in the order in which they were
    /// asked for.
    pub series: Vec<MinuteSeries>,
    /// What was done to the service, oldest first.
    pub events: Vec<Event>,
}
