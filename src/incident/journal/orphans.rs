//! Open incidents that no rule can end any more.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::incident::{Incident, IncidentId};
use crate::model::verdict::{RuleId, Verdict};

/// Open incidents whose rules have gone, as the log was told of them.
#[derive(Debug, Default)]
pub(crate) struct Orphans(BTreeSet<IncidentId>);

impl Orphans {
    /// Logs those that were not logged yet.
    pub(crate) fn log<'i>(
        &mut self,
        incidents: impl Iterator<Item = &'i Arc<Incident>>,
        verdicts: &[Verdict],
    ) {
        let is_there = |rule: &RuleId| verdicts.iter().any(|verdict| verdict.rule == *rule);
        let orphans = incidents.filter(|incident| incident.has_lost_its_rules(is_there));
        let mut known = BTreeSet::new();
        for incident in orphans {
            if !self.0.contains(&incident.id) {
                tracing::warn!(
                    incident.file = incident.name,
                    "the settings no longer have the rules of {}; it stays open until you resolve it",
                    incident.name,
                );
            }
            known.insert(incident.id.clone());
        }
        self.0 = known;
    }
}
