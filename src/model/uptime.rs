//! How long a component was how well.

use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::model::component::Health;

/// A time in which a component's health did not change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// When it began.
    pub from: Timestamp,
    /// When it ended, or now.
    pub to: Timestamp,
    /// The health throughout.
    pub health: Health,
}

/// How one day, or one longer stretch, was spent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Seen working; a notice does not lessen it.
    pub ok: Duration,
    /// Slow or partly failing.
    pub disrupted: Duration,
    /// Not working.
    pub down: Duration,
    /// Not seen, be it before the first measurement.
    pub unknown: Duration,
}

impl Tally {
    /// The share of the seen time in which it worked; `None` if nothing was seen.
    pub fn ratio(&self) -> Option<f64> {
        let seen = self.ok + self.disrupted + self.down;
        (!seen.is_zero()).then(|| self.ok.as_secs_f64() / seen.as_secs_f64())
    }

    /// The worst health that occurred; unknown only if nothing was seen.
    pub fn worst(&self) -> Health {
        if !self.down.is_zero() {
            Health::Down
        } else if !self.disrupted.is_zero() {
            Health::Disrupted
        } else if self.ok.is_zero() {
            Health::Unknown
        } else {
            Health::Ok
        }
    }
}

/// A calendar day of the site's time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    /// Which day.
    pub date: Date,
    /// How it was spent so far.
    pub tally: Tally,
}

/// A component's past.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Uptime {
    /// Since when the present health holds; `None` before the first measurement.
    pub since: Option<Timestamp>,
    /// The last days, oldest first, today last.
    pub days: Vec<Day>,
    /// All of these days together.
    pub total: Tally,
}
