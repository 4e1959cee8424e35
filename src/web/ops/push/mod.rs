//! What is pushed to us: heartbeats and alerts.

pub(crate) mod entries;
pub(crate) mod heartbeat;
pub(crate) mod metrics;
