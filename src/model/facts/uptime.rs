//! How long a component was how well.

use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::model::component::Health;
use crate::model::incident::IncidentId;

/// How much of a disrupted time counts as lost: the weight that Atlassian's
/// Statuspage gives to partial outages, so that figures can be compared.
pub const DISRUPTED_WEIGHT: f64 = 0.3;

/// A time in which a component's measured health did not change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HealthSpan {
    /// When it began.
    pub from: Timestamp,
    /// When it ended, or now.
    pub to: Timestamp,
    /// The health throughout.
    pub health: Health,
}

/// A time in which planned work went on at a component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Maintenance {
    /// The component's name, as files write it.
    pub component: String,
    /// When it really began.
    pub from: Timestamp,
    /// When it really ended; `None` while it goes on.
    pub to: Option<Timestamp>,
}

/// How one day, or one longer stretch, was spent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DayTally {
    /// Working; a notice does not lessen it.
    pub ok: Duration,
    /// Slow or partly failing.
    pub disrupted: Duration,
    /// Not working.
    pub down: Duration,
    /// Not seen; the time before the first measurement is not part of it.
    pub unknown: Duration,
    /// Planned work, which is neither up nor down.
    pub maintenance: Duration,
}

impl DayTally {
    /// All that the ratio is about: neither unseen nor planned.
    pub fn counted(&self) -> Duration {
        self.ok + self.disrupted + self.down
    }

    /// The share of the counted time in which it worked; `None` if nothing counts.
    pub fn ratio(&self) -> Option<f64> {
        let counted = self.counted();
        let worked =
            self.ok.as_secs_f64() + self.disrupted.as_secs_f64() * (1.0 - DISRUPTED_WEIGHT);
        (!counted.is_zero()).then(|| worked / counted.as_secs_f64())
    }

    /// The worst health that occurred; unknown only if nothing else did.
    ///
    /// A time of planned work alone is a notice.
    pub fn worst(&self) -> Health {
        if !self.down.is_zero() {
            Health::Down
        } else if !self.disrupted.is_zero() {
            Health::Disrupted
        } else if !self.ok.is_zero() {
            Health::Ok
        } else if !self.maintenance.is_zero() {
            Health::Notice
        } else {
            Health::Unknown
        }
    }

    /// Adds another stretch to this one.
    pub fn add(&mut self, other: &Self) {
        self.ok += other.ok;
        self.disrupted += other.disrupted;
        self.down += other.down;
        self.unknown += other.unknown;
        self.maintenance += other.maintenance;
    }
}

/// How a time was spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spent {
    /// Working.
    Ok,
    /// Slow or partly failing.
    Disrupted,
    /// Not working.
    Down,
    /// Not seen.
    Unknown,
    /// Planned work.
    Maintenance,
}

/// A part of a day in which a component did not simply work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayPart {
    /// When it began, within the day.
    pub from: Timestamp,
    /// When it ended, within the day.
    pub to: Timestamp,
    /// How it was spent; never `Ok`.
    pub spent: Spent,
    /// How many times of that kind it stands for: where there are too many for a
    /// day, those nearest to each other are told as one.
    pub times: u32,
}

/// A calendar day of the site's time zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day {
    /// Which day.
    pub date: Date,
    /// How it was spent so far.
    pub tally: DayTally,
    /// Public incidents that touched it, the gravest first; not more than a few.
    pub incidents: Vec<IncidentId>,
    /// The times in which it did not simply work, in order; a dozen at most.
    pub parts: Vec<DayPart>,
}

/// The stretches that uptime is told for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Period {
    /// The last 24 hours.
    Day,
    /// The last 7 calendar days; this one and the others end now.
    Week,
    /// The last 30 calendar days.
    Month,
    /// The last 90 calendar days, which have a bar each.
    Quarter,
    /// The last 365 calendar days.
    Year,
}

impl Period {
    /// Every period, the shortest first.
    pub const ALL: [Self; 5] = [
        Self::Day,
        Self::Week,
        Self::Month,
        Self::Quarter,
        Self::Year,
    ];

    /// How many days it has.
    pub fn days(self) -> usize {
        match self {
            Self::Day => 1,
            Self::Week => 7,
            Self::Month => 30,
            Self::Quarter => 90,
            Self::Year => 365,
        }
    }
}

/// A component's past, measured and written, joined as `docs/uptime.md` tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Uptime {
    /// Since when the present measured health holds; `None` before the first
    /// measurement.
    pub since: Option<Timestamp>,
    /// When it was measured for the first time; nothing before counts.
    pub begun: Option<Timestamp>,
    /// The last 90 days, oldest first, today last.
    pub days: Vec<Day>,
    /// How each period was spent.
    pub periods: [DayTally; Period::ALL.len()],
}

impl Uptime {
    /// How a period was spent.
    pub fn over(&self, period: Period) -> &DayTally {
        let [day, week, month, quarter, year] = &self.periods;
        match period {
            Period::Day => day,
            Period::Week => week,
            Period::Month => month,
            Period::Quarter => quarter,
            Period::Year => year,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_weighs_partial_outages_and_leaves_out_what_is_planned_or_unseen() {
        let hours = Duration::from_hours;
        let check = |[ok, disrupted, down, unknown, maintenance]: [u64; 5], expected| {
            let tally = DayTally {
                ok: hours(ok),
                disrupted: hours(disrupted),
                down: hours(down),
                unknown: hours(unknown),
                maintenance: hours(maintenance),
            };
            let ratio = tally.ratio().map(|ratio| (ratio * 1000.0).round());
            assert_eq!((ratio, tally.worst()), expected, "{tally:?}");
        };
        check([24, 0, 0, 0, 0], (Some(1000.0), Health::Ok));
        check([12, 12, 0, 0, 0], (Some(850.0), Health::Disrupted));
        check([10, 10, 0, 40, 40], (Some(850.0), Health::Disrupted));
        check([12, 0, 12, 0, 0], (Some(500.0), Health::Down));
        check([0, 0, 1, 23, 0], (Some(0.0), Health::Down));
        check([0, 0, 0, 12, 12], (None, Health::Notice));
        check([0, 0, 0, 24, 0], (None, Health::Unknown));
        check([0, 0, 0, 0, 0], (None, Health::Unknown));
    }
}
