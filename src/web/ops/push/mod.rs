//! What is pushed to us: heartbeats and alerts.

pub mod entries;
pub mod heartbeat;
pub mod metrics;
