//! cState's status API, version 2.0: `/index.json`, but always valid JSON.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::model::component::{Health, Severity};
use crate::model::incident::Incident;
use crate::web::site::{Category, View};
use crate::web::words;

/// The version of cState whose fields these are.
const CSTATE_VERSION: &str = "6.0.1";

/// `/index.json`.
pub fn index(view: &View<'_>) -> Value {
    let (board, names) = (view.board, view.names);
    let base = names.url.as_deref().unwrap_or_default();
    let categories: Vec<Value> = if names.categories.is_empty() {
        let mut seen: Vec<&str> = Vec::new();
        for state in &board.components {
            let category = state.component.category.as_deref().unwrap_or_default();
            if !seen.contains(&category) {
                seen.push(category);
            }
        }
        seen.iter()
            .map(|name| json!({ "name": name, "hideTitle": name.is_empty(), "closedByDefault": false }))
            .collect()
    } else {
        names.categories.iter().map(category).collect()
    };
    let systems: Vec<Value> = board
        .components
        .iter()
        .map(|state| {
            let component = &state.component;
            let unresolved: Vec<Value> = board
                .active()
                .filter(|incident| incident.affected.contains(&component.name))
                .map(|incident| issue(incident, base))
                .collect();
            let mut system = json!({
                "name": component.name,
                "category": component.category.as_deref().unwrap_or_default(),
                "status": status(state.health),
                "unresolvedIssues": unresolved,
            });
            if let Some(description) = &component.description {
                system["description"] = json!(description);
            }
            system
        })
        .collect();
    let pinned = board.incidents.iter().filter(|incident| {
        incident.is_public() && incident.informational && incident.pin == Some(true)
    });
    let built = board.at.to_zoned(names.zone.clone());
    json!({
        "is": "index",
        "cStateVersion": CSTATE_VERSION,
        "apiVersion": "2.0",
        "title": names.title,
        "languageCodeHTML": "en",
        "languageCode": "en",
        "baseURL": base,
        "description": names.description,
        "summaryStatus": status(board.health),
        "categories": categories,
        "pinnedIssues": pinned.map(|incident| issue(incident, base)).collect::<Vec<_>>(),
        "systems": systems,
        "buildDate": built.strftime("%Y-%m-%d").to_string(),
        "buildTime": built.strftime("%H:%M").to_string(),
        "buildTimezone": built.strftime("%Z").to_string(),
    })
}

fn category(category: &Category) -> Value {
    let mut value = json!({
        "name": category.name,
        "hideTitle": category.untitled,
        "closedByDefault": category.closed,
    });
    if let Some(description) = &category.description {
        value["description"] = json!(description);
    }
    value
}

fn issue(incident: &Incident, base: &str) -> Value {
    json!({
        "is": "issue",
        "title": incident.title,
        "createdAt": go_time(incident.date),
        "lastMod": go_time(incident.updates.iter().filter_map(|update| update.at).max().or(incident.date)),
        "permalink": format!("{base}/issues/{}/", words::address(&incident.id.0)),
        "severity": incident.severity.map(Severity::word),
        "resolved": incident.resolved == Some(true),
        "informational": incident.informational,
        "resolvedAt": incident.resolved_when.map(|at| at.to_string()),
        "affected": incident.affected,
        "filename": incident.filename,
    })
}

/// cState knows no "unknown"; what we cannot see must not look fine.
fn status(health: Health) -> &'static str {
    match health {
        Health::Ok => "ok",
        Health::Unknown | Health::Notice => "notice",
        Health::Disrupted => "disrupted",
        Health::Down => "down",
    }
}

/// A moment in the form that cState gets from Go.
fn go_time(at: Option<Timestamp>) -> Option<String> {
    at.map(|at| at.strftime("%Y-%m-%d %H:%M:%S +0000 UTC").to_string())
}
