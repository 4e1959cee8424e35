//! Dates in every form that Hugo accepts; a site says what zone-less ones mean.

use jiff::civil::{Date, DateTime, Time};
use jiff::fmt::rfc2822;
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};
use jiff::{Timestamp, Zoned};

/// Reads a date as Hugo does; `None` for what Hugo would not accept.
///
/// Seconds are required where there is a time. A date without a zone is in the
/// one given, Hugo's `timeZone`. A bare number counts the seconds since 1970.
pub fn parse(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    zoned(text, zone).map(|zoned| zoned.timestamp())
}

/// The same, in the zone that it is written in.
pub fn zoned(text: &str, zone: &TimeZone) -> Option<Zoned> {
    if let Ok(seconds) = text.parse::<i64>() {
        let at = Timestamp::from_second(seconds).ok()?;
        return Some(at.to_zoned(TimeZone::UTC));
    }
    iso(text, zone).or_else(|| rfc2822::parse(text).ok())
}

/// The day that a text names without a time: `2026-03-01`.
pub fn day(text: &str) -> Option<Date> {
    let alone = text.len() == 10;
    civil_date(text).filter(|_| alone)
}

/// A moment for programs, in RFC 3339; a day without a time is only that.
pub fn rfc3339(at: Option<Timestamp>, day: Option<Date>) -> Option<String> {
    day.map(|day| day.to_string())
        .or_else(|| at.map(|at| at.to_string()))
}

/// The day on which a moment is in a zone.
pub fn day_of(at: Timestamp, zone: &TimeZone) -> Date {
    at.to_zoned(zone.clone()).date()
}

/// The moment at which a day begins in a zone.
pub fn midnight(day: Date, zone: &TimeZone) -> Option<Timestamp> {
    instant(DateTime::from_parts(day, Time::midnight()), zone.clone()).map(|at| at.timestamp())
}

/// Reads a date as [`parse`] does, but a time that the clock skips in spring is
/// the moment at which the skipped hour is over.
pub fn after_skipped(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    let Some((at, zone)) = parts(text, zone) else {
        return parse(text, zone);
    };
    let ambiguous = zone.to_ambiguous_zoned(at);
    if matches!(ambiguous.offset(), AmbiguousOffset::Gap { .. }) {
        let before = ambiguous.earlier().ok()?.timestamp();
        return zone
            .following(before)
            .next()
            .map(|change| change.timestamp());
    }
    ambiguous.compatible().ok().map(|at| at.timestamp())
}

/// What the inside of cState's shortcode `track "..."` says.
pub fn tracked(inside: &str) -> Option<&str> {
    let argument = inside.trim().strip_prefix("track")?.trim();
    Some(argument.trim_matches(['"', '`']))
}

/// The moment that the inside of cState's shortcode `track "..."` names.
pub fn track(inside: &str, zone: &TimeZone) -> Option<Timestamp> {
    parse(tracked(inside)?, zone)
}

fn iso(text: &str, zone: &TimeZone) -> Option<Zoned> {
    let (at, zone) = parts(text, zone)?;
    instant(at, zone)
}

/// What a text in the manner of ISO 8601 says, and the zone that this is in.
fn parts(text: &str, zone: &TimeZone) -> Option<(DateTime, TimeZone)> {
    let (date, rest) = text.split_at_checked(10)?;
    let date = civil_date(date)?;
    if rest.is_empty() {
        return Some((DateTime::from_parts(date, Time::midnight()), zone.clone()));
    }
    let separator = rest.chars().next().filter(|c| matches!(c, 'T' | ' '))?;
    let rest = &rest[1..];
    let end = rest
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, ':' | '.')))
        .unwrap_or(rest.len());
    let (time, offset) = rest.split_at(end);
    let offset = match offset.strip_prefix(' ') {
        // A blank before the offset goes with a blank before the time only.
        Some(offset) if separator == ' ' => offset,
        Some(_) => return None,
        None => offset,
    };
    let zone = match offset {
        "" => zone.clone(),
        offset => TimeZone::fixed(read_offset(offset)?),
    };
    Some((DateTime::from_parts(date, civil_time(time)?), zone))
}

fn instant(at: DateTime, zone: TimeZone) -> Option<Zoned> {
    at.to_zoned(zone).ok()
}

fn civil_date(text: &str) -> Option<Date> {
    let bytes = text.as_bytes();
    if bytes.get(4) != Some(&b'-') || bytes.get(7) != Some(&b'-') {
        return None;
    }
    Date::new(
        number(&text[..4])?,
        number(&text[5..7])?,
        number(&text[8..])?,
    )
    .ok()
}

