//! One message that is due, and what became of it.

use jiff::Timestamp;

use crate::model::facts::notifier_state::DeliveryRecord;
use crate::notify::message::known::receipt::Receipt;
use crate::notify::message::occasion::Occasion;
use crate::notify::message::topic::TopicId;

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EntryState {
    /// It waits to be sent.
    Due,
    /// It is being sent; after a crash nobody knows whether it was.
    Sending,
    /// The remote side took it.
    Sent,
    /// Nobody knows whether it arrived.
    Unknown,
    /// It can never be delivered.
    Refused,
    /// Something else is due instead, or nothing.
    Superseded,
}

impl EntryState {
    /// Every state.
    const ALL: [Self; 6] = [
        Self::Due,
        Self::Sending,
        Self::Sent,
        Self::Unknown,
        Self::Refused,
        Self::Superseded,
    ];

    /// Its word in the database and in the delivery log.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Unknown => "unknown",
            Self::Refused => "refused",
            Self::Superseded => "superseded",
        }
    }

    /// Reads a word of the database.
    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }
}

/// One message that is due or was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OutboxEntry {
    /// Its number in the database; 0 until it is written.
    pub id: i64,
    /// What it is about.
    pub topic: TopicId,
    /// Why it is due.
    pub occasion: Occasion,
    /// What became of it.
    pub state: EntryState,
    /// How often it was tried.
    pub tries: u32,
    /// When it became due.
    pub due: Timestamp,
    /// When its state changed last.
    pub changed: Timestamp,
    /// Why it was not delivered.
    pub reason: Option<String>,
    /// What the receiver may know while it is being sent.
    pub receipt: Option<Receipt>,
}

impl OutboxEntry {
    /// The same over all tries of one message, for remote sides that tell repetitions
    /// apart by it. What became due in its place is another message, and so are other
    /// words about an incident; operators are told numbers that always change.
    pub(crate) fn key(&self, notifier: &str, occasion: Occasion, mark: &str) -> String {
        let due = self.due.as_millisecond();
        let key = format!("{notifier}/{}/{due}/{}", self.topic, occasion.word());
        if self.topic.is_public() {
            format!("{key}/{mark}")
        } else {
            key
        }
    }

    /// What operators see of it, with moments as exact as the database keeps them.
    pub(crate) fn delivery(&self, notifier: &str) -> DeliveryRecord {
        let exact = |at: Timestamp| Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at);
        DeliveryRecord {
            id: self.id,
            notifier: notifier.to_owned(),
            topic: self.topic.to_string(),
            occasion: self.occasion.word().to_owned(),
            state: self.state.word().to_owned(),
            tries: self.tries,
            due: exact(self.due),
            changed: exact(self.changed),
            reason: self.reason.clone(),
        }
    }
}
