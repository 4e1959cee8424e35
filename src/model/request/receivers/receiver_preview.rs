//! What receivers would be told of a change, before it is made.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;

use crate::model::board::Board;
use crate::model::incident::IncidentId;

/// What one receiver would be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiverMessage {
    /// Its name in the settings.
    pub notifier: String,
    /// The message; `None` if it is told nothing.
    pub message: Option<PreviewedMessage>,
}

/// A message that would be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreviewedMessage {
    /// Why, as a word: `opened`, `update`.
    pub occasion: &'static str,
    /// Whether a message that is there is edited.
    pub is_edit: bool,
    /// The line that says it all.
    pub headline: String,
    /// The newest words.
    pub text: String,
    /// All of it, as it is handed over: a text, or JSON.
    pub whole: String,
}

/// An incident before and after a change.
#[derive(Clone, Copy, Debug)]
pub struct PreviewedChange<'a> {
    /// The board without the change.
    pub before: &'a Board,
    /// The board with it.
    pub after: &'a Board,
    /// The incident.
    pub id: &'a IncidentId,
    /// The moment.
    pub now: Timestamp,
}

/// Tells what each receiver would be told of a change.
type Previewing = dyn Fn(PreviewedChange<'_>) -> Vec<ReceiverMessage> + Send + Sync;

/// Where to ask what receivers would be told; nothing is sent, and nobody waits.
#[derive(Clone)]
pub struct ReceiverPreviews(Arc<Previewing>);

impl ReceiverPreviews {
    /// Asks whoever knows the receivers.
    pub fn new(
        previewing: impl Fn(PreviewedChange<'_>) -> Vec<ReceiverMessage> + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(previewing))
    }

    /// What each receiver would be told.
    pub fn of(&self, change: PreviewedChange<'_>) -> Vec<ReceiverMessage> {
        (self.0)(change)
    }
}

impl fmt::Debug for ReceiverPreviews {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReceiverPreviews(..)")
    }
}
