//! Connections: how many, for whom, and for how long they may keep us waiting.

pub(crate) mod client;
pub mod listen;
pub(crate) mod listeners;
pub(crate) mod request_body;
pub(crate) mod slots;
pub(crate) mod timeout;
pub mod visitor;
