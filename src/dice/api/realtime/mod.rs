//! What open pages hear at once: Pusher's protocol, version 7, over WebSocket.
//!
//! All sockets of a process belong to one [`hub`]; what happens in another process of the API
//! is not heard here.

pub mod auth_routes;
pub mod channel;
pub mod hub;
pub mod hub_state;
pub mod protocol;
pub mod signature;
pub mod socket;

#[cfg(test)]
mod tests;
