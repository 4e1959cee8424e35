//! Prints messages into the log, for those who have no channel yet.

use crate::notify::message::Message;

/// Prints a message.
pub fn deliver(notifier: &str, message: &Message) {
    tracing::info!(
        kind = "message",
        notifier.name = notifier,
        incident.id = %message.incident,
        "{} - {}", message.headline(), message.text,
    );
}
