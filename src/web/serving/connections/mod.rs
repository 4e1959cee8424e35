//! Connections with their limits in number, by network and in time.

pub(crate) mod client;
pub mod listen;
pub(crate) mod listeners;
pub(crate) mod request_body;
pub(crate) mod slots;
pub(crate) mod timeout;
pub mod visitor;
