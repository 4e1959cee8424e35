//! Prints messages into the log, for those who have no channel yet.

use crate::notify::message::announcement::Announcement;

/// Prints a message.
pub(crate) fn deliver(notifier: &str, message: &Announcement) {
    tracing::info!(
        kind = "message",
        notifier.name = notifier,
        incident.id = message.name,
        "{}",
        line(message),
    );
}

/// What is printed.
pub(crate) fn line(message: &Announcement) -> String {
    format!("{} - {}", message.headline(), message.text())
}
