//! The guest's own watch: the one place in here that reads the clock.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use jiff::{Timestamp, Unit};

/// How far the watch is ahead, in milliseconds.
static AHEAD: AtomicU64 = AtomicU64::new(0);

/// Sets the watch ahead, so that a test sees what time does.
pub(crate) fn set_ahead(by: Duration) {
    let millis = u64::try_from(by.as_millis()).unwrap_or(u64::MAX);
    AHEAD.store(millis, Ordering::Relaxed);
}

/// Tells the moment, rounded to milliseconds as all times of the guest are.
#[expect(
    clippy::disallowed_methods,
    reason = "the guest is a program of its own; this file is its only clock"
)]
pub(crate) fn now() -> Timestamp {
    let ahead = Duration::from_millis(AHEAD.load(Ordering::Relaxed));
    let now = Timestamp::now()
        .saturating_add(ahead)
        .unwrap_or(Timestamp::MAX);
    now.round(Unit::Millisecond).unwrap_or(now)
}

/// Writes a moment as RFC 3339 with exactly three digits of milliseconds.
pub(crate) fn stamp(at: Timestamp) -> String {
    format!("{at:.3}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_has_milliseconds_even_on_the_full_second() {
        assert_eq!(
            stamp(Timestamp::from_second(0).unwrap()),
            "1970-01-01T00:00:00.000Z"
        );
    }
}
