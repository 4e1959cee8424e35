//! Notifiers: each compares the board with what it announced, and delivers what is due.

pub(crate) mod address;
pub(crate) mod attempt;
pub(crate) mod channel;
pub(crate) mod channels;
pub(crate) mod delivery;
pub(crate) mod fingerprint;
pub(crate) mod harmless;
pub(crate) mod mail;
pub(crate) mod markup;
pub(crate) mod message;
pub(crate) mod metrics;
pub(crate) mod notifier;
pub(crate) mod outbox;
pub(crate) mod previews;
pub(crate) mod receiver_trial;
pub(crate) mod resend;
pub(crate) mod settle;
pub(crate) mod sharing;
pub(crate) mod subscribers;
pub(crate) mod text;
pub(crate) mod tools;
pub(crate) mod wording;

#[cfg(test)]
mod tests;
