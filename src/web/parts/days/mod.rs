//! The days of components: bars, times and gaps.

pub(crate) mod bars;
pub(crate) mod component_days;
pub(crate) mod day_times;
pub(crate) mod gap_note;
pub(crate) mod monitor_gaps;
pub(crate) mod recent_days;
pub(crate) mod spans;
