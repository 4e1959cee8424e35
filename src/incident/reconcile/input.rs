//! The input of a decision, and the decision.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::incident::file::change::{FileChange, NewFile};
use crate::incident::reconcile::wording::Wording;
use crate::model::board::{Backlog, Outlook};
use crate::model::component::Component;
use crate::model::event::Event;
use crate::model::facts::suppression::SuppressedRules;
use crate::model::incident::{Incident, IncidentId};
use crate::model::verdict::{RuleId, RuleState, Verdict};

/// What is observed at one moment, whatever the files say.
#[derive(Clone, Copy, Debug)]
pub struct Observed<'a> {
    /// The verdicts of all rules.
    pub verdicts: &'a [Verdict],
    /// The components, with what they need.
    pub components: &'a [Component],
    /// Rules that may open no incident at present: silenced, or under maintenance.
    pub suppressed: &'a SuppressedRules,
    /// Recent events, oldest first.
    pub events: &'a [Event],
    /// The backlogs of the components.
    pub backlogs: &'a [Backlog],
    /// Rules that were not judged yet by anything measured since the program started.
    pub unlooked: &'a BTreeSet<RuleId>,
}

impl<'a> Observed<'a> {
    /// Only verdicts and components, without events and backlogs.
    pub fn of(verdicts: &'a [Verdict], components: &'a [Component]) -> Self {
        Self {
            verdicts,
            components,
            suppressed: const { &SuppressedRules::new() },
            events: &[],
            backlogs: &[],
            unlooked: const { &BTreeSet::new() },
        }
    }
}

/// The whole input of a decision.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The incidents as written.
    pub incidents: &'a [Arc<Incident>],
    /// What is observed.
    pub observed: Observed<'a>,
    /// How long all must be quiet before an incident is resolved.
    pub hold: Duration,
    /// The site's language and zone, for sentences.
    pub wording: &'a Wording,
    /// The moment.
    pub now: Timestamp,
}

impl<'a> Input<'a> {
    /// Whether a rule is seen to be quiet: it says so, and has looked since the start.
    pub fn is_seen_quiet(&self, verdict: &Verdict) -> bool {
        let is_quiet = matches!(verdict.state, RuleState::Quiet { .. });
        is_quiet && !self.observed.unlooked.contains(&verdict.rule)
    }

    /// The verdict of a rule.
    pub fn verdict(&self, rule: &RuleId) -> Option<&'a Verdict> {
        let mut verdicts = self.observed.verdicts.iter();
        verdicts.find(|verdict| verdict.rule == *rule)
    }
}

/// What to write, and the progress of open incidents.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decision {
    /// New incidents.
    pub openings: Vec<NewFile>,
    /// Changes of those that exist, one each.
    pub changes: Vec<(IncidentId, FileChange)>,
    /// Current progress of each open incident that we manage.
    pub outlooks: BTreeMap<IncidentId, Outlook>,
}
