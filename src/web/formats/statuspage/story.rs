//! An incident file as far as Statuspage has fields for it.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::model::facts::planned::{Planned, WorkStage};
use crate::model::incident::{Incident, Phase};
use crate::web::site::View;

/// An incident, or planned work.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FileStory<'a> {
    /// The incident.
    pub(crate) incident: &'a Incident,
    /// What is planned, if it is that.
    pub(crate) planned: Option<&'a Planned>,
}

/// All incidents and planned works, newest first; posts are neither.
pub(crate) fn all<'a>(view: &View<'a>) -> impl Iterator<Item = FileStory<'a>> {
    let board = view.board;
    let planned: BTreeMap<_, _> = board
        .facts
        .maintenance
        .iter()
        .map(|work| (&work.id, work))
        .collect();
    let incidents = board.facts.incidents.iter().map(AsRef::as_ref);
    incidents.filter_map(move |incident: &Incident| {
        let planned = planned.get(&incident.id).copied();
        let tells = incident.is_public()
            && (!incident.informational || incident.is_active() || planned.is_some());
        tells.then_some(FileStory { incident, planned })
    })
}

impl FileStory<'_> {
    /// When it began, or its earliest update.
    pub(crate) fn began(&self) -> Timestamp {
        let updated = self.incident.updates.iter().filter_map(|update| update.at);
        let date = self.incident.began_at().or_else(|| updated.min());
        date.unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// When it ended, if it did.
    pub(crate) fn ended(&self) -> Option<Timestamp> {
        let over = self.incident.resolved == Some(true);
        let last_update = || self.incident.updates.first().and_then(|update| update.at);
        over.then(|| self.incident.resolved_when.or_else(last_update))?
    }

    /// Since when it is monitored, if it is.
    pub(crate) fn monitoring(&self) -> Option<Timestamp> {
        let mut updates = self.incident.updates.iter();
        let watched = updates.find(|update| update.phase == Some(Phase::Monitoring));
        watched.and_then(|update| update.at)
    }

    /// Where it stands.
    pub(crate) fn status(&self) -> &'static str {
        match self.planned.map(|planned| planned.stage) {
            None => phase(self.incident.phase()),
            Some(WorkStage::Scheduled) => "scheduled",
            Some(WorkStage::InProgress | WorkStage::Overdue) => "in_progress",
            Some(WorkStage::Completed | WorkStage::Cancelled) => "completed",
        }
    }
}

/// The word of a phase.
pub(crate) fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Investigating => "investigating",
        Phase::Identified => "identified",
        Phase::Monitoring => "monitoring",
        Phase::Resolved => "resolved",
    }
}
