//! A joined past summed up to days and longer stretches. Pure.

use std::time::Duration;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::history::health::confirmed::ConfirmedOutage;
use crate::history::health::join::Piece;
use crate::history::health::parts::parts;
use crate::model::facts::uptime::{Day, DayTally, Period, Spent};
use crate::model::incident::IncidentId;
use crate::model::time::duration::elapsed;

/// Incidents that a day names at most.
const NAMED: usize = 16;

/// The last days in a zone, with their beginnings and ends.
#[derive(Debug)]
pub(crate) struct RecentDays {
    today: Date,
    /// Oldest first, today last; today's end is still to come.
    days: Vec<(Date, Timestamp, Timestamp)>,
}

impl RecentDays {
    /// The days until that of `now`.
    pub(crate) fn new(zone: &TimeZone, now: Timestamp) -> Self {
        let today = now.to_zoned(zone.clone()).date();
        let mut days = Vec::with_capacity(Period::Year.days());
        let dates = (0..).map_while(|back: i64| today.checked_sub(back.days()).ok());
        for date in dates.take(Period::Year.days()) {
            // A day of a clock change has a length of its own, and begins after
            // the gap if there is no midnight.
            let next = date.tomorrow().and_then(|next| next.to_zoned(zone.clone()));
            if let (Ok(from), Ok(to)) = (date.to_zoned(zone.clone()), next) {
                days.push((date, from.timestamp(), to.timestamp()));
            }
        }
        days.reverse();
        Self { today, days }
    }

    /// Whether it is still the same day.
    pub(crate) fn holds(&self, zone: &TimeZone, now: Timestamp) -> bool {
        now.to_zoned(zone.clone()).date() == self.today
    }

    /// When its first day began.
    pub(crate) fn begins(&self) -> Timestamp {
        self.days
            .first()
            .map_or(Timestamp::MIN, |(_, from, _)| *from)
    }
}

/// The days that have bars, and how each period was spent.
pub(crate) fn sum(
    pieces: &[Piece],
    outages: &[ConfirmedOutage],
    calendar: &RecentDays,
    now: Timestamp,
) -> (Vec<Day>, [DayTally; Period::ALL.len()]) {
    let tallies: Vec<DayTally> = calendar
        .days
        .iter()
        .map(|(_, from, to)| tally(pieces, *from, (*to).min(now)))
        .collect();
    let periods = Period::ALL.map(|period| {
        if period == Period::Day {
            let from = now.checked_sub(24.hours()).unwrap_or(Timestamp::MIN);
            return tally(pieces, from, now);
        }
        let mut total = DayTally::default();
        for day in tallies.iter().rev().take(period.days()) {
            total.add(day);
        }
        total
    });
    let shown = tallies.len().saturating_sub(Period::Quarter.days());
    let mut days: Vec<Day> = calendar.days[shown..]
        .iter()
        .zip(&tallies[shown..])
        .map(|((date, from, to), tally)| Day {
            date: *date,
            tally: *tally,
            incidents: Vec::new(),
            parts: parts(pieces, *from, (*to).min(now)),
        })
        .collect();
    name(&mut days, &calendar.days[shown..], outages, now);
    (days, periods)
}

/// Gives each day the incidents that touched it.
fn name(
    days: &mut [Day],
    bounds: &[(Date, Timestamp, Timestamp)],
    outages: &[ConfirmedOutage],
    now: Timestamp,
) {
    let mut named: Vec<Vec<&ConfirmedOutage>> = vec![Vec::new(); days.len()];
    for one in outages.iter().filter(|one| one.from <= now) {
        let until = one.until(now);
        let first = bounds.partition_point(|(_, _, to)| *to <= one.from);
        let touched = bounds[first..]
            .iter()
            .take_while(|(_, from, _)| *from < until || *from <= one.from);
        for (at, _) in touched.enumerate() {
            named[first + at].push(one);
        }
    }
    for (day, mut touched) in days.iter_mut().zip(named) {
        // Stable: of equally grave ones the first stands first.
        touched.sort_by_key(|one| std::cmp::Reverse(one.severity));
        let ids = touched.iter().take(NAMED);
        day.incidents = ids
            .map(|one| one.incident.clone())
            .collect::<Vec<IncidentId>>();
    }
}

/// How the time between two moments was spent; what no piece covers is unknown,
/// from the first piece on.
pub(crate) fn tally(pieces: &[Piece], from: Timestamp, to: Timestamp) -> DayTally {
    let mut tally = DayTally::default();
    let mut covered = Duration::ZERO;
    // Pieces are in order: those that ended before the day need no look.
    let first = pieces.partition_point(|piece| piece.to <= from);
    for piece in pieces[first..].iter().take_while(|piece| piece.from < to) {
        let part = elapsed(piece.from.max(from), piece.to.min(to));
        covered += part;
        *match piece.spent {
            Spent::Ok => &mut tally.ok,
            Spent::Disrupted => &mut tally.disrupted,
            Spent::Down => &mut tally.down,
            Spent::Unknown => &mut tally.unknown,
            Spent::Maintenance => &mut tally.maintenance,
        } += part;
    }
    if let Some(begun) = pieces.first().map(|piece| piece.from) {
        tally.unknown += elapsed(begun.max(from), to).saturating_sub(covered);
    }
    tally
}
