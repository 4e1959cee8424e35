//! Incidents with what the service notes for itself: `GET /api/v1/incidents`.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::model::board::{Board, Outlook, Wait};
use crate::model::incident::Incident;
use crate::model::incidents::managed::Managed;
use crate::model::time::date;
use crate::model::verdict::RuleId;
use crate::web::ops::access::operators::Operators;

/// How long what is over is listed.
const RECENT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Incidents that are listed at most; the newest come first.
const LISTED: usize = 500;

/// Lists what is open, what ended of late, and what waits for a person.
pub(crate) async fn list(State(operators): State<Operators>) -> Response {
    let listed = operators.site.show(|view| values(view.board, view.now));
    Json(listed).into_response()
}

fn values(board: &Board, now: Timestamp) -> Vec<Value> {
    let incidents = board.facts.incidents.iter().map(AsRef::as_ref);
    incidents
        .filter(|incident| is_listed(incident, now))
        .take(LISTED)
        .map(|incident| value(incident, board))
        .collect()
}

fn is_listed(incident: &Incident, now: Timestamp) -> bool {
    let since = now.checked_sub(RECENT).unwrap_or(Timestamp::MIN);
    let ended = incident.resolved_when.or(incident.date);
    incident.is_issue
        && (incident.resolved == Some(false)
            || !incident.managed.overruled.is_empty()
            || ended.is_some_and(|ended| ended >= since))
}

fn value(incident: &Incident, board: &Board) -> Value {
    let ended = date::rfc3339(incident.resolved_when, incident.days.ended);
    let ended = ended.filter(|_| incident.resolved == Some(true));
    json!({
        "id": incident.id.0,
        "file": incident.name,
        "title": incident.title,
        "state": state(incident),
        "draft": incident.draft,
        "phase": incident.phase().word().to_lowercase(),
        "severity": incident.severity,
        "affected": incident.affected,
        "date": date::rfc3339(incident.date, incident.days.began),
        "resolvedWhen": ended,
        "machine": managed(&incident.managed),
        "outlook": board.facts.outlooks.get(&incident.id).map(outlook),
    })
}

fn state(incident: &Incident) -> &'static str {
    match incident.resolved {
        Some(true) => "over",
        Some(false) => "open",
        None => "neither",
    }
}

fn managed(managed: &Managed) -> Value {
    let rules =
        |rules: &[RuleId]| -> Vec<String> { rules.iter().map(|rule| rule.0.clone()).collect() };
    json!({
        "rules": rules(&managed.rules),
        // These fire on though a person called the incident over.
        "muted": rules(&managed.overruled),
        "severity": managed.severity,
        "worst": managed.worst,
        "affected": managed.affected,
        "goodSince": managed.good_since,
        "recurrences": managed.recurrences,
    })
}

fn outlook(outlook: &Outlook) -> Value {
    json!({
        "goodSince": outlook.good_since,
        "until": outlook.until,
        "nextWord": outlook.next_word,
        "waits": outlook.waits.iter().map(wait).collect::<Vec<_>>(),
    })
}

fn wait(wait: &Wait) -> Value {
    match wait {
        Wait::Failing(names) => json!({ "for": "failing", "components": names }),
        Wait::Unseen(names) => json!({ "for": "unseen", "components": names }),
        Wait::Backlog { what, count } => {
            json!({ "for": "backlog", "what": what, "count": count })
        }
        Wait::Capacity => json!({ "for": "capacity" }),
        Wait::Changed(at) => json!({ "for": "changed", "at": at }),
        Wait::Hold => json!({ "for": "hold" }),
        Wait::Person => json!({ "for": "person" }),
    }
}
