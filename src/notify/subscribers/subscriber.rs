//! A subscriber, as the table keeps it.

use jiff::Timestamp;

use crate::model::request::receivers::subscription::{MailAddress, SubscriptionChoice};

/// How far a subscription has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum SubscriptionState {
    /// Somebody asked for it, and the owner of the address has not confirmed it.
    Asked,
    /// The owner of the address has confirmed it.
    Confirmed,
    /// Its mails came back; nothing is sent until it is confirmed again.
    Paused,
}

impl SubscriptionState {
    /// Every state.
    pub(crate) const ALL: [Self; 3] = [Self::Asked, Self::Confirmed, Self::Paused];

    /// The word of commands and of the database.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Confirmed => "confirmed",
            Self::Paused => "paused",
        }
    }

    /// Reads the word.
    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }
}

/// A subscriber.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Subscriber {
    /// Its number, which is never given twice.
    pub id: i64,
    /// Where its mails go.
    pub address: MailAddress,
    /// How far it has come.
    pub state: SubscriptionState,
    /// What it wants to be told.
    pub choice: SubscriptionChoice,
    /// When it was asked for last.
    pub asked: Timestamp,
    /// When it was confirmed.
    pub confirmed: Option<Timestamp>,
    /// How many of its mails came back since it was confirmed.
    pub bounces: u32,
}
