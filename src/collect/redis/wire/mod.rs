//! A connection to one Redis, and its bytes.

pub mod address;
pub mod connection;
pub mod parse;
pub mod reply;
pub mod tls;
