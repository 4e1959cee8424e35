//! Spans of health summed up to days and longer stretches. Pure.

use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::model::component::Health;
use crate::model::uptime::{Day, Span, Tally, Uptime};

/// How many days the page shows.
pub const DAYS: i64 = 90;

/// Sums up the last days until `now`, in calendar days of the zone.
///
/// Time that no span covers was not seen.
pub fn sum(spans: &[Span], zone: &TimeZone, now: Timestamp) -> Uptime {
    let today = now.to_zoned(zone.clone()).date();
    let mut days = Vec::new();
    let mut total = Tally::default();
    for back in (0..DAYS).rev() {
        let Ok(date) = today.checked_sub(back.days()) else {
            continue;
        };
        let (Ok(from), Ok(to)) = (
            date.to_zoned(zone.clone()),
            date.tomorrow().and_then(|next| next.to_zoned(zone.clone())),
        ) else {
            continue;
        };
        let tally = tally(spans, from.timestamp(), to.timestamp().min(now));
        add(&mut total, &tally);
        days.push(Day { date, tally });
    }
    Uptime {
        since: spans.last().map(|span| span.from),
        days,
        total,
    }
}

fn tally(spans: &[Span], from: Timestamp, to: Timestamp) -> Tally {
    let mut tally = Tally::default();
    let mut seen = Duration::ZERO;
    // Spans are in order: those that ended before the day need no look.
    let first = spans.partition_point(|span| span.to <= from);
    for span in spans[first..].iter().take_while(|span| span.from < to) {
        let part = length(span.from.max(from), span.to.min(to));
        seen += part;
        match span.health {
            Health::Ok | Health::Notice => tally.ok += part,
            Health::Disrupted => tally.disrupted += part,
            Health::Down => tally.down += part,
            Health::Unknown => tally.unknown += part,
        }
    }
    tally.unknown += length(from, to).saturating_sub(seen);
    tally
}

fn add(total: &mut Tally, part: &Tally) {
    total.ok += part.ok;
    total.disrupted += part.disrupted;
    total.down += part.down;
    total.unknown += part.unknown;
}

fn length(from: Timestamp, to: Timestamp) -> Duration {
    to.duration_since(from).try_into().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn span(from: &str, to: &str, health: Health) -> Span {
        Span {
            from: at(from),
            to: at(to),
            health,
        }
    }

    #[test]
    fn a_day_is_split_by_health_and_the_rest_is_unknown() {
        let now = at("2026-03-02T12:00:00Z");
        let uptime = sum(
            &[
                span("2026-03-01T06:00:00Z", "2026-03-01T18:00:00Z", Health::Ok),
                span("2026-03-01T18:00:00Z", "2026-03-02T01:00:00Z", Health::Down),
                span(
                    "2026-03-02T01:00:00Z",
                    "2026-03-02T12:00:00Z",
                    Health::Notice,
                ),
            ],
            &TimeZone::UTC,
            now,
        );
        let hours = |tally: &Tally| {
            [tally.ok, tally.disrupted, tally.down, tally.unknown].map(|part| part.as_secs() / 3600)
        };
        assert_eq!(uptime.days.len(), 90);
        assert_eq!(hours(&uptime.days[88].tally), [12, 0, 6, 6]);
        assert_eq!(hours(&uptime.days[89].tally), [11, 0, 1, 0]);
        assert_eq!(uptime.total.ratio(), Some(23.0 / 30.0));
        assert_eq!(uptime.since, Some(at("2026-03-02T01:00:00Z")));
    }

    #[test]
    fn a_day_of_the_clock_change_has_its_own_length() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let uptime = sum(&[], &zone, at("2026-03-29T22:00:00Z"));
        let day = uptime
            .days
            .iter()
            .find(|day| day.date == jiff::civil::date(2026, 3, 29))
            .unwrap();
        assert_eq!(day.tally.unknown, Duration::from_hours(23));
        assert_eq!(uptime.total.ratio(), None);
    }
}
