//! Hours in which lesser news waits.

use jiff::Timestamp;
use jiff::civil::Time;
use jiff::tz::TimeZone;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, de};

use crate::model::text::shape::HoursText;

/// A time of the day until another, each day: `22:00-07:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, JsonSchema)]
#[schemars(inline, with = "HoursText")]
pub struct QuietHours {
    from: Time,
    until: Time,
}

impl QuietHours {
    /// Reads `22:00-07:00`.
    fn parse(text: &str) -> Option<Self> {
        let (from, until) = text.split_once('-')?;
        let time = |text: &str| Time::strptime("%H:%M", text.trim()).ok();
        let hours = Self {
            from: time(from)?,
            until: time(until)?,
        };
        (hours.from != hours.until).then_some(hours)
    }

    /// Whether it is quiet at that moment, by the clock of a place.
    pub(crate) fn hold(self, at: Timestamp, zone: &TimeZone) -> bool {
        let time = at.to_zoned(zone.clone()).time();
        if self.from < self.until {
            self.from <= time && time < self.until
        } else {
            self.from <= time || time < self.until
        }
    }
}

impl<'de> Deserialize<'de> for QuietHours {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        Self::parse(&text)
            .ok_or_else(|| de::Error::custom("write two different times of the day: `22:00-07:00`"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_may_reach_over_midnight() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let quiet = |hours: &str, at: &str| {
            let hours = QuietHours::parse(hours).unwrap();
            hours.hold(at.parse().unwrap(), &zone)
        };
        // 22:00 in Berlin is 21:00 UTC in winter.
        assert!(!quiet("22:00-07:00", "2026-01-10T20:59:59Z"));
        assert!(quiet("22:00-07:00", "2026-01-10T21:00:00Z"));
        assert!(quiet("22:00-07:00", "2026-01-11T05:59:59Z"));
        assert!(!quiet("22:00-07:00", "2026-01-11T06:00:00Z"));
        assert!(quiet("12:00-13:00", "2026-01-11T11:30:00Z"));
        assert!(!quiet("12:00-13:00", "2026-01-11T21:30:00Z"));
        for wrong in ["", "22:00", "22-07", "25:00-07:00", "07:00-07:00"] {
            assert_eq!(QuietHours::parse(wrong), None, "{wrong}");
        }
    }
}
