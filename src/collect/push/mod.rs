//! What is told to us instead of asked by us: heartbeats, alerts and
//! reports of users.

pub mod alerts;
pub mod beats;
pub mod entry;
pub mod heartbeat;
pub mod persistence;
pub mod reports;
pub mod samples;
pub mod standing;
pub mod watchdogs;
