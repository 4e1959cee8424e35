//! Mails: their content, their form, and the queue that hands them to the relay.

pub(crate) mod content;
pub(crate) mod links;
pub(crate) mod queue;
pub(crate) mod reader;
pub mod settings;
pub(crate) mod table;
