//! The clock beside a stopwatch: a clock may be set, a stopwatch may not.

use std::time::{Duration, Instant};

use jiff::Timestamp;

use crate::model::time::duration::elapsed;

/// A clock that goes further ahead of a stopwatch than this was set.
const LEAP: Duration = Duration::from_secs(2);

/// The moment by a stopwatch that was started at `now`.
pub fn after(now: Timestamp, begun: Instant) -> Timestamp {
    now.checked_add(begun.elapsed()).unwrap_or(now)
}

/// By how much the clock leapt ahead of a stopwatch between two moments, if it
/// was set.
pub fn leap(before: Timestamp, now: Timestamp, measured: Duration) -> Option<Duration> {
    let by = elapsed(before, now).saturating_sub(measured);
    (by > LEAP).then_some(by)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_leaps_only_if_a_stopwatch_did_not_follow() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let seconds = Duration::from_secs;
        assert_eq!(leap(at(0), at(3600), seconds(1)), Some(seconds(3599)));
        // A machine that was busy, a clock that is slewed, one that was set back.
        assert_eq!(leap(at(0), at(3600), seconds(3600)), None);
        assert_eq!(leap(at(0), at(3), seconds(1)), None);
        assert_eq!(leap(at(10), at(0), seconds(1)), None);
    }
}
