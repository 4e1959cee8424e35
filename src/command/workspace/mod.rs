//! The settings and incident files that commands work on, without a server.

pub(crate) mod export_place;
pub mod fetched;
pub mod folder;
pub mod listing;
pub mod options;
pub mod page_state;
pub mod report;
pub mod running_server;
pub mod settings;
