//! Mails: their content, their form, and the queue that hands them to the relay.

pub(crate) mod answer;
pub(crate) mod compose;
pub(crate) mod content;
pub(crate) mod counts;
pub(crate) mod in_hand;
pub(crate) mod letter;
pub(crate) mod links;
pub(crate) mod post;
pub(crate) mod queue;
pub(crate) mod reader;
pub(crate) mod relay;
pub(crate) mod sections;
pub(crate) mod settings;
pub(crate) mod settle;
pub(crate) mod table;
pub(crate) mod words;
