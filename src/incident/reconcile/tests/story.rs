//! Decisions over time: files in memory, verdicts and moments as one likes.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::incident::file::document::Document;
use crate::incident::file::slug;
use crate::incident::reconcile::input::{Decision, Input, Observed};
use crate::incident::reconcile::reconcile;
use crate::incident::reconcile::wording::Wording;
use crate::model::component::{Component, ComponentId};
use crate::model::event::Event;
use crate::model::facts::suppression::SuppressedRules;
use crate::model::incident::Incident;
use crate::model::verdict::Verdict;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::model::fixtures;

/// A component of the stories, named as its id.
pub(crate) fn component(id: &str, needs: &[&str]) -> Component {
    let needs = needs.iter().map(|need| ComponentId((*need).into()));
    Component {
        needs: needs.collect(),
        ..fixtures::component(id, id)
    }
}

/// A folder of incidents in memory, written as the journal writes it.
#[derive(Clone, Debug)]
pub(crate) struct FilesInMemory {
    /// The files by name.
    pub(crate) files: BTreeMap<String, Document>,
    /// The components.
    pub(crate) components: Vec<Component>,
    /// How long all must be well.
    pub(crate) hold: Duration,
}

impl FilesInMemory {
    /// An empty folder.
    pub(crate) fn new(components: Vec<Component>, hold: Duration) -> Self {
        Self {
            files: BTreeMap::new(),
            components,
            hold,
        }
    }

    /// The files as people read them.
    pub(crate) fn texts(&self) -> Vec<String> {
        let files = self.files.iter();
        files
            .map(|(name, document)| {
                format!("{name}\n{}", String::from_utf8_lossy(document.bytes()))
            })
            .collect()
    }

    /// What the files mean.
    pub(crate) fn incidents(&self) -> Vec<Arc<Incident>> {
        let files = self.files.iter();
        let mut incidents: Vec<_> = files
            .map(|(name, document)| Arc::new(document.incident(name)))
            .collect();
        incidents.sort_by_key(|incident| std::cmp::Reverse(incident.date));
        incidents
    }

    /// Decides and writes once.
    pub(crate) fn step(
        &mut self,
        verdicts: &[Verdict],
        events: &[Event],
        now: Timestamp,
    ) -> Decision {
        let incidents = self.incidents();
        let suppressed = SuppressedRules::new();
        let decision = reconcile(&Input {
            incidents: &incidents,
            observed: Observed {
                events,
                suppressed: &suppressed,
                ..Observed::of(verdicts, &self.components)
            },
            hold: self.hold,
            wording: &Wording::default(),
            now,
        });
        for opening in &decision.openings {
            let name = slug::file(&opening.title, opening.date, &TimeZone::UTC, |name| {
                self.files.contains_key(name)
            });
            let document = opening
                .clone()
                .noted_at(now)
                .document(&TimeZone::UTC)
                .unwrap();
            self.files.insert(name, document);
        }
        for (id, change) in &decision.changes {
            let incident = incidents.iter().find(|incident| incident.id == *id);
            let name = &incident.unwrap().name;
            change.apply(self.files.get_mut(name).unwrap()).unwrap();
        }
        decision
    }
}