fn civil_time(text: &str) -> Option<Time> {
    let (clock, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let mut parts = clock.split(':');
    let (hour, minute, second) = (parts.next()?, parts.next()?, parts.next()?);
    let widths = (1..=2).contains(&hour.len()) && minute.len() == 2 && second.len() == 2;
    if parts.next().is_some() || !widths || fraction.is_empty() || fraction.len() > 9 {
        return None;
    }
    let nanos: i32 = number(&format!("{fraction:0<9}"))?;
    Time::new(number(hour)?, number(minute)?, number(second)?, nanos).ok()
}

fn read_offset(text: &str) -> Option<Offset> {
    if text == "Z" {
        return Some(Offset::UTC);
    }
    if !text.is_ascii() {
        return None;
    }
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let digits = match text.len() {
        6 if text.as_bytes()[3] == b':' => format!("{}{}", &text[1..3], &text[4..]),
        5 => text[1..].to_owned(),
        _ => return None,
    };
    let (hours, minutes): (i32, i32) = (number(&digits[..2])?, number(&digits[2..])?);
    (minutes < 60).then(|| Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok())?
}

/// Reads digits only: no sign, no blank.
fn number<T: std::str::FromStr>(text: &str) -> Option<T> {
    text.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_form_that_hugo_accepts_is_read() {
        for (text, expected) in [
            ("2018-04-13T15:54:00Z", "2018-04-13T15:54:00Z"),
            ("2018-04-13T15:54:00.482Z", "2018-04-13T15:54:00.482Z"),
            ("2021-04-14T07:30:00-00:00", "2021-04-14T07:30:00Z"),
            ("2021-04-14T07:30:00+02:00", "2021-04-14T05:30:00Z"),
            ("2021-04-14T07:30:00+0200", "2021-04-14T05:30:00Z"),
            ("2018-04-13 15:54:00", "2018-04-13T15:54:00Z"),
            ("2021-12-14 14:00:00Z", "2021-12-14T14:00:00Z"),
            ("2020-12-04 12:00:00-08:00", "2020-12-04T20:00:00Z"),
            ("2022-04-06 14:25:00 -0400", "2022-04-06T18:25:00Z"),
            ("2022-08-16 9:00:00", "2022-08-16T09:00:00Z"),
            ("2023-12-04T8:00:00-00:00", "2023-12-04T08:00:00Z"),
            ("2015-06-29", "2015-06-29T00:00:00Z"),
            ("Wed, 15 May 2024 17:50:00 +0200", "2024-05-15T15:50:00Z"),
            ("20240515", "1970-08-23T06:21:55Z"),
        ] {
            assert_eq!(
                parse(text, &TimeZone::UTC),
                Some(expected.parse().unwrap()),
                "{text}"
            );
        }
    }

    #[test]
    fn a_date_without_a_zone_is_in_the_sites_own() {
        let zone = TimeZone::get("America/New_York").unwrap();
        for (text, expected) in [
            ("2025-08-05 19:38:45", "2025-08-05T23:38:45Z"),
            ("2025-08-05", "2025-08-05T04:00:00Z"),
            ("2025-08-05 19:38:45Z", "2025-08-05T19:38:45Z"),
        ] {
            assert_eq!(
                parse(text, &zone),
                Some(expected.parse().unwrap()),
                "{text}"
            );
        }
    }

    #[test]
    fn a_date_without_a_time_is_a_day() {
        for (text, is_day) in [
            ("2026-03-01", true),
            ("2026-03-01 00:00:00", false),
            ("2026-03-01T00:00:00Z", false),
            ("2026-03-01 ", false),
            ("2026-02-30", false),
            ("20260301", false),
            ("", false),
            ("2026-03-é", false),
        ] {
            assert_eq!(day(text).is_some(), is_day, "{text}");
        }
    }

    #[test]
    fn a_time_that_the_clock_skips_is_when_the_skipped_hour_is_over() {
        for (zone, text, expected) in [
            (
                "Europe/Berlin",
                "2026-03-29 02:30:00",
                "2026-03-29T01:00:00Z",
            ),
            (
                "Europe/Berlin",
                "2026-03-29 02:00:00",
                "2026-03-29T01:00:00Z",
            ),
            (
                "Europe/Berlin",
                "2026-03-29 03:00:00",
                "2026-03-29T01:00:00Z",
            ),
            (
                "Europe/Berlin",
                "2026-03-29 03:30:00",
                "2026-03-29T01:30:00Z",
            ),
            (
                "America/New_York",
                "2026-03-08 02:59:59",
                "2026-03-08T07:00:00Z",
            ),
            // Half an hour is skipped there.
            (
                "Australia/Lord_Howe",
                "2026-10-04 02:15:00",
                "2026-10-03T15:30:00Z",
            ),
            // A time that comes twice is meant the first time.
            (
                "Europe/Berlin",
                "2026-10-25 02:30:00",
                "2026-10-25T00:30:00Z",
            ),
            // An offset leaves nothing to be skipped.
            (
                "Europe/Berlin",
                "2026-03-29T02:30:00+01:00",
                "2026-03-29T01:30:00Z",
            ),
        ] {
            let zone = TimeZone::get(zone).unwrap();
            let expected = expected.parse().unwrap();
            assert_eq!(after_skipped(text, &zone), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_hugo_refuses_is_no_date() {
        for text in [
            "2024-05-15 17:50",
            "2022-06-22T14:00+02:00",
            "2024-05-15t17:50:00z",
            "2024-05-15 17:50:00 UTC",
            "2024-05-15 17:50:00 GMT+1",
            "15.05.2024",
            "2024/05/15",
            "2024-5-5",
            "2024-13-01T00:00:00Z",
            "2024-02-30",
            "2024-05-15T24:00:00Z",
            "2024-05-15T015:00:00Z",
            "2024-05-15T17:50:00 +02:00",
            "2024-05-15T17:50:00Z ",
            "",
            "now",
            "2024-05-15T17:50:00-\u{fffd}-",
            "2024-05-15T17:50:00+é1:00",
        ] {
            assert_eq!(parse(text, &TimeZone::UTC), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "[-0-9T:. Z+a-zä]{0,30}") {
            let _ = parse(&text, &TimeZone::UTC);
        }

        #[test]
        fn a_printed_moment_is_read_back(seconds in 0..4_000_000_000_i64) {
            let at = Timestamp::from_second(seconds).unwrap();
            prop_assert_eq!(parse(&at.to_string(), &TimeZone::UTC), Some(at));
        }
    }
}
