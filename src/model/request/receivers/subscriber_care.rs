//! What operators ask of the table of subscribers.

use jiff::Timestamp;
use tokio::sync::mpsc;

use crate::model::request::receivers::subscription::{MailAddress, SubscriptionChoice};
use crate::model::request::samples::push::Push;

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubscriberCare {
    /// How many there are.
    Count,
    /// Add somebody who asked the operator; no mail is sent to confirm it.
    Add(MailAddress, SubscriptionChoice),
    /// Erase somebody and all that is kept of them.
    Remove(MailAddress),
    /// All that is kept of somebody.
    Export(MailAddress),
}

/// All that is kept of a subscriber.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubscriberRecord {
    /// Where mails go.
    pub address: MailAddress,
    /// How far the subscription has come, as a word.
    pub state: &'static str,
    /// What is told.
    pub choice: SubscriptionChoice,
    /// When it was asked for last.
    pub asked: Timestamp,
    /// When it was confirmed.
    pub confirmed: Option<Timestamp>,
    /// How many mails came back since.
    pub bounces: u32,
    /// What was told.
    pub told_of: Vec<String>,
}

/// What the table answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CareAnswer {
    /// How many are in each state.
    Counts(Vec<(&'static str, i64)>),
    /// What is kept of the one who was meant, or was.
    Record(Box<SubscriberRecord>),
    /// They have subscribed already.
    Known,
    /// Nobody has subscribed with the address.
    Nobody,
}

/// A question on its way to the table.
pub type PendingCare = Push<SubscriberCare, CareAnswer>;

/// Where questions go in.
#[derive(Clone, Debug)]
pub struct CareDoor {
    /// Where they go.
    pub errands: mpsc::Sender<PendingCare>,
}
