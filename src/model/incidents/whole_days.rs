//! Incidents whose files name days without times: they are days in every zone.

use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::model::incident::Incident;
use crate::model::time::date;

/// From the beginning of a day to its middle.
const HALF_A_DAY: Duration = Duration::from_hours(12);

impl Incident {
    /// The day on which it began, as a page in that zone tells it.
    pub fn began_on(&self, zone: &TimeZone) -> Option<Date> {
        let at = self.date.map(|at| date::day_of(at, zone));
        self.days.began.or(at)
    }

    /// The last day that it touched, as a page in that zone tells it.
    pub fn ended_on(&self, zone: &TimeZone) -> Option<Date> {
        let at = self.resolved_when.map(|at| date::day_of(at, zone));
        self.days.ended.or(at)
    }

    /// The moment at which it began, for those who can tell no day: its noon,
    /// which is on that day nearly everywhere.
    pub fn began_at(&self) -> Option<Timestamp> {
        let noon = |at: Timestamp| at.checked_add(HALF_A_DAY).unwrap_or(at);
        self.date.map(|at| self.days.began.map_or(at, |_| noon(at)))
    }

    /// How long it lasted, as exactly as its file says; `None` if it does not:
    /// between a day and a time there is no saying.
    pub fn lasted(&self) -> Option<Duration> {
        let moments = || Some(self.resolved_when?.duration_since(self.date?));
        let length = match (self.days.began, self.days.ended) {
            (None, None) => moments()?,
            (Some(from), Some(to)) => to.duration_since(from),
            _ => return None,
        };
        Some(length.try_into().unwrap_or_default())
    }
}
