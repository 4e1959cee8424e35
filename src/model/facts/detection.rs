//! How well the service itself did: how soon it said what, and what was wrong.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;

use crate::model::incident::IncidentId;

/// Days that all of it is about, but for [`Honesty::blind_month`].
pub const DAYS: i64 = 90;

/// What the service did in the last [`DAYS`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Honesty {
    /// Since when it watches, if that is not as long; `None` if it is, or if
    /// nothing is watched.
    pub since: Option<Timestamp>,
    /// Whether anything is or was watched at all.
    pub watching: bool,
    /// Incidents that rules opened, withdrawn ones among them.
    pub noticed: usize,
    /// Within what time after the first bad sample half of them were on the
    /// page; `None` if that was measured of none.
    pub median: Option<Duration>,
    /// Within what time all of them were.
    pub worst: Option<Duration>,
    /// How often one was called over and came back.
    pub false_clears: u32,
    /// Those that a person withdrew: deleted, hidden, or marked so.
    pub withdrawn: usize,
    /// Time in which nothing was seen, be it that the monitor was away.
    pub blind: Duration,
    /// The same in the last 30 days.
    pub blind_month: Duration,
    /// First bad samples of open incidents, more exactly than files say them.
    pub began: BTreeMap<IncidentId, Timestamp>,
}
