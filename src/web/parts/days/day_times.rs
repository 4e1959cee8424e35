//! Which times of a day count: measured, unseen, and under maintenance.

use std::time::Duration;

use crate::model::facts::uptime::{Day, DayTally};

/// The measured time.
pub(crate) fn measured(tally: &DayTally) -> Duration {
    tally.ok + tally.disrupted + tally.down
}

/// Time that is neither up nor down: not seen, and maintenance.
pub(crate) fn aside(tally: &DayTally) -> (Duration, Duration) {
    (tally.unknown, tally.maintenance)
}

/// Whether anything was measured on a day.
pub(crate) fn is_seen(day: &Day) -> bool {
    day.tally.ratio().is_some() || !aside(&day.tally).1.is_zero()
}
