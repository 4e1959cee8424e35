//! What every long-running program needs: tasks, signals, logs, an HTTP client.

pub mod alarm;
pub mod client;
pub mod limits;
pub mod signal;
pub mod tasks;
pub mod telemetry;
