//! What a notifier has delivered and what waits; for operators.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;
use tokio::sync::watch;

/// Deliveries of one notifier that are kept in mind.
pub const RECENT: usize = 100;

/// One message to one receiver.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DeliveryRecord {
    /// Its number in the database.
    pub id: i64,
    /// The notifier.
    pub notifier: String,
    /// What it is about: `incident:2026-03-01-rolls-fail`.
    pub topic: String,
    /// Why it was due: `opened`, `resolved`.
    pub occasion: String,
    /// What became of it: `due`, `sending`, `sent`, `unknown`, `refused`, `superseded`.
    pub state: String,
    /// How often it was tried.
    pub tries: u32,
    /// When it became due.
    pub due: Timestamp,
    /// When its state changed last.
    pub changed: Timestamp,
    /// Why it was not delivered.
    pub reason: Option<String>,
}

impl DeliveryRecord {
    /// Whether the receiver will never take it.
    pub fn is_refused(&self) -> bool {
        self.state == "refused"
    }
}

/// Why nothing gets through at present.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Failing {
    /// Since when.
    pub since: Timestamp,
    /// What the remote side said last.
    pub reason: String,
    /// Whether nothing is tried until the settings are read again.
    pub paused: bool,
}

/// Mails of one notifier, one for each reader.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct MailCounts {
    /// Mails that wait.
    pub due: usize,
    /// Since when the oldest of them waits.
    pub oldest: Option<Timestamp>,
    /// Mails that the relay took since the start.
    pub sent: u64,
    /// Mails that can never be delivered, since the start.
    pub refused: u64,
    /// Fixed recipients that get nothing any more because there is no such mailbox, by
    /// their place in the settings, counted from 1.
    pub paused: Vec<usize>,
}

/// What a notifier has delivered and what waits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct NotifierState {
    /// Its name in the settings.
    pub name: String,
    /// Messages that wait.
    pub due: usize,
    /// Since when the oldest of them waits.
    pub oldest: Option<Timestamp>,
    /// Why nothing gets through; `None` if it does.
    pub failing: Option<Failing>,
    /// Its mails, if it sends any.
    pub mails: Option<MailCounts>,
    /// The newest deliveries, newest first.
    pub recent: Vec<DeliveryRecord>,
}

/// The states of all notifiers, which each of them writes and others read.
#[derive(Clone, Debug, Default)]
pub struct NotifierStates(Arc<watch::Sender<BTreeMap<String, NotifierState>>>);

impl NotifierStates {
    /// The newest states, by name.
    pub fn newest(&self) -> Vec<NotifierState> {
        self.0.borrow().values().cloned().collect()
    }

    /// Replaces the state of a notifier.
    pub fn put(&self, state: NotifierState) {
        self.0.send_modify(|states| {
            states.insert(state.name.clone(), state);
        });
    }

    /// Removes the state of a notifier that is gone.
    pub fn forget(&self, notifier: &str) {
        self.0.send_modify(|states| {
            states.remove(notifier);
        });
    }
}
