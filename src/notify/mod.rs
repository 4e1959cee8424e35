//! Notifiers: each compares the board with what it announced, and delivers what is due.

pub(crate) mod channel;
pub(crate) mod channels;
pub(crate) mod fingerprint;
pub(crate) mod mail;
pub(crate) mod message;
pub(crate) mod metrics;
pub(crate) mod notifier;
pub(crate) mod noting;
pub(crate) mod outbox;
pub(crate) mod previews;
pub(crate) mod resend;
pub(crate) mod sending;
pub(crate) mod sharing;
pub(crate) mod subscribers;

#[cfg(test)]
mod tests;
pub(crate) mod texts;
