//! A message that is about to be sent.

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
