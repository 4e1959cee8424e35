//! Where messages go: one file for each remote side.

pub(crate) mod console;
pub(crate) mod discord;
pub(crate) mod email;
pub(crate) mod google_chat;
pub(crate) mod gotify;
pub(crate) mod matrix;
pub(crate) mod mattermost;
pub(crate) mod ntfy;
pub(crate) mod opsgenie;
pub(crate) mod pagerduty;
pub(crate) mod slack;
pub(crate) mod teams;
pub(crate) mod telegram;
pub(crate) mod webhook;
