//! Planned maintenance: when it takes place, and what is written into its files.

pub mod list;
pub mod occurrences;
pub mod progress;
pub mod schedule;
pub mod writer;
