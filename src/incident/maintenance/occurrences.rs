//! When the maintenance of the settings takes place, computed from the moment alone.

use std::time::Duration;

use croner::Cron;
use croner::parser::{CronParser, Seconds, Year};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::model::time::moment;

/// How many occurrences of one plan may be announced at once.
const AHEAD: usize = 5;

/// How many occurrences are looked at to see whether they run into each other.
const TRIED: usize = 60;

/// Work that is planned in the settings.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Names it within the settings.
    pub id: String,
    /// Heading of its files.
    pub title: String,
    /// The text of the announcement, besides the times.
    pub text: Option<String>,
    /// Names of the components concerned.
    pub affected: Vec<String>,
    /// When it takes place.
    pub times: Times,
    /// How long before its beginning it is announced.
    pub announce: Duration,
}

/// When planned work takes place.
#[derive(Clone, Debug)]
pub enum Times {
    /// Once.
    Once(Occurrence),
    /// Again and again.
    Recurring(Recurring),
}

/// When recurring work begins, and how long it lasts.
#[derive(Clone, Debug)]
pub struct Recurring {
    cron: Box<Cron>,
    zone: TimeZone,
    lasts: Duration,
}

/// One time at which planned work takes place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Occurrence {
    /// When it begins.
    pub from: Timestamp,
    /// When it is to end.
    pub until: Timestamp,
}

/// Why a text is not a schedule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CronFault {
    /// It cannot be read.
    #[error(
        "this is not a cron expression: {0}; write five fields as in `0 3 * * SUN`, \
        or six with seconds before them"
    )]
    Unreadable(String),
    /// There is no such day.
    #[error("this never happens; there is no such day")]
    Never,
    /// It would not be over when it begins again.
    #[error("the next one begins before this one is over; make it shorter or rarer")]
    Overlaps,
    /// It lasts no time at all.
    #[error("it must last a minute at least")]
    Short,
}

impl CronFault {
    /// Whether how long it lasts is at fault, rather than when it begins.
    pub fn is_about_length(&self) -> bool {
        matches!(self, Self::Overlaps | Self::Short)
    }
}

impl Recurring {
    /// Reads a cron expression of five fields, or six with seconds first.
    pub fn new(expression: &str, zone: TimeZone, lasts: Duration) -> Result<Self, CronFault> {
        let parser = CronParser::builder()
            .seconds(Seconds::Optional)
            .year(Year::Disallowed)
            .build();
        let cron = parser.parse(expression).map_err(|error| {
            CronFault::Unreadable(error.to_string().trim_end_matches('.').to_owned())
        })?;
        if lasts < Duration::from_mins(1) {
            return Err(CronFault::Short);
        }
        let recurring = Self {
            cron: Box::new(cron),
            zone,
            lasts,
        };
        // Any moment does: what never happens does not happen after this one.
        let starts = recurring.starts(Timestamp::UNIX_EPOCH);
        let starts: Vec<_> = starts.take(TRIED).collect();
        if starts.is_empty() {
            return Err(CronFault::Never);
        }
        let mut pairs = starts.iter().zip(starts.iter().skip(1));
        if pairs.any(|(one, next)| next.duration_since(*one).unsigned_abs() < lasts) {
            return Err(CronFault::Overlaps);
        }
        Ok(recurring)
    }

    /// The beginnings after a moment, in order.
    ///
    /// A time that the clock skips in spring is taken as the next that there is;
    /// one that it shows twice in autumn is meant once.
    fn starts(&self, after: Timestamp) -> impl Iterator<Item = Timestamp> + '_ {
        let mut last = Some(moment::whole(after));
        std::iter::from_fn(move || {
            let before = last?.to_zoned(self.zone.clone());
            let next = self.cron.find_next_occurrence(&before, false);
            last = next.ok().map(|next| next.timestamp());
            last
        })
    }
}

impl Plan {
    /// The occurrences that are not over, the first one first.
    fn coming(&self, now: Timestamp) -> Vec<Occurrence> {
        match &self.times {
            Times::Once(once) if once.until > now => vec![*once],
            Times::Once(_) => Vec::new(),
            Times::Recurring(recurring) => {
                let after = now.checked_sub(recurring.lasts).unwrap_or(Timestamp::MIN);
                let starts = recurring.starts(after).take(AHEAD + 1);
                let ends = |from: Timestamp| from.checked_add(recurring.lasts);
                let with_end = starts.filter_map(|from| {
                    let until = ends(from).ok()?;
                    Some(Occurrence { from, until })
                });
                with_end.filter(|one| one.until > now).collect()
            }
        }
    }

