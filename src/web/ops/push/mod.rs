//! What is pushed to us: heartbeats and alerts.

pub(crate) mod heartbeat;
pub(crate) mod metrics;
pub(crate) mod targets;
