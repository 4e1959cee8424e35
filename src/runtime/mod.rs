//! What every long-running program needs: tasks, signals, logs, an HTTP client.

pub mod client;
pub mod limits;
pub mod schedule;
pub mod service_manager;
pub mod signal;
pub mod tasks;
pub mod telemetry;
pub mod trace_variables;
pub mod traces;
