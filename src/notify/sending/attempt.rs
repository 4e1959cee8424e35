//! A message that is about to be sent.

use std::time::Duration;

use crate::notify::message::announcement::Announcement;
use crate::notify::message::due::DueMessage;

/// A message that is about to be sent.
#[derive(Debug)]
pub(crate) struct Outgoing {
    /// Why.
    pub due: DueMessage,
    /// What.
    pub message: Announcement,
    /// The same over all tries of one message.
    pub key: String,
}

/// What must wait after an attempt that failed, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MustWait {
    /// This message. Others may fare better: the remote side answered.
    Message(Duration),
    /// All messages.
    Notifier(Duration),
}
