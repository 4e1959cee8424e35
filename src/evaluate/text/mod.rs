//! Numbers, sizes and series as people and Prometheus write them.

pub mod bytes;
pub mod format;
pub mod notation;
