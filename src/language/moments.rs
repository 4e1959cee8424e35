//! Moments within sentences: how they stand in files and messages, and how a page
//! finds them again, to show them in the visitor's zone.

use std::ops::Range;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _, Zoned};

/// Closer to a moment that the reader knows, a clock needs no day. Less than half
/// a day, so that seconds and a changed clock make no difference.
const NEAR: SignedDuration = SignedDuration::from_hours(11);

/// A moment that was found in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundMoment {
    /// Its bytes.
    pub range: Range<usize>,
    /// The moment.
    pub at: Timestamp,
}

/// A moment to the minute, with its zone: `08:30 CET`, or `2026-03-01 08:30 CET` if
/// it is far from the moment that the reader knows. Every language reads it alike.
pub fn written(at: Timestamp, known: Timestamp, zone: &TimeZone) -> String {
    let local = at.to_zoned(zone.clone());
    if at.duration_since(known).abs() < NEAR {
        local.strftime("%H:%M %Z").to_string()
    } else {
        dated(&local)
    }
}

/// A moment with its day: `2026-03-01 08:30 CET`.
pub fn dated(at: &Zoned) -> String {
    at.strftime("%Y-%m-%d %H:%M %Z").to_string()
}

/// The moments of a text that [`written`] wrote in the zone. A clock without a day
/// is the nearest one to the moment found before it, or else to `known`; without
/// that, only those with a day are found.
pub fn find(text: &str, known: Option<Timestamp>, zone: &TimeZone) -> Vec<FoundMoment> {
    let mut found: Vec<FoundMoment> = Vec::new();
    let mut known = known;
    let mut from = 0;
    for (colon, _) in text.match_indices(':') {
        if colon < from {
            continue;
        }
        if let Some(one) = around(text, colon, known, zone).filter(|one| one.range.start >= from) {
            from = one.range.end;
            known = Some(one.at);
            found.push(one);
        }
    }
    found
}

/// The moment around the colon of its clock.
fn around(
    text: &str,
    colon: usize,
    known: Option<Timestamp>,
    zone: &TimeZone,
) -> Option<FoundMoment> {
    let number = |range: Range<usize>| {
        let digits = text.get(range)?;
        let is_number = digits.bytes().all(|digit| digit.is_ascii_digit());
        is_number.then(|| digits.parse::<i8>().ok())?
    };
    let start = colon.checked_sub(2)?;
    let time = Time::new(number(start..colon)?, number(colon + 1..colon + 3)?, 0, 0).ok()?;
    let named = text.get(colon + 3..)?.strip_prefix(' ')?;
    let end = named.find(|sign: char| !(sign.is_ascii_alphanumeric() || "+-".contains(sign)));
    // A zone such as `+0545` may end a sentence, but no sign of it does.
    let named = &named[..end.unwrap_or(named.len())];
    let end = colon + 4 + named.len();
    let day = start
        .checked_sub(11)
        .and_then(|day| text.get(day..start))
        .and_then(|day| day.strip_suffix(' ')?.parse::<Date>().ok());
    let start = day.map_or(start, |_| start - 11);
    let before = text[..start].chars().next_back();
    if before.is_some_and(|sign| sign.is_ascii_alphanumeric() || "-:+.".contains(sign)) {
        return None;
    }
    let at = match (day, known) {
        (Some(day), _) => instant(day, time, zone, named)?,
        (None, Some(known)) => nearest(known, time, zone, named)?,
        (None, None) => return None,
    };
    Some(FoundMoment {
        range: start..end,
        at,
    })
}

/// The moment of a clock that is nearest to another one.
fn nearest(known: Timestamp, time: Time, zone: &TimeZone, named: &str) -> Option<Timestamp> {
    let today = known.to_zoned(zone.clone()).date();
    let days = (-1..=1).filter_map(|on: i64| today.checked_add(on.days()).ok());
    let moments = days.filter_map(|day| instant(day, time, zone, named));
    moments.min_by_key(|at| at.duration_since(known).abs())
}

