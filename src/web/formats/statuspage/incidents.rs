//! Incidents and planned work in Statuspage's words.

use serde_json::{Value, json};

use crate::model::component::Severity;
use crate::web::formats::statuspage::ids::{incident_id, moment, page_id};
use crate::web::formats::statuspage::story::FileStory;
use crate::web::formats::statuspage::updates;
use crate::web::site::View;
use crate::web::text::links;

impl FileStory<'_> {
    /// As Statuspage shows it, with those of the components that it names.
    pub(crate) fn show(&self, view: &View<'_>, components: &[Value]) -> Value {
        let incident = self.incident;
        let began = self.began();
        let changed = incident.changed(view.now).unwrap_or(began);
        let ended = self.ended();
        let first_update = incident.updates.iter().filter_map(|update| update.at).min();
        let created = first_update.map_or(began, |at| at.min(began));
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

    fn impact(&self) -> &'static str {
        if self.incident.managed.withdrawn {
            return "none";
        }
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
