//! Moments, dates and durations as people and files write them.

pub mod date;
pub mod duration;
pub mod moment;
pub mod stopwatch;
