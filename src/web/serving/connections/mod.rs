//! Connections: how many, for whom, and for how long they may keep us waiting.

pub mod listen;
pub(crate) mod listeners;
pub(crate) mod request_body;
pub(crate) mod seats;
pub(crate) mod sitting;
pub(crate) mod timeout;
pub mod visitor;
