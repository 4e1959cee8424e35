//! Incidents and planned work in Statuspage's words.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::model::component::Severity;
use crate::model::facts::planned::{Planned, WorkStage};
use crate::model::incident::{Incident, Phase};
use crate::web::formats::statuspage::ids::id;
use crate::web::formats::statuspage::status::{moment, page_id};
use crate::web::formats::statuspage::updates;
use crate::web::site::View;
use crate::web::text::links;

/// What a file tells of: an incident, or planned work.
#[derive(Clone, Copy, Debug)]
pub struct FileStory<'a> {
    /// The incident.
    pub incident: &'a Incident,
    /// What is planned, if it is that.
    pub planned: Option<&'a Planned>,
}

/// All incidents and planned works, newest first; posts are neither.
pub fn all<'a>(view: &View<'a>) -> impl Iterator<Item = FileStory<'a>> {
    let board = view.board;
    let planned: BTreeMap<_, _> = board.works.iter().map(|work| (&work.id, work)).collect();
    let incidents = board.incidents.iter().map(AsRef::as_ref);
    incidents.filter_map(move |incident: &Incident| {
        let planned = planned.get(&incident.id).copied();
        let tells = incident.is_public()
            && (!incident.informational || incident.is_active() || planned.is_some());
        tells.then_some(FileStory { incident, planned })
    })
}

impl FileStory<'_> {
    /// As Statuspage shows it, with those of the components that it names.
    pub fn show(&self, view: &View<'_>, components: &[Value]) -> Value {
        let incident = self.incident;
        let began = self.began();
        let changed = incident.changed(view.now).unwrap_or(began);
        let ended = self.ended();
        let told_first = incident.updates.iter().filter_map(|update| update.at).min();
        let created = told_first.map_or(began, |told| told.min(began));
        let mut shown = json!({
            "id": incident_id(incident),
            "name": incident.title,
            "status": self.status(),
            "created_at": moment(created),
            "updated_at": moment(changed.max(created)),
            "monitoring_at": self.monitoring().map(moment),
            "resolved_at": ended.map(moment),
            "impact": self.impact(),
            "shortlink": links::incident(view.names, incident),
            "started_at": moment(began),
            "page_id": page_id(view),
            "incident_updates": updates::all(view, self),
            "components": self.affected(view, components),
            "reminder_intervals": null,
        });
        if let Some(planned) = self.planned {
            shown["scheduled_for"] = json!(moment(began));
            let until = planned.until.unwrap_or(began).max(began);
            shown["scheduled_until"] = json!(moment(until));
        }
        shown
    }

    /// When it began, or the first that is known of it.
    pub fn began(&self) -> Timestamp {
        let told = self.incident.updates.iter().filter_map(|update| update.at);
        let date = self.incident.began_at().or_else(|| told.min());
        date.unwrap_or(Timestamp::UNIX_EPOCH)
    }

    fn ended(&self) -> Option<Timestamp> {
        let over = self.incident.resolved == Some(true);
        let told = || self.incident.updates.first().and_then(|update| update.at);
        over.then(|| self.incident.resolved_when.or_else(told))?
    }

    fn monitoring(&self) -> Option<Timestamp> {
        let mut updates = self.incident.updates.iter();
        let watched = updates.find(|update| update.phase == Some(Phase::Monitoring));
        watched.and_then(|update| update.at)
    }

    /// Where it stands.
    pub fn status(&self) -> &'static str {
        match self.planned.map(|planned| planned.stage) {
            None => phase(self.incident.phase()),
            Some(WorkStage::Scheduled) => "scheduled",
            Some(WorkStage::InProgress | WorkStage::Overdue) => "in_progress",
            Some(WorkStage::Completed | WorkStage::Cancelled) => "completed",
        }
    }

    fn impact(&self) -> &'static str {
        match (self.planned, self.incident.severity) {
            (Some(_), _) => "maintenance",
            (None, Some(Severity::Down)) => "critical",
            (None, Some(Severity::Disrupted)) => "major",
            (None, Some(Severity::Notice)) => "minor",
            (None, None) => "none",
        }
    }

    fn affected(&self, view: &View<'_>, components: &[Value]) -> Value {
        let states = view.board.components.iter().zip(components);
        let own = states.filter(|(state, _)| {
            let affected = &self.incident.affected;
            affected.contains(&state.component.name)
        });
        own.map(|(_, shown)| shown.clone()).collect()
    }
}

/// An incident's id.
pub fn incident_id(incident: &Incident) -> String {
    id("incident", &incident.id.0)
}

/// The word of a phase.
pub fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Investigating => "investigating",
        Phase::Identified => "identified",
        Phase::Monitoring => "monitoring",
        Phase::Resolved => "resolved",
    }
}
