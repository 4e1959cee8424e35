//! Incidents that could not be written yet.
//!
//! Disks are full just when something fails. An incident that began and ended
//! meanwhile is written as soon as that is possible.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::incident::file::change::NewFile;
use crate::incident::file::slug;
use crate::model::incident::Incident;
use crate::model::incidents::list::Incidents;
use crate::model::verdict::{RuleId, Verdict};

/// Incidents that are still to be written, by their leading rule.
#[derive(Debug, Default)]
pub struct Unwritten(BTreeMap<RuleId, NewFile>);

impl Unwritten {
    /// What is to be opened: what is true now, and what was and could not be
    /// written, each since it began first.
    pub fn due(
        &mut self,
        openings: Vec<NewFile>,
        verdicts: &[Verdict],
        written: &Incidents,
    ) -> Vec<NewFile> {
        let is_open = |rule: &RuleId| {
            let mut open = written
                .iter()
                .filter(|incident| incident.resolved == Some(false));
            open.any(|incident| incident.managed.rules.contains(rule))
        };
        // A rule that no longer exists can never become quiet.
        self.0.retain(|rule, _| {
            verdicts.iter().any(|verdict| verdict.rule == *rule) && !is_open(rule)
        });
        let mut due = Vec::new();
        let mut owed = self.0.clone();
        for opening in openings {
            let earlier = lead(&opening).and_then(|rule| owed.remove(rule));
            let earlier = earlier.filter(|earlier| earlier.date < opening.date);
            due.push(earlier.unwrap_or(opening));
        }
        due.extend(owed.into_values());
        due
    }

    /// Whether an incident was true earlier, and could not be written then.
    pub fn owes(&self, opening: &NewFile) -> bool {
        lead(opening).is_some_and(|rule| self.0.contains_key(rule))
    }

    /// Adds an incident that cannot be written.
    pub fn add(&mut self, opening: &NewFile) {
        if let Some(rule) = lead(opening) {
            self.0.insert(rule.clone(), opening.clone());
        }
    }

    /// The incidents as their files will say them: a full disk must not hide an outage.
    ///
    /// They stay open until they are written, when it is known what became of them.
    pub fn incidents(
        &self,
        written: &Incidents,
        (zone, dates): (&TimeZone, &TimeZone),
    ) -> Vec<Arc<Incident>> {
        let is_taken = |name: &str| written.iter().any(|incident| incident.name == name);
        let incidents = self.0.values().filter_map(|opening| {
            let file = slug::file(&opening.title, opening.date, zone, is_taken);
            // What cannot even be said is logged where it cannot be written.
            Some(Arc::new(opening.document(dates).ok()?.incident(&file)))
        });
        incidents.collect()
    }

    /// Removes an incident that is written.
    pub fn wrote(&mut self, opening: &NewFile) {
        if let Some(rule) = lead(opening) {
            self.0.remove(rule);
        }
    }
}

fn lead(opening: &NewFile) -> Option<&RuleId> {
    opening.change.managed.as_ref()?.rules.first()
}
