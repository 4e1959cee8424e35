//! Planned work: when it takes place, and what is written of it.

pub mod list;
pub mod occurrences;
pub mod progress;
pub mod schedule;
pub mod writer;
