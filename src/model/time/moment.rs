//! Moments as people type them: date and time, how long ago, or in how long.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::model::time::{date, duration};

/// Why a text is no moment.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a time; write it as in `2026-03-01 12:30`, `2026-03-01T12:30:00Z`, \
    `10m ago` or `in 2h`"
)]
pub struct WhenError(String);

/// Reads a moment to the second; what names no zone is in the one given.
///
/// A date without a time is refused: who types one hardly means midnight.
///
/// ```
/// # use critwatch::model::time::moment::parse;
/// # use jiff::tz::TimeZone;
/// let now = "2026-03-01T12:00:00Z".parse().unwrap();
/// let at = parse("10m ago", &TimeZone::UTC, now).unwrap();
/// assert_eq!(at.to_string(), "2026-03-01T11:50:00Z");
/// ```
pub fn parse(text: &str, zone: &TimeZone, now: Timestamp) -> Result<Timestamp, WhenError> {
    let text = text.trim();
    let found = if text == "now" {
        Some(now)
    } else if let Some(span) = text.strip_suffix(" ago") {
        span_of(span).and_then(|span| now.checked_sub(span).ok())
    } else if let Some(span) = text.strip_prefix("in ") {
        span_of(span).and_then(|span| now.checked_add(span).ok())
    } else {
        clock(text, zone)
    };
    found.map(whole).ok_or_else(|| WhenError(text.to_owned()))
}

/// Reads a moment that means the same whenever it is read: date and time.
pub fn fixed(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    clock(text.trim(), zone).map(whole)
}

/// The second in which a moment is: files know no parts of it.
pub fn whole(at: Timestamp) -> Timestamp {
    let part = SignedDuration::from_nanos(i64::from(at.subsec_nanosecond()));
    at.checked_sub(part).unwrap_or(at)
}

/// The full minute in which a moment has surely come.
pub fn next_minute(at: Timestamp) -> Timestamp {
    let whole = whole(at);
    let started = i64::from(whole < at);
    let seconds = whole.as_second().saturating_add(started);
    let minute = seconds.saturating_add(59).div_euclid(60).saturating_mul(60);
    Timestamp::from_second(minute).unwrap_or(at)
}

fn span_of(text: &str) -> Option<SignedDuration> {
    duration::parse(text.trim()).ok()?.try_into().ok()
}

fn clock(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    if !text.contains(':') {
        return None;
    }
    date::after_skipped(text, zone)
        .or_else(|| date::after_skipped(&format!("{text}:00"), zone))
        .or_else(|| text.parse().ok())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Option<String> {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let now = "2026-03-01T12:00:00.7Z".parse().unwrap();
        parse(text, &zone, now).ok().map(|at| at.to_string())
    }

    #[test]
    fn a_moment_has_surely_come_at_the_next_full_minute() {
        for (at, minute) in [
            ("2026-03-01T12:30:00Z", "2026-03-01T12:30:00Z"),
            ("2026-03-01T12:30:00.1Z", "2026-03-01T12:31:00Z"),
            ("2026-03-01T12:30:39Z", "2026-03-01T12:31:00Z"),
        ] {
            let at = at.parse().unwrap();
            assert_eq!(next_minute(at).to_string(), minute);
        }
    }

    #[test]
    fn moments_are_read_in_the_sites_zone() {
        for (text, expected) in [
            ("now", "2026-03-01T12:00:00Z"),
            ("10m ago", "2026-03-01T11:50:00Z"),
            ("1h30m ago", "2026-03-01T10:30:00Z"),
            ("in 2h", "2026-03-01T14:00:00Z"),
            ("2026-03-01 12:30", "2026-03-01T11:30:00Z"),
            ("2026-07-01 9:30:15", "2026-07-01T07:30:15Z"),
            // The clock skips it: the hour is over at 03:00.
            ("2026-03-29 02:30", "2026-03-29T01:00:00Z"),
            (" 2026-03-01T12:30:00Z ", "2026-03-01T12:30:00Z"),
            ("2026-03-01T12:30:00.5+05:00", "2026-03-01T07:30:00Z"),
            ("2026-03-01t12:30:00z", "2026-03-01T12:30:00Z"),
        ] {
            assert_eq!(read(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_could_mean_anything_is_refused() {
        for text in [
            "",
            "12:30",
            "2026-03-01",
            "20260301",
            "1.3.2026 12:30",
            "ten minutes ago",
            "10 ago",
            "-10m ago",
            "2026-02-30 12:30",
            "tomorrow",
            "in 9999999y",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "[-0-9T:. Z+agoin mh]{0,30}") {
            let _ = read(&text);
        }
    }
}
