//! What is told to us instead of asked by us: heartbeats and alerts.

pub mod alerts;
pub mod beats;
pub mod door;
pub mod heartbeat;
pub mod keeping;
pub mod standing;
