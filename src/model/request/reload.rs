//! A wish to read the settings again, put to the part that runs everything, and what
//! operators see of the settings.

use jiff::Timestamp;
use tokio::sync::oneshot;

use crate::model::finding::Finding;

/// Asks to read the settings again.
#[derive(Debug)]
pub struct Reload {
    /// Takes what is wrong with them, if they stay as they were.
    pub answer: oneshot::Sender<Result<(), String>>,
}

/// The settings in force, without anything that may be a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsInForce {
    /// The text of the file, each of its lines still on its line.
    pub text: String,
    /// What is no fault of theirs, but worth a look.
    pub findings: Vec<Finding>,
    /// Since when they are in force.
    pub since: Timestamp,
}

impl SettingsInForce {
    /// Settings that are in force from a moment on.
    pub fn new(text: String, findings: Vec<Finding>, since: Timestamp) -> Self {
        Self {
            text,
            findings,
            since,
        }
    }
}
