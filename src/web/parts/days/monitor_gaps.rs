//! Times without data for any component: the monitor's own gaps, shown once.

use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::model::board::Board;
use crate::model::facts::uptime::{Day, Spent, Uptime};
use crate::model::time::date;
use crate::model::time::duration::elapsed;

/// A shorter time is not worth a word.
const MIN_SHOWN: Duration = Duration::from_mins(1);

type Gap = (Timestamp, Timestamp);

/// A day with the times of which nothing has data.
#[derive(Debug)]
pub(crate) struct GapDay {
    pub(crate) date: Date,
    gaps: Vec<Gap>,
}

impl GapDay {
    /// How long that was from a moment on.
    pub(crate) fn since(&self, begun: Timestamp) -> Duration {
        let gaps = self.gaps.iter();
        gaps.map(|(from, to)| elapsed((*from).max(begun), *to))
            .sum()
    }
}

/// Every day with gaps, oldest first.
pub(crate) fn gaps(board: &Board, zone: &TimeZone) -> Vec<GapDay> {
    let states = board.components.iter();
    let mut measured: Vec<_> = states
        .filter_map(|state| Some((state.uptime.begun?, &*state.uptime)))
        .collect();
    measured.sort_by_key(|(begun, _)| *begun);
    let Some(((_, first), others)) = measured.split_first() else {
        return Vec::new();
    };
    let days = first.days.iter().enumerate().map(|(at, day)| {
        let mut gaps = unseen(day);
        for (begun, other) in others {
            if gaps.is_empty() {
                break;
            }
            gaps = both(
                &gaps,
                &unseen_with(other, at, day.date, begun_within(*begun, day.date, zone)),
            );
        }
        GapDay {
            date: day.date,
            gaps,
        }
    });
    days.filter(|day| day.since(Timestamp::MIN) >= MIN_SHOWN)
        .collect()
}

/// The unseen times of a day.
fn unseen(day: &Day) -> Vec<Gap> {
    let parts = day.parts.iter();
    let unseen = parts.filter(|part| part.spent == Spent::Unknown && part.times == 1);
    unseen.map(|part| (part.from, part.to)).collect()
}

/// The part of a day before a component was measured for the first time.
fn begun_within(begun: Timestamp, date: Date, zone: &TimeZone) -> Option<Gap> {
    let from = date::midnight(date, zone)?;
    let to = date::midnight(date.tomorrow().ok()?, zone)?;
    (begun > from).then(|| (from, begun.min(to)))
}

/// The unseen times of another component's day, with that before its beginning.
fn unseen_with(uptime: &Uptime, at: usize, date: Date, before: Option<Gap>) -> Vec<Gap> {
    let day = uptime.days.get(at).filter(|day| day.date == date);
    let mut gaps: Vec<_> = before.into_iter().collect();
    gaps.extend(day.into_iter().flat_map(unseen));
    gaps
}

/// The intersection of both.
fn both(one: &[Gap], other: &[Gap]) -> Vec<Gap> {
    let pairs = one.iter().flat_map(|(from, to)| {
        let other = other.iter();
        other.map(move |(begin, end)| ((*from).max(*begin), (*to).min(*end)))
    });
    pairs.filter(|(from, to)| from < to).collect()
}

/// How much of the unseen time of some days, of a component that is measured
/// since then, was the monitor's own.
pub(crate) fn shared(gaps: &[GapDay], days: &[Day], begun: Option<Timestamp>) -> Duration {
    let (Some(first), Some(begun)) = (days.first(), begun) else {
        return Duration::ZERO;
    };
    let gaps = gaps.iter().filter(|gap| gap.date >= first.date);
    gaps.map(|gap| gap.since(begun)).sum()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::model::board::{Facts, Sight};
    use crate::model::facts::uptime::{DayPart, DayTally};
    use crate::model::fixtures;

    use super::*;

    fn at(hour: i64) -> Timestamp {
        Timestamp::from_second(hour * 3600).unwrap()
    }

    /// Two days of a component that is measured since then and was not seen at times.
    fn past(begun: i64, unseen: &[(i64, i64)]) -> Uptime {
        let day = |number: i64| {
            let within = (number * 24, number * 24 + 24);
            let unseen = unseen
                .iter()
                .map(|(from, to)| ((*from).max(within.0), (*to).min(within.1)));
            let parts = unseen
                .filter(|(from, to)| from < to)
                .map(|(from, to)| DayPart {
                    from: at(from),
                    to: at(to),
                    spent: Spent::Unknown,
                    times: 1,
                });
            Day {
                date: jiff::civil::date(1970, 1, 1 + i8::try_from(number).unwrap()),
                tally: DayTally::default(),
                incidents: Vec::new(),
                parts: parts.collect(),
            }
        };
        Uptime {
            begun: Some(at(begun)),
            days: vec![day(0), day(1)],
            ..Uptime::default()
        }
    }

    fn found(pasts: &[Uptime]) -> Vec<(i8, u64)> {
        let components = pasts.iter().enumerate().map(|(number, past)| {
            let id = format!("c{number}");
            (fixtures::component(&id, &id), Arc::new(past.clone()))
        });
        let board = Board::new(at(48), components, Facts::of(Sight::Unwatched));
        let gaps = gaps(&board, &TimeZone::UTC);
        let hours = |gap: &GapDay| gap.since(Timestamp::MIN).as_secs() / 3600;
        gaps.iter()
            .map(|gap| (gap.date.day(), hours(gap)))
            .collect()
    }

    #[test]
    fn a_gap_is_the_monitors_own_if_no_component_that_was_measured_has_data() {
        let first = past(-100, &[(2, 8), (20, 30)]);
        assert_eq!(found(&[]), []);
        assert_eq!(found(std::slice::from_ref(&first)), [(1, 10), (2, 6)]);
        let seen = past(-100, &[(4, 6), (23, 40)]);
        assert_eq!(found(&[first.clone(), seen.clone()]), [(1, 3), (2, 6)]);
        // Time that is not measured yet contradicts nothing.
        let young = past(12, &[(20, 25)]);
        let all = [first.clone(), seen, young.clone()];
        assert_eq!(found(&all), [(1, 3), (2, 1)]);
        assert_eq!(found(&[young, first.clone()]), [(1, 10), (2, 1)]);
        assert_eq!(found(&[first, past(-100, &[])]), []);
    }
}
