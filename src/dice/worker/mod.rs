//! The worker: a main process, its children, and their ends of the queue.

pub mod child;
pub mod child_pool;
pub mod consumer;
pub mod main;
pub mod memory;
pub mod pace;
pub mod report;
