//! The updates of an incident in Statuspage's words.

use serde_json::{Value, json};

use crate::model::incident::{Author, Phase, Update};
use crate::web::formats::statuspage::components::status_of;
use crate::web::formats::statuspage::ids::{component_id, id, incident_id, moment};
use crate::web::formats::statuspage::story::{FileStory, phase};
use crate::web::site::View;
use crate::web::text::markdown;
use crate::web::text::update_ids::keys;

/// Longest text of an update, in characters.
const MAX_BODY_CHARS: usize = 4_000;

/// Every update, newest first; a text without any is one update.
pub(crate) fn all(view: &View<'_>, written: &FileStory<'_>) -> Value {
    let incident = written.incident;
    let began = written.began();
    if incident.updates.is_empty() {
        let whole = Update {
            at: incident.began_at(),
            day: None,
            word: String::new(),
            phase: None,
            text: incident.body.clone(),
            author: Author::Person,
            by: None,
        };
        let status = written.status();
        return json!([update(view, written, &whole, "whole", (status, true))]);
    }
    let keys = keys(&incident.updates);
    let mut shown = Vec::new();
    // Updates without a phase keep the previous one.
    let mut status = if written.planned.is_some() {
        "scheduled"
    } else {
        "investigating"
    };
    let mut at = began;
    for (place, (one, key)) in incident.updates.iter().zip(&keys).rev().enumerate() {
        status = word(one, written.planned.is_some()).unwrap_or(status);
        let mut one = one.clone();
        at = one.at.unwrap_or(at);
        one.at = Some(at);
        shown.push(update(view, written, &one, key, (status, place == 0)));
    }
    shown.reverse();
    json!(shown)
}

fn update(
    view: &View<'_>,
    written: &FileStory<'_>,
    update: &Update,
    key: &str,
    (status, is_first): (&str, bool),
) -> Value {
    let incident = written.incident;
    let at = moment(update.at.unwrap_or(written.began()));
    json!({
        "id": id("update", &format!("{}/{key}", incident.id)),
        "status": status,
        "body": markdown::plain(&update.text, MAX_BODY_CHARS, view.names),
        "incident_id": incident_id(incident),
        "created_at": at,
        "updated_at": at,
        "display_at": at,
        "affected_components": affected(view, written, is_first, status),
        "deliver_notifications": true,
        "custom_tweet": null,
        "tweet_id": null,
    })
}

/// What became of the components: well before the first word, and after the last.
fn affected(view: &View<'_>, written: &FileStory<'_>, is_first: bool, status: &str) -> Value {
    let is_over = matches!(status, "resolved" | "postmortem" | "completed");
    let during = match written.planned {
        Some(_) if status == "scheduled" => "operational",
        Some(_) => "under_maintenance",
        None => status_of(written.incident.severity),
    };
    let concerned = view.board.components.iter().filter(|state| {
        let affected = &written.incident.affected;
        affected.contains(&state.component.name)
    });
    let shown: Vec<_> = concerned
        .map(|state| {
            json!({
                "code": component_id(&state.component),
                "name": state.component.name,
                "old_status": if is_first { "operational" } else { during },
                "new_status": if is_over { "operational" } else { during },
            })
        })
        .collect();
    if shown.is_empty() {
        Value::Null
    } else {
        json!(shown)
    }
}

/// The state that an update names; `None` if it names none.
fn word(update: &Update, is_planned: bool) -> Option<&'static str> {
    let own = update.word.to_lowercase();
    match (&*own, is_planned) {
        ("post-mortem" | "postmortem", false) => Some("postmortem"),
        ("scheduled", true) => Some("scheduled"),
        ("in progress", true) => Some("in_progress"),
        ("verifying", true) => Some("verifying"),
        ("completed" | "cancelled" | "canceled" | "resolved", true) => Some("completed"),
        (_, true) => None,
        (_, false) => update.phase.map(|named: Phase| phase(named)),
    }
}
