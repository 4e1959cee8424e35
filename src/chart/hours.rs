//! The axis of time: round hours and days of a zone.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::model::time::duration::elapsed;

/// Labels that fit beside each other.
const MAX_TICKS: u64 = 5;

/// A day in seconds.
const DAY: u64 = 86_400;

/// Round lengths up to a day, in seconds.
const LENGTHS: [u64; 13] = [
    60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 14_400, 21_600, 43_200, DAY,
];

/// A round moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HourTick {
    /// The moment.
    pub at: Timestamp,
    /// Its time of day, or the day that begins there.
    pub label: String,
    /// Whether all ticks of the axis are days.
    pub is_daily: bool,
}

/// Round moments between two.
pub(crate) fn ticks(from: Timestamp, until: Timestamp, zone: &TimeZone) -> Vec<HourTick> {
    let length = elapsed(from, until);
    let least = length.as_secs().div_ceil(MAX_TICKS).max(1);
    let step = LENGTHS.into_iter().find(|step| *step >= least);
    let step = step.unwrap_or_else(|| days(least.div_ceil(DAY)) * DAY);
    let Some(step) = i64::try_from(step).ok().map(SignedDuration::from_secs) else {
        return Vec::new();
    };
    let is_daily = step.as_secs() % 86_400 == 0;
    let mut found: Vec<HourTick> = Vec::new();
    let mut next = begin(from, step, zone);
    while let Some(civil) = next {
        // A time that daylight saving skips is placed where it would have been.
        let Ok(zoned) = civil.to_zoned(zone.clone()) else {
            break;
        };
        let at = zoned.timestamp();
        if at > until {
            break;
        }
        if at >= from && found.last().is_none_or(|last| last.at < at) {
            let day = is_daily || zoned.hour() == 0 && zoned.minute() == 0;
            let label = zoned.strftime(if day { "%-d %b" } else { "%H:%M" });
            found.push(HourTick {
                at,
                label: label.to_string(),
                is_daily,
            });
        }
        next = civil.checked_add(step).ok();
    }
    found
}

/// A round number of days.
fn days(least: u64) -> u64 {
    let round = [1, 2, 7, 14, 30, 91, 182, 365];
    round
        .into_iter()
        .find(|days| *days >= least)
        .unwrap_or_else(|| least.next_multiple_of(365))
}

/// The first round time of a zone that is not after a moment.
fn begin(from: Timestamp, step: SignedDuration, zone: &TimeZone) -> Option<DateTime> {
    let midnight = from
        .to_zoned(zone.clone())
        .date()
        .to_datetime(jiff::civil::Time::midnight());
    if step.as_secs() <= 86_400 {
        return Some(midnight);
    }
    // Days are counted from 1970, so that a chart that moves on keeps its days.
    let day = midnight
        .to_zoned(TimeZone::UTC)
        .ok()?
        .timestamp()
        .as_second()
        / 86_400;
    let over = day.rem_euclid(step.as_secs() / 86_400);
    midnight
        .checked_sub(SignedDuration::from_hours(24 * over))
        .ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(from: &str, until: &str, zone: &str, expected: &str) {
        let zone = TimeZone::get(zone).unwrap();
        let ticks = ticks(from.parse().unwrap(), until.parse().unwrap(), &zone);
        let labels: Vec<_> = ticks.into_iter().map(|tick| tick.label).collect();
        assert_eq!(labels.join(", "), expected);
    }

    #[test]
    fn the_ticks_are_round_in_the_zone() {
        let (from, until) = ("2026-03-01T18:10:00Z", "2026-03-01T19:10:00Z");
        check(from, until, "UTC", "18:15, 18:30, 18:45, 19:00");
        check(
            from,
            until,
            "Asia/Kathmandu",
            "1 Mar, 00:15, 00:30, 00:45"
                .replace("1 Mar", "2 Mar")
                .as_str(),
        );
        let (from, until) = ("2026-03-01T10:00:00Z", "2026-03-02T10:00:00Z");
        check(from, until, "UTC", "12:00, 18:00, 2 Mar, 06:00");
        let (from, until) = ("2026-01-01T10:00:00Z", "2026-01-31T10:00:00Z");
        check(from, until, "UTC", "8 Jan, 15 Jan, 22 Jan, 29 Jan");
    }

    #[test]
    fn a_day_with_a_changed_clock_keeps_its_round_hours() {
        let (from, until) = ("2026-03-28T23:00:00Z", "2026-03-29T08:00:00Z");
        check(
            from,
            until,
            "Europe/Berlin",
            "29 Mar, 02:00, 04:00, 06:00, 08:00, 10:00"
                .replace("02:00", "03:00")
                .as_str(),
        );
    }

    proptest! {
        #[test]
        fn any_stretch_has_few_ticks_within(
            from in -10_000_000_000_i64..100_000_000_000,
            length in 0_i64..100_000_000_000,
        ) {
            let zone = TimeZone::get("Europe/Berlin").unwrap();
            let at = |second: i64| Timestamp::from_second(second).unwrap();
            let ticks = ticks(at(from), at(from + length), &zone);
            prop_assert!(ticks.len() <= 7, "{:?}", ticks);
            prop_assert!(ticks.iter().all(|tick| (from..=from + length).contains(&tick.at.as_second())));
            prop_assert!(ticks.is_sorted_by(|one, other| one.at < other.at));
        }
    }
}
