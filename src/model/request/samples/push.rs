//! What is pushed to us from outside, on its way to its collector.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::{mpsc, oneshot, watch};

use crate::model::sample::{CollectorId, Metric};
use crate::model::silence::Crowded;
use crate::model::token_hash::TokenHash;

/// Something pushed, and where the one who pushed waits for an answer.
#[derive(Debug)]
pub struct Push<T, A = ()> {
    /// What was pushed.
    pub what: T,
    /// Told once it is taken, or why it is not.
    pub answer: oneshot::Sender<Result<A, PushRefusal>>,
}

/// Why something pushed was not taken, or not all of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PushRefusal {
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
    /// What it says about itself, in one line.
    pub text: Option<String>,
}

/// Samples that somebody else took, of one request.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SampleBatch {
    /// The samples, in the order of the request.
    pub samples: Vec<PushedSample>,
}

/// A sample that somebody else took.
#[derive(Clone, Debug, PartialEq)]
pub struct PushedSample {
    /// What was measured.
    pub metric: Metric,
    /// When, by the clock of the sender.
    pub at: Timestamp,
    /// What came of it.
    pub reading: Reading,
}

/// What came of a measurement.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reading {
    /// The value.
    Value(f64),
    /// How much was added since the sender's last sample (delta temporality).
    Added(f64),
    /// The series has ended: a stale marker.
    Ended,
}

/// How many samples of a batch were taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TakenSamples {
    /// Those that count from now on.
    pub taken: usize,
    /// Those that were too old to tell how things are.
    pub late: usize,
    /// Those for which there is no room.
    pub crowded: usize,
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
    /// It is over, since this moment if that is said.
    Over(Option<Timestamp>),
    /// Nothing is said: as long as Alertmanager believes such a one.
    Unsaid,
    /// Until its end is told, or it is no more repeated.
    Told,
}

/// An alert as it was told last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PushedAlert {
    /// What names it.
    pub labels: BTreeMap<String, String>,
    /// Since when it fires.
    pub starts: Timestamp,
    /// When it is no longer believed, or since when it is over.
    pub ends: Timestamp,
    /// When it was told last.
    pub updated: Timestamp,
}

/// What is known of an alert at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlertFate {
    /// It fires.
    Fires,
    /// It ran out, and nobody said that it is over.
    Lost,
    /// It is over by word.
    Over,
}

impl PushedAlert {
    /// What is known of it at a moment.
    pub fn fate(&self, now: Timestamp) -> AlertFate {
        if self.ends <= self.updated {
            AlertFate::Over
        } else if self.ends > now {
            AlertFate::Fires
        } else {
            AlertFate::Lost
        }
    }
}

/// The metric of alerts, with the labels of each: Prometheus' own name.
pub const ALERTS: &str = "ALERTS";

/// Since when an alert fires, in Unix time: Prometheus' own name.
pub const ALERT_STARTED: &str = "ALERTS_FOR_STATE";

/// When an alert ended by its sender's word, in Unix time.
pub const ALERT_ENDED: &str = "critwatch_alert_ended_timestamp_seconds";

/// When an alert ran out of which nobody said that it is over, in Unix time.
pub const ALERT_LOST: &str = "critwatch_alert_lost_timestamp_seconds";

/// What may be known of an alert besides.
pub const ALERT_COMPANIONS: [&str; 3] = [ALERT_STARTED, ALERT_ENDED, ALERT_LOST];

/// Where a push for one collector goes in.
#[derive(Clone, Debug)]
pub enum PushEntry {
    /// For the heartbeats of these names.
    Heartbeats {
        /// Those that are awaited.
        names: Vec<String>,
        /// The secrets by which each may come without a token.
        secrets: Vec<(TokenHash, String)>,
        /// Where they go.
        beats: mpsc::Sender<Push<Beat>>,
    },
    /// For alerts.
    Alerts(AlertsDoor),
    /// For samples.
    Samples(SamplesDoor),
}

/// Where samples go in that somebody else took.
#[derive(Clone, Debug)]
pub struct SamplesDoor {
    /// The collector.
    pub collector: CollectorId,
    /// The hash of the token that its senders have.
    pub token: TokenHash,
    /// Where they go.
    pub batches: mpsc::Sender<Push<SampleBatch, TakenSamples>>,
}

/// Where alerts go in, and what fires at present.
#[derive(Clone, Debug)]
pub struct AlertsDoor {
    /// Where they go.
    pub batches: mpsc::Sender<Push<Batch>>,
    /// All that fire, as they were when one came or went last.
    pub firing: watch::Receiver<Arc<Vec<PushedAlert>>>,
}