/// The moment of a clock on a day in a zone that is called so then; `None` if it is
/// not.
pub fn instant(day: Date, time: Time, zone: &TimeZone, named: &str) -> Option<Timestamp> {
    let civil = DateTime::from_parts(day, time);
    let either = zone.to_ambiguous_zoned(civil);
    let mut found = [either.clone().earlier().ok(), either.later().ok()]
        .into_iter()
        .flatten();
    let is_named = |at: &Zoned| at.strftime("%Z").to_string() == named;
    // A time that the clock leaves out is no time.
    let found = found.find(|at| at.datetime() == civil && is_named(at))?;
    Some(found.timestamp())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn check(text: &str, known: &str, zone: &str, expected: &[(&str, &str)]) {
        let zone = TimeZone::get(zone).unwrap();
        let found = find(text, Some(at(known)), &zone);
        let found: Vec<_> = found
            .into_iter()
            .map(|one| (&text[one.range], one.at))
            .collect();
        let expected: Vec<_> = expected
            .iter()
            .map(|(text, when)| (*text, at(when)))
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn a_clock_is_that_of_the_nearest_day() {
        let known = "2026-03-01T23:50:00Z";
        check(
            "Working again since 23:41 UTC. Resolved at about 00:06 UTC.",
            known,
            "UTC",
            &[
                ("23:41 UTC", "2026-03-01T23:41:00Z"),
                ("00:06 UTC", "2026-03-02T00:06:00Z"),
            ],
        );
        check(
            "Seit 05:26 +0545.",
            known,
            "Asia/Kathmandu",
            &[("05:26 +0545", "2026-03-01T23:41:00Z")],
        );
    }

    #[test]
    fn a_clock_behind_a_day_belongs_to_that_day() {
        check(
            "メンテナンス：2026-04-01 22:00 JST～2026-04-02 10:30 JST。終了は11:00 JSTです。",
            "2026-03-01T23:50:00Z",
            "Asia/Tokyo",
            &[
                ("2026-04-01 22:00 JST", "2026-04-01T13:00:00Z"),
                ("2026-04-02 10:30 JST", "2026-04-02T01:30:00Z"),
                ("11:00 JST", "2026-04-02T02:00:00Z"),
            ],
        );
        assert_eq!(find("08:30 UTC", None, &TimeZone::UTC), []);
    }

    #[test]
    fn the_name_of_the_zone_tells_which_hour_it_is_when_one_comes_twice() {
        let known = "2026-10-25T01:00:00Z";
        check(
            "02:30 CEST",
            known,
            "Europe/Berlin",
            &[("02:30 CEST", "2026-10-25T00:30:00Z")],
        );
        check(
            "02:30 CET",
            known,
            "Europe/Berlin",
            &[("02:30 CET", "2026-10-25T01:30:00Z")],
        );
    }

    #[test]
    fn what_is_no_moment_of_ours_stays_a_text() {
        for text in [
            "at 08:30",
            "at 08:30 CET",
            "at 8:30 UTC",
            "at 24:30 UTC",
            "at 08:300 UTC",
            "at 10:08:30 UTC",
            "a:b UTC",
            "é:é UTC",
            "2026-13-41 08:30 UTC-2",
            "http://[::1]:80 UTC",
        ] {
            check(text, "2026-03-01T12:00:00Z", "UTC", &[]);
        }
    }

    proptest! {
        #[test]
        fn what_was_written_is_found_again(
            minute in 0..60_000_000_i64,
            apart in -3_000..3_000_i64,
            place in 0..4_usize,
        ) {
            let zone = ["UTC", "America/New_York", "Asia/Kathmandu", "Europe/Berlin"][place];
            let zone = TimeZone::get(zone).unwrap();
            let moment = |minute: i64| Timestamp::from_second(minute * 60).unwrap();
            let (at, known) = (moment(minute), moment(minute + apart));
            let text = format!("Working since {}.", written(at, known, &zone));
            let found = find(&text, Some(known), &zone);
            prop_assert_eq!(found.len(), 1, "{}", text);
            prop_assert_eq!(found[0].at, at, "{}", text);
        }

        #[test]
        fn no_text_makes_it_panic(text in "[-0-9:é UTCZ+.]{0,40}") {
            for one in find(&text, Some(Timestamp::UNIX_EPOCH), &TimeZone::UTC) {
                prop_assert!(text.get(one.range).is_some());
            }
        }
    }
}
