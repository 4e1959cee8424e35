//! What is pushed to us from outside, on its way to its collector.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::{mpsc, oneshot, watch};

use crate::model::silence::Crowded;

/// Something pushed, and where the one who pushed waits for an answer.
#[derive(Debug)]
pub struct Push<T, A = ()> {
    /// What was pushed.
    pub what: T,
    /// Told once it is taken, or why it is not.
    pub answer: oneshot::Sender<Result<A, Refusal>>,
}

/// Why something pushed was not taken, or not all of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is no room for more alerts.
    #[error("{refused} alerts were refused: at most {limit} are kept at a time")]
    Full {
        /// How many were not taken.
        refused: usize,
        /// How many are kept at most.
        limit: usize,
    },
    /// There is no room for more silences.
    #[error(transparent)]
    Crowded(#[from] Crowded),
    /// The disk or the database did not take it.
    #[error("it could not be written; the log says why")]
    Unwritten,
}

/// A job says that it has run.
#[derive(Clone, Debug, PartialEq)]
pub struct Beat {
    /// Which one, as in the settings.
    pub name: String,
    /// Whether it went well.
    pub success: bool,
    /// A number of its own: seconds that it took, bytes that it wrote.
    pub value: Option<f64>,
}

/// The alerts of one request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// The alerts, firing and resolved mixed.
    pub alerts: Vec<Alert>,
    /// Alerts that the sender left out to keep its message short.
    pub truncated: u64,
}

/// An alert as Prometheus and Alertmanager tell it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    /// What names it; the same labels are the same alert.
    pub labels: BTreeMap<String, String>,
    /// Since when it fires, if that is said.
    pub starts: Option<Timestamp>,
    /// How long it is to be believed.
    pub ends: Ends,
}

/// How long an alert is to be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ends {
    /// Until this moment, unless it is told again; it may have passed.
    At(Timestamp),
    /// It is over.
    Over,
    /// Nothing is said: as long as Alertmanager believes such a one.
    Unsaid,
    /// Until its end is told, or it is no more repeated.
    Told,
}

/// An alert that fires at present.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Firing {
    /// What names it.
    pub labels: BTreeMap<String, String>,
    /// Since when it fires.
    pub starts: Timestamp,
    /// When it is no longer believed.
    pub ends: Timestamp,
    /// When it was told last.
    pub updated: Timestamp,
}

/// Where a push for one collector goes in.
#[derive(Clone, Debug)]
pub enum Door {
    /// For the heartbeats of these names.
    Heartbeats {
        /// Those that are awaited.
        names: Vec<String>,
        /// Where they go.
        beats: mpsc::Sender<Push<Beat>>,
    },
    /// For alerts.
    Alerts(AlertsDoor),
}

/// Where alerts go in, and what fires at present.
#[derive(Clone, Debug)]
pub struct AlertsDoor {
    /// Where they go.
    pub batches: mpsc::Sender<Push<Batch>>,
    /// All that fire, as they were when one came or went last.
    pub firing: watch::Receiver<Arc<Vec<Firing>>>,
}
