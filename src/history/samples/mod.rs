//! Stored samples and runs, for the next start.

pub mod firsthand;
pub mod measured;
pub mod packed;
pub mod recorder;
pub mod runs;
pub mod scrapes;
pub mod series;
