//! Asks the service from outside, as its users do.

pub mod http;
pub mod roll;
