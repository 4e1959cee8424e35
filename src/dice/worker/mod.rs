//! The worker: a main process, its children, and what they do.

pub mod child;
pub mod child_pool;
pub mod heartbeat;
pub mod job_work;
pub mod kernel_limit;
pub mod main;
pub mod memory;
pub mod metrics;
pub mod pace;
pub mod report;
pub mod thumbnail;
