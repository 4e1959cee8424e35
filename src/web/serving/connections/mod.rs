//! Connections: how many, for whom, and for how long they may keep us waiting.

pub mod listen;
pub mod listeners;
pub mod request_body;
pub mod seats;
pub mod sitting;
pub mod timeout;
pub mod visitor;
