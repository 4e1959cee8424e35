//! What a decision rests on, and what it says to write.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::model::board::Watch;
use crate::model::component::{Component, Severity};
use crate::model::incident::{Incident, IncidentId, Machine, Update};
use crate::model::verdict::Verdict;

/// Everything that the decision rests on.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    /// What is written.
    pub incidents: &'a [Arc<Incident>],
    /// What is true.
    pub verdicts: &'a [Verdict],
    /// The components, with what they need.
    pub components: &'a [Component],
    /// How long all must be quiet before an incident is over.
    pub hold: Duration,
    /// The site's time zone, for times in words.
    pub zone: &'a TimeZone,
    /// The moment.
    pub now: Timestamp,
}

/// An incident to be written as a new file.
#[derive(Clone, Debug, PartialEq)]
pub struct Opening {
    /// Heading, and the words of the file's name.
    pub title: String,
    /// First bad sample.
    pub date: Timestamp,
    /// Whether people must publish it.
    pub draft: bool,
    /// What changes from an empty incident.
    pub change: Change,
}

/// An incident ends, or begins again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It is over, since its first good sample.
    Over(Timestamp),
    /// It was over, and came back.
    Again,
}

/// New values of the keys that change, and an update to put on top.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Change {
    /// How bad it is.
    pub severity: Option<Severity>,
    /// Names of the components concerned.
    pub affected: Option<Vec<String>>,
    /// What the service notes for itself.
    pub machine: Option<Machine>,
    /// Whether it is over, or no longer.
    pub turn: Option<Turn>,
    /// What to tell.
    pub update: Option<Update>,
}

/// What to write, and what is being watched.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// New incidents.
    pub openings: Vec<Opening>,
    /// Changes of those that exist, one each.
    pub changes: Vec<(IncidentId, Change)>,
    /// Open incidents that wait to be called over.
    pub watches: BTreeMap<IncidentId, Watch>,
}
