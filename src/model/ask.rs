//! Questions about the window, put to the pipeline, which alone has it.

use jiff::Timestamp;
use tokio::sync::oneshot;

use crate::model::sample::Metric;

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
pub struct Ask {
    /// Series selectors as Prometheus writes them.
    pub selectors: Vec<String>,
    /// Takes the samples, sorted by metric, or what is wrong with a selector.
    pub answer: oneshot::Sender<Result<Vec<Newest>, String>>,
}
