//! The report of uptime: the last week or month as the page shows it.

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan as _};

use crate::model::board::Board;
use crate::model::component::Severity;
use crate::model::facts::uptime::{DayTally, Uptime};
use crate::model::incident::Incident;
use crate::model::request::receivers::subscription::ReportRhythm;
use crate::model::time::duration::elapsed;
use crate::notify::mail::letters::content::{ReportedIncident, ReportedUptime, UptimeReport};
use crate::notify::texts::text::one_line;

/// Nobody reads a report in the night: it is sent from this hour on.
const HOUR: i8 = 6;

/// A report that is later than so many days is no news any more.
const LATEST: i32 = 3;

/// Incidents that a report names; the page has all.
const MAX_INCIDENTS: usize = 20;

/// The days of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ReportPeriod {
    rhythm: ReportRhythm,
    /// The first day.
    from: Date,
    /// The last day.
    until: Date,
}

impl ReportPeriod {
    /// The days of which a report is to be sent at a moment: the last whole week, which
    /// begins on a Monday, or the last whole month.
    pub(crate) fn due(rhythm: ReportRhythm, now: Timestamp, zone: &TimeZone) -> Option<Self> {
        let local = now.to_zoned(zone.clone());
        let today = local.date();
        let next = match rhythm {
            ReportRhythm::Weekly => monday(today)?,
            ReportRhythm::Monthly => today.first_of_month(),
        };
        let back: Span = match rhythm {
            ReportRhythm::Weekly => 1.week(),
            ReportRhythm::Monthly => 1.month(),
        };
        let late = today.since(next).ok()?.get_days();
        let is_time = late > 0 || local.hour() >= HOUR;
        (is_time && late < LATEST).then_some(Self {
            rhythm,
            from: next.checked_sub(back).ok()?,
            until: next.yesterday().ok()?,
        })
    }

    /// What names it among all that subscribers are told.
    pub(crate) fn topic(&self) -> String {
        format!("report:{}:{}", self.rhythm.word(), self.from)
    }

    fn has(&self, day: Date) -> bool {
        self.from <= day && day <= self.until
    }
}

/// The Monday of a day's week.
fn monday(day: Date) -> Option<Date> {
    let since = i64::from(day.weekday().since(Weekday::Monday));
    day.checked_sub(since.days()).ok()
}

/// What there is to report of some days.
pub(crate) fn report(
    board: &Board,
    period: &ReportPeriod,
    site: &str,
    zone: &TimeZone,
) -> UptimeReport {
    let components = board.components.iter().map(|state| ReportedUptime {
        name: one_line(&state.component.name),
        uptime: share(&state.uptime, period),
    });
    let incidents = board.facts.incidents.iter();
    let incidents = incidents
        .filter(|incident| incident.is_public() && !incident.informational)
        .filter(|incident| !incident.managed.withdrawn)
        .filter(|incident| {
            board
                .facts
                .maintenance
                .iter()
                .all(|work| work.id != incident.id)
        })
        .filter_map(|incident| reported(incident, period, site, zone));
    UptimeReport {
        from: period.from,
        until: period.until,
        components: components.collect(),
        incidents: incidents.take(MAX_INCIDENTS).collect(),
    }
}

/// The share of the seen time in which a component worked.
fn share(uptime: &Uptime, period: &ReportPeriod) -> Option<f64> {
    let mut sum = DayTally::default();
    let days = uptime.days.iter().filter(|day| period.has(day.date));
    days.for_each(|day| sum.add(&day.tally));
    sum.ratio()
}

/// An incident of these days; `None` if it was not then.
fn reported(
    incident: &Incident,
    period: &ReportPeriod,
    site: &str,
    zone: &TimeZone,
) -> Option<ReportedIncident> {
    let began = incident.date?;
    let day = |at: Timestamp| at.to_zoned(zone.clone()).date();
    let ended = incident.resolved_when;
    let touches = day(began) <= period.until && ended.is_none_or(|end| day(end) >= period.from);
    let is_known = ended.is_some() || incident.is_active();
    (touches && is_known).then(|| ReportedIncident {
        title: one_line(&incident.title),
        severity: incident.severity.unwrap_or(Severity::Notice),
        began,
        seconds: ended.map(|end| elapsed(began, end).as_secs()),
        url: Some(format!(
            "{}/issues/{}/",
            site.trim_end_matches('/'),
            incident.id.0
        )),
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use crate::model::board::{Facts, Sight};
    use crate::model::component::Component;
    use crate::model::facts::uptime::Day;
    use crate::model::fixtures;

    use super::*;

    fn due(rhythm: ReportRhythm, now: &str) -> Option<(String, String)> {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let period = ReportPeriod::due(rhythm, now.parse().unwrap(), &zone)?;
        Some((period.from.to_string(), period.until.to_string()))
    }

    #[test]
    fn a_week_and_a_month_are_reported_in_the_morning_after_and_three_days_long() {
        let days = |from: &str, until: &str| Some((from.to_owned(), until.to_owned()));
        let week = days("2026-03-02", "2026-03-08");
        // A Monday; 06:00 in Berlin is 05:00 UTC.
        for (now, expected) in [
            ("2026-03-09T04:59:00Z", None),
            ("2026-03-09T05:00:00Z", week.clone()),
            ("2026-03-11T22:59:00Z", week),
            ("2026-03-11T23:00:00Z", None),
        ] {
            assert_eq!(due(ReportRhythm::Weekly, now), expected, "{now}");
        }
        let month = days("2026-02-01", "2026-02-28");
        for (now, expected) in [
            ("2026-03-01T04:59:00Z", None),
            ("2026-03-01T05:00:00Z", month.clone()),
            ("2026-03-03T12:00:00Z", month),
            ("2026-03-04T12:00:00Z", None),
        ] {
            assert_eq!(due(ReportRhythm::Monthly, now), expected, "{now}");
        }
    }

    #[test]
    fn it_counts_the_days_of_the_period_and_nothing_unseen() {
        let day = |date: &str, ok: u64, down: u64| Day {
            date: date.parse().unwrap(),
            tally: DayTally {
                ok: Duration::from_hours(ok),
                down: Duration::from_hours(down),
                ..DayTally::default()
            },
            incidents: Vec::new(),
            parts: Vec::new(),
        };
        let days = vec![
            day("2026-03-01", 0, 24),
            day("2026-03-02", 18, 6),
            day("2026-03-08", 24, 0),
            day("2026-03-09", 0, 24),
        ];
        let uptime = Uptime {
            days,
            ..Uptime::default()
        };
        let component = |id: &str| Component {
            name: id.to_uppercase(),
            ..fixtures::component(id, id)
        };
        let components = [
            (component("api"), Arc::new(uptime)),
            (component("cache"), Arc::default()),
        ];
        let now: Timestamp = "2026-03-09T08:00:00Z".parse().unwrap();
        let board = Board::new(now, components, Facts::of(Sight::Fresh { last: now }));
        let period = ReportPeriod::due(ReportRhythm::Weekly, now, &TimeZone::UTC).unwrap();
        let report = report(
            &board,
            &period,
            "https://status.example.org",
            &TimeZone::UTC,
        );
        let shares: Vec<_> = report
            .components
            .iter()
            .map(|one| (&*one.name, one.uptime))
            .collect();
        assert_eq!(shares, [("API", Some(0.875)), ("CACHE", None)]);
    }
}
