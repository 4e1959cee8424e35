//! When old rows may be deleted, and how many of them at a time.
//!
//! A clock that is a year ahead makes every row look old, and deleted rows never
//! return. Rows are therefore deleted only after the clock has advanced together with
//! a stopwatch for a while, and then only a small part at a time, oldest first.

use std::time::Duration;

use jiff::Timestamp;
use rusqlite::Connection;

/// Changes are kept for this many days.
pub(crate) const KEEP_DAYS: i64 = 400;

/// Deletes a part of the old rows of a table.
pub type PruneTable = fn(&Connection, Timestamp) -> rusqlite::Result<()>;

/// Rows before this moment are older than the age.
pub(crate) fn cutoff(now: Timestamp, age: Duration) -> Timestamp {
    now.checked_sub(age).unwrap_or(Timestamp::MIN)
}

/// Changes before this moment are deleted.
pub(crate) fn oldest(now: Timestamp) -> Timestamp {
    cutoff(now, Duration::from_hours(24 * KEEP_DAYS.unsigned_abs()))
}

/// Which rows the schedule lets us delete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PruningJob {
    /// Scrapes that rules no longer look back to, of which there are many.
    Scrapes,
    /// Old rows of all other tables.
    Rest,
}

/// When each job is due, in UTC.
pub const SCHEDULE: [(&str, PruningJob); 2] = [
    ("0 * * * * *", PruningJob::Scrapes),
    ("30 */10 * * * *", PruningJob::Rest),
];

/// How long the clock must agree with the stopwatch before scrapes are deleted.
const SCRAPES_STEADY: Duration = Duration::from_mins(1);

/// The same for all other rows.
const REST_STEADY: Duration = Duration::from_mins(10);

/// Span of scrapes deleted at a time; more than arrives in between.
pub(crate) const SCRAPES: Duration = Duration::from_mins(3);

/// Span of all other rows deleted at a time.
pub(crate) const REST: Duration = Duration::from_hours(4);

/// A clock that differs more from the stopwatch between two checks has leapt.
const LEAP: Duration = Duration::from_secs(30);

/// What may be deleted now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Due {
    pub(crate) scrapes: bool,
    pub(crate) rest: bool,
}

/// Holds the jobs of the schedule back until the clock can be trusted.
#[derive(Debug, Default)]
pub(crate) struct Pruning {
    /// Clock and stopwatch at the last check.
    last: Option<(Timestamp, Duration)>,
    /// Since when both agree, by the stopwatch.
    steady_since: Duration,
    /// The jobs that wait.
    waiting: Due,
}

impl Pruning {
    /// Takes a job of the schedule; a job that already waits is done once.
    pub(crate) fn wake(&mut self, job: PruningJob) {
        match job {
            PruningJob::Scrapes => self.waiting.scrapes = true,
            PruningJob::Rest => self.waiting.rest = true,
        }
    }

    /// What is due at `now`, when the stopwatch shows so much.
    pub(crate) fn due(&mut self, now: Timestamp, watch: Duration) -> Due {
        if self.last.is_none_or(|last| has_leapt(last, (now, watch))) {
            self.steady_since = watch;
        }
        self.last = Some((now, watch));
        let steady = watch.saturating_sub(self.steady_since);
        let is_due = |waits: &mut bool, after| steady >= after && std::mem::take(waits);
        Due {
            scrapes: is_due(&mut self.waiting.scrapes, SCRAPES_STEADY),
            rest: is_due(&mut self.waiting.rest, REST_STEADY),
        }
    }
}

fn has_leapt(before: (Timestamp, Duration), (now, watch): (Timestamp, Duration)) -> bool {
    let by_clock = now.duration_since(before.0).as_secs_f64();
    let by_watch = watch.saturating_sub(before.1).as_secs_f64();
    (by_clock - by_watch).abs() > LEAP.as_secs_f64()
}

/// The end of the part that may be deleted, which begins at the oldest row.
pub(crate) fn part(cutoff: Timestamp, oldest: Option<Timestamp>, most: Duration) -> Timestamp {
    let end = oldest.and_then(|oldest| oldest.checked_add(most).ok());
    end.map_or(cutoff, |end| cutoff.min(end))
}

/// The same for a table; the query selects its oldest moment in milliseconds.
pub(crate) fn part_of(
    store: &Connection,
    oldest: &str,
    cutoff: Timestamp,
    most: Duration,
) -> rusqlite::Result<i64> {
    let oldest: Option<i64> = store
        .prepare_cached(oldest)?
        .query_row([], |row| row.get(0))?;
    let oldest = oldest.and_then(|at| Timestamp::from_millisecond(at).ok());
    Ok(part(cutoff, oldest, most).as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_000_000 + second).unwrap()
    }

    #[test]
    fn nothing_is_due_until_the_clock_has_gone_along_for_a_while() {
        let mut pruning = Pruning::default();
        let mut due = |clock: i64, watch: u64| {
            pruning.wake(PruningJob::Scrapes);
            pruning.wake(PruningJob::Rest);
            pruning.due(at(clock), Duration::from_secs(watch))
        };
        let none = Due::default();
        assert_eq!(due(0, 5), none);
        assert_eq!(due(59, 64), none);
        assert!(due(60, 65).scrapes);
        let leap = 400 * 86_400;
        assert_eq!(due(leap, 130), none);
        assert_eq!(due(leap + 59, 189), none);
        assert!(due(leap + 60, 190).scrapes);
        // A step back is a leap as well.
        assert_eq!(due(200, 205), none);
        for second in 1..600 {
            assert!(!due(200 + second, 205 + second.cast_unsigned()).rest);
        }
        assert!(due(800, 805).rest);
    }

    #[test]
    fn a_job_is_done_once_however_often_it_was_due_and_only_when_it_is() {
        let mut pruning = Pruning::default();
        let steady = Duration::from_hours(1);
        pruning.due(at(0), Duration::ZERO);
        assert_eq!(pruning.due(at(3600), steady), Due::default());
        pruning.wake(PruningJob::Rest);
        pruning.wake(PruningJob::Rest);
        let due = pruning.due(at(3600), steady);
        assert_eq!((due.scrapes, due.rest), (false, true));
        assert_eq!(pruning.due(at(3601), steady), Due::default());
    }

    #[test]
    fn a_part_begins_at_the_oldest_and_never_passes_what_is_too_old() {
        let hour = Duration::from_hours(1);
        assert_eq!(part(at(9_000), Some(at(0)), hour), at(3600));
        assert_eq!(part(at(900), Some(at(0)), hour), at(900));
        assert_eq!(part(at(900), None, hour), at(900));
    }
}
