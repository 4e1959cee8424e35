//! What commands work on: settings, incident files and collectors without a server, or a
//! running server.

pub mod asked;
pub(crate) mod export_place;
pub mod fetched;
pub mod folder;
pub mod listing;
pub mod options;
pub mod page_state;
pub mod report;
pub mod running_server;
pub mod settings;
