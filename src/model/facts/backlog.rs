//! Whether work that waits becomes less.

use std::time::Duration;

use crate::model::board::Backlog;

/// Nobody minds a wait of less than this.
const SHORT: Duration = Duration::from_secs(2);

/// So many times the usual is still as usual.
const AS_USUAL: u32 = 5;

/// The seconds in which a change must show.
const SHOWS: f64 = 120.0;

/// A change of less than this part of what waits is none.
const PART: f64 = 200.0;

/// What becomes of the work that waits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Trend {
    /// Nobody has looked for long enough.
    Unknown,
    /// It becomes more.
    Growing,
    /// It stays as it is.
    Steady,
    /// It is worked off within that time, if it goes on like this.
    Clearing(Duration),
}

/// Whether hardly anybody waits longer than usual.
pub fn calm(backlog: &Backlog) -> bool {
    let short = SHORT.max(backlog.usual.saturating_mul(AS_USUAL));
    // Less than half a job is a mean of measurements, not a job.
    backlog.count < 0.5 || backlog.wait.is_some_and(|wait| wait < short)
}

/// Whether what waits becomes less, and is to be gone within hours.
pub fn falling(backlog: &Backlog) -> bool {
    matches!(trend(backlog), Trend::Clearing(_))
}

/// What becomes of it, by how it grew lately.
pub fn trend(backlog: &Backlog) -> Trend {
    let Some(growth) = backlog.growth else {
        return Trend::Unknown;
    };
    let least = (backlog.count / PART).max(1.0) / SHOWS;
    if growth >= least {
        Trend::Growing
    } else if growth <= -least {
        let time = Duration::try_from_secs_f64(backlog.count / -growth);
        time.map_or(Trend::Steady, Trend::Clearing)
    } else {
        Trend::Steady
    }
}
