//! Samples summed up to minutes, for charts.

pub mod codec;
pub mod rollup;
pub mod table;