    /// The occurrences that must be announced by now and are not over, and when the
    /// next one must be announced.
    pub fn announced(&self, now: Timestamp) -> (Vec<Occurrence>, Option<Timestamp>) {
        let notice = |one: &Occurrence| one.from.checked_sub(self.announce).unwrap_or(one.from);
        let (mut announced, coming): (Vec<_>, Vec<_>) = self
            .coming(now)
            .into_iter()
            .partition(|one| notice(one) <= now);
        announced.truncate(AHEAD);
        let full = announced.first().filter(|_| announced.len() == AHEAD);
        let next = full.map(|one| one.until).or(coming.first().map(notice));
        (announced, next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn berlin() -> TimeZone {
        TimeZone::get("Europe/Berlin").unwrap()
    }

    fn recurring(cron: &str, lasts: &str, announce: &str) -> Plan {
        let duration = |text| crate::model::time::duration::parse(text).unwrap();
        Plan {
            id: "a".into(),
            title: "A".into(),
            text: None,
            affected: Vec::new(),
            times: Times::Recurring(Recurring::new(cron, berlin(), duration(lasts)).unwrap()),
            announce: duration(announce),
        }
    }

    fn texts(plan: &Plan, now: &str) -> (Vec<String>, Option<String>) {
        let (announced, next) = plan.announced(at(now));
        let announced = announced
            .iter()
            .map(|one| format!("{}/{}", one.from, one.until));
        (announced.collect(), next.map(|next| next.to_string()))
    }

    #[test]
    fn an_occurrence_is_known_from_its_announcement_until_its_end() {
        // Sundays at 03:00 in Berlin, which is 02:00 UTC in winter.
        let weekly = recurring("0 3 * * SUN", "1h", "24h");
        let sunday = "2026-03-01T02:00:00Z/2026-03-01T03:00:00Z";
        for (now, announced, next) in [
            ("2026-02-28T01:59:59.9Z", &[][..], "2026-02-28T02:00:00Z"),
            ("2026-02-28T02:00:00Z", &[sunday], "2026-03-07T02:00:00Z"),
            ("2026-03-01T02:00:00.5Z", &[sunday], "2026-03-07T02:00:00Z"),
            ("2026-03-01T02:59:59.9Z", &[sunday], "2026-03-07T02:00:00Z"),
            ("2026-03-01T03:00:00Z", &[], "2026-03-07T02:00:00Z"),
        ] {
            let (found, found_next) = texts(&weekly, now);
            assert_eq!(found, announced, "{now}");
            assert_eq!(found_next.as_deref(), Some(next), "{now}");
        }
    }

    /// The first three beginnings in Berlin after a moment.
    fn starts(cron: &str, after: &str) -> Vec<String> {
        let recurring = Recurring::new(cron, berlin(), Duration::from_mins(10)).unwrap();
        let starts = recurring.starts(at(after)).take(3);
        starts.map(|at| at.to_string()).collect()
    }

    #[test]
    fn the_clock_that_is_put_forward_or_back_moves_no_window_and_doubles_none() {
        for (cron, after, expected) in [
            // An hour later in UTC while it is winter.
            (
                "0 4 * * *",
                "2026-03-27T12:00:00Z",
                [
                    "2026-03-28T03:00:00Z",
                    "2026-03-29T02:00:00Z",
                    "2026-03-30T02:00:00Z",
                ],
            ),
            // 02:30 does not exist on 29 March 2026: it begins at 03:00.
            (
                "30 2 * * *",
                "2026-03-28T00:00:00Z",
                [
                    "2026-03-28T01:30:00Z",
                    "2026-03-29T01:00:00Z",
                    "2026-03-30T00:30:00Z",
                ],
            ),
            // 02:30 comes twice on 25 October 2026: the first one is meant.
            (
                "30 2 * * *",
                "2026-10-24T00:00:00Z",
                [
                    "2026-10-24T00:30:00Z",
                    "2026-10-25T00:30:00Z",
                    "2026-10-26T01:30:00Z",
                ],
            ),
            // Asked between the two, there is nothing more on that day.
            (
                "30 2 * * *",
                "2026-10-25T00:45:00Z",
                [
                    "2026-10-26T01:30:00Z",
                    "2026-10-27T01:30:00Z",
                    "2026-10-28T01:30:00Z",
                ],
            ),
        ] {
            assert_eq!(starts(cron, after), expected, "{cron} after {after}");
        }
    }

    #[test]
    fn days_may_be_of_the_month_or_the_week_and_seconds_come_first() {
        for (cron, after, expected) in [
            // A day of the month and one of the week mean either of them.
            (
                "0 3 1 * MON",
                "2026-03-25T00:00:00Z",
                [
                    "2026-03-30T01:00:00Z",
                    "2026-04-01T01:00:00Z",
                    "2026-04-06T01:00:00Z",
                ],
            ),
            (
                "0 3 * * SUN#1",
                "2026-03-02T00:00:00Z",
                [
                    "2026-04-05T01:00:00Z",
                    "2026-05-03T01:00:00Z",
                    "2026-06-07T01:00:00Z",
                ],
            ),
            // With seconds.
            (
                "15 0 12 1 * *",
                "2026-01-01T12:00:00Z",
                [
                    "2026-02-01T11:00:15Z",
                    "2026-03-01T11:00:15Z",
                    "2026-04-01T10:00:15Z",
                ],
            ),
        ] {
            assert_eq!(starts(cron, after), expected, "{cron} after {after}");
        }
    }

    #[test]
    fn an_hour_of_work_is_an_hour_whatever_the_clock_shows() {
        // From 01:30 to 04:30 on the wall on the night that lacks an hour.
        let plan = recurring("30 1 * * *", "2h", "1h");
        let night = "2026-03-29T00:30:00Z/2026-03-29T02:30:00Z";
        assert_eq!(texts(&plan, "2026-03-29T01:00:00Z").0, [night]);
    }

    #[test]
    fn what_comes_once_is_known_once() {
        let once = Occurrence {
            from: at("2026-03-02T12:00:00Z"),
            until: at("2026-03-02T13:00:00Z"),
        };
        let plan = Plan {
            times: Times::Once(once),
            ..recurring("0 3 * * *", "1h", "24h")
        };
        let check = |now: &str, announced: usize, next: Option<&str>| {
            let (found, found_next) = texts(&plan, now);
            assert_eq!(
                (found.len(), found_next.as_deref()),
                (announced, next),
                "{now}"
            );
        };
        check("2026-02-01T00:00:00Z", 0, Some("2026-03-01T12:00:00Z"));
        check("2026-03-01T12:00:00Z", 1, None);
        check("2026-03-02T12:59:59Z", 1, None);
        check("2026-03-02T13:00:00Z", 0, None);
    }

    #[test]
    fn a_long_notice_of_frequent_work_fills_no_folder() {
        let hourly = recurring("0 * * * *", "5m", "7d");
        let (announced, next) = hourly.announced(at("2026-03-02T12:02:00Z"));
        assert_eq!(announced.len(), AHEAD);
        assert_eq!(announced[0].from, at("2026-03-02T12:00:00Z"));
        // One more is announced when the first one is over.
        assert_eq!(next, Some(at("2026-03-02T12:05:00Z")));
    }

    #[test]
    fn what_says_no_times_is_refused() {
        let fault = |cron: &str, minutes| {
            let lasts = Duration::from_mins(minutes);
            Recurring::new(cron, TimeZone::UTC, lasts).err()
        };
        for text in [
            "",
            "x",
            "* * * *",
            "0 25 * * *",
            "0 0 0 1 1 * 2027",
            "every day",
        ] {
            let found = fault(text, 5);
            assert!(
                matches!(found, Some(CronFault::Unreadable(_))),
                "{text}: {found:?}"
            );
        }
        assert_eq!(fault("0 0 30 2 *", 5), Some(CronFault::Never));
        assert_eq!(fault("0 3 * * *", 0), Some(CronFault::Short));
        assert_eq!(fault("*/10 * * * *", 11), Some(CronFault::Overlaps));
        assert_eq!(fault("*/10 * * * *", 10), None);
        assert_eq!(fault("0 0 29 2 *", 5), None);
    }
}
