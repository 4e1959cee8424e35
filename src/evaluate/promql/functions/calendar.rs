//! The parts of a date, in UTC, that rules ask for.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::evaluate::promql::functions::number::whole;

/// A part of a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DatePart {
    /// `minute`, 0 to 59
    Minute,
    /// `hour`, 0 to 23
    Hour,
    /// `day_of_week`, 0 is Sunday
    DayOfWeek,
    /// `day_of_month`, from 1
    DayOfMonth,
    /// `day_of_year`, from 1
    DayOfYear,
    /// `days_in_month`
    DaysInMonth,
    /// `month`, from 1
    Month,
    /// `year`
    Year,
}

impl DatePart {
    /// Gives the part of that name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "minute" => Self::Minute,
            "hour" => Self::Hour,
            "day_of_week" => Self::DayOfWeek,
            "day_of_month" => Self::DayOfMonth,
            "day_of_year" => Self::DayOfYear,
            "days_in_month" => Self::DaysInMonth,
            "month" => Self::Month,
            "year" => Self::Year,
            _ => return None,
        })
    }

    /// Gives the part of the date that lies that many seconds after the epoch;
    /// NaN where that is no date before the year 10,000.
    pub(crate) fn of(self, seconds: f64) -> f64 {
        let date = whole(seconds)
            .and_then(|seconds| Timestamp::from_second(seconds).ok())
            .map(|moment| TimeZone::UTC.to_datetime(moment));
        date.map_or(f64::NAN, |date| self.part(date))
    }

    fn part(self, date: DateTime) -> f64 {
        match self {
            Self::Minute => f64::from(date.minute()),
            Self::Hour => f64::from(date.hour()),
            Self::DayOfWeek => f64::from(date.weekday().to_sunday_zero_offset()),
            Self::DayOfMonth => f64::from(date.day()),
            Self::DayOfYear => f64::from(date.day_of_year()),
            Self::DaysInMonth => f64::from(date.days_in_month()),
            Self::Month => f64::from(date.month()),
            Self::Year => f64::from(date.year()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_has_its_parts_in_utc() {
        // 29 February 2024, a Thursday, 13:14:15.
        let leap = 1_709_212_455.9;
        let check = |name: &str, seconds: f64, expected: f64| {
            let part = DatePart::named(name).unwrap().of(seconds);
            assert!((part - expected).abs() < 0.1, "{name}: {part}");
        };
        check("minute", leap, 14.0);
        check("hour", leap, 13.0);
        check("day_of_week", leap, 4.0);
        check("day_of_month", leap, 29.0);
        check("day_of_year", leap, 60.0);
        check("days_in_month", leap, 29.0);
        check("month", leap, 2.0);
        check("year", leap, 2024.0);
        check("day_of_week", 3.0 * 86_400.0, 0.0);
        check("year", -1.0, 1969.0);
        check("year", -0.9, 1970.0);
        for odd in [f64::NAN, f64::INFINITY, 1e300, -1e15] {
            assert!(DatePart::Year.of(odd).is_nan());
        }
    }
}
