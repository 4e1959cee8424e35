//! How many requests one may send.

pub mod rate;
pub mod throttle;
