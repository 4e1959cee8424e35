//! What a decision rests on, and what it says to write.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::incident::file::change::{FileChange, NewFile};
use crate::model::board::{Backlog, Outlook};
use crate::model::component::Component;
use crate::model::event::Event;
use crate::model::incident::{Incident, IncidentId};
use crate::model::verdict::{RuleId, Verdict};

/// What is true at one moment, whatever is written.
#[derive(Clone, Copy, Debug)]
pub struct Observed<'a> {
    /// What the rules say.
    pub verdicts: &'a [Verdict],
    /// The components, with what they need.
    pub components: &'a [Component],
    /// Rules that may open nothing at present: silenced, or under maintenance.
    pub suppressed: &'a BTreeSet<RuleId>,
    /// What was done lately, oldest first.
    pub events: &'a [Event],
    /// What waits to be worked off.
    pub backlogs: &'a [Backlog],
}

impl<'a> Observed<'a> {
    /// What rules say of components, with nothing else known.
    pub fn of(verdicts: &'a [Verdict], components: &'a [Component]) -> Self {
        Self {
            verdicts,
            components,
            suppressed: const { &BTreeSet::new() },
            events: &[],
            backlogs: &[],
        }
    }
}

/// Everything that the decision rests on.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// What is written.
    pub incidents: &'a [Arc<Incident>],
    /// What is true.
    pub observed: Observed<'a>,
    /// How long all must be quiet before an incident is over.
    pub hold: Duration,
    /// The site's time zone, for times in words.
    pub zone: &'a TimeZone,
    /// The moment.
    pub now: Timestamp,
}

impl<'a> Input<'a> {
    /// What a rule says.
    pub fn verdict(&self, rule: &RuleId) -> Option<&'a Verdict> {
        let mut verdicts = self.observed.verdicts.iter();
        verdicts.find(|verdict| verdict.rule == *rule)
    }
}

/// What to write, and what open incidents are at.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decision {
    /// New incidents.
    pub openings: Vec<NewFile>,
    /// Changes of those that exist, one each.
    pub changes: Vec<(IncidentId, FileChange)>,
    /// Current progress of each open incident that we manage.
    pub outlooks: BTreeMap<IncidentId, Outlook>,
}
