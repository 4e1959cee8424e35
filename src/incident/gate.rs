//! May an incident be called over? Only after a good run of the whole hold.

use std::time::Duration;

use jiff::Timestamp;

use crate::model::incident::Incident;
use crate::model::verdict::{State, Verdict};

/// An incident that seems well and is watched until it may be called over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Watch {
    /// First good sample of the present good run.
    pub good_since: Timestamp,
    /// When it may be called over if nothing bad is seen until then.
    pub until: Timestamp,
}

/// What keeps an incident open, or that nothing does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// A cause fires, or is about to, or cannot be seen.
    Shut,
    /// All is quiet, but not for long enough to be told.
    Settling,
    /// All is quiet and is being watched.
    Watching(Watch),
    /// All was quiet for the whole hold.
    Open {
        /// First good sample of the run.
        good_since: Timestamp,
    },
}

/// How many times longer than the first the longest hold is.
const LONGEST: u32 = 4;

/// The hold of an incident that came back so often: twice as long after each
/// recurrence, and four times at the most.
pub fn hold(first: Duration, recurrences: u32) -> Duration {
    first * 2_u32.saturating_pow(recurrences).min(LONGEST)
}

/// Judges by the rules that the incident accounts for.
///
/// A rule that no longer exists objects to nothing; if none is left, a person
/// must call the incident over. Missing data is not quiet (law 7): it begins the
/// hold anew, but it is no bad sample, so a good run that was noted goes on.
pub fn judge(incident: &Incident, verdicts: &[Verdict], now: Timestamp, hold: Duration) -> Gate {
    let mut quiet_since = None;
    for verdict in verdicts {
        if !incident.machine.rules.contains(&verdict.rule) {
            continue;
        }
        match verdict.state {
            State::Quiet { since } => quiet_since = quiet_since.max(Some(since)),
            State::Pending { .. } | State::Firing { .. } | State::Unknown { .. } => {
                return Gate::Shut;
            }
        }
    }
    let Some(quiet_since) = quiet_since else {
        return Gate::Shut;
    };
    let good_since = incident
        .machine
        .good_since
        .map_or(quiet_since, |noted| noted.min(quiet_since));
    let quiet_for = now
        .duration_since(quiet_since)
        .try_into()
        .unwrap_or(Duration::ZERO);
    if quiet_for >= hold {
        Gate::Open { good_since }
    } else if quiet_for >= settling(hold) {
        Gate::Watching(Watch {
            good_since,
            until: quiet_since + hold,
        })
    } else {
        Gate::Settling
    }
}

/// How long it must be quiet before people are told that it is being watched.
///
/// A fifth of the hold, so that a service that flaps faster than that does not
/// fill its incident with updates.
fn settling(hold: Duration) -> Duration {
    (hold / 5).min(Duration::from_mins(1))
}
