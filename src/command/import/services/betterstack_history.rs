//! Better Stack: what people reported, and what monitors noticed.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::command::import::services::imported_page::{ImportedIncident, ImportedPage, PastUpdate};
use crate::command::import::services::words::{heading, key, list, markdown, moment, text};
use crate::model::component::Severity;

/// What people wrote on a page.
pub(crate) fn report(
    attributes: &Value,
    mut said: Vec<PastUpdate>,
    file: &str,
    page: &mut ImportedPage,
    resources: &BTreeMap<String, String>,
) {
    let title = heading(attributes["title"].as_str().unwrap_or_default());
    let Some(began) = moment(&attributes["starts_at"]) else {
        page.leave_out(file, None, format!("the report `{title}` has no date"));
        return;
    };
    let is_planned = attributes["report_type"] == "maintenance";
    said.sort_by_key(|update| update.at);
    let ended = moment(&attributes["ends_at"]).map(|at| at.max(began));
    if let Some(first) = said.first_mut() {
        first.word = if is_planned {
            "Scheduled"
        } else {
            "Investigating"
        };
    }
    if let (Some(last), Some(_), true) = (said.last_mut(), ended, !is_planned)
        && last.word == "Update"
    {
        last.word = "Resolved";
    }
    let state = text(&attributes["aggregate_state"]);
    let affected = list(&attributes["affected_resources"]).iter();
    let named = affected.clone();
    let named = named.filter_map(|one| key(&one["status_page_resource_id"]));
    if named.clone().any(|id| !resources.contains_key(&id)) {
        let message = format!(
            "the report `{title}` names a resource that no file has; pass the response of \
            /api/v2/status-pages/ID/resources as well"
        );
        page.change(file, None, message);
    }
    let worst = affected.clone().filter_map(|one| text(&one["status"]));
    let is_down = worst.chain(state).any(|state| state == "downtime");
    page.incidents.push(ImportedIncident {
        title,
        began,
        ended,
        severity: match (is_planned, is_down) {
            (true, _) => Severity::Notice,
            (false, true) => Severity::Down,
            (false, false) => Severity::Disrupted,
        },
        affected: named.filter_map(|id| resources.get(&id).cloned()).collect(),
        updates: said,
        postmortem: None,
        is_planned,
    });
}

/// What a monitor noticed by itself.
pub(crate) fn incident(attributes: &Value, file: &str, page: &mut ImportedPage) {
    let name = heading(attributes["name"].as_str().unwrap_or_default());
    let Some(began) = moment(&attributes["started_at"]) else {
        page.leave_out(file, None, format!("the incident `{name}` has no date"));
        return;
    };
    let ended = moment(&attributes["resolved_at"]).map(|at| at.max(began));
    let cause = markdown(attributes["cause"].as_str().unwrap_or_default());
    let told = |at, word, text: String| PastUpdate { at, word, text };
    let mut updates = vec![told(began, "Investigating", cause)];
    updates.extend(ended.map(|at| told(at, "Resolved", "It works again.".to_owned())));
    let affected = page.components.iter().find(|one| one.name == name);
    page.incidents.push(ImportedIncident {
        title: heading(&format!("{name} did not answer")),
        began,
        ended,
        severity: Severity::Down,
        affected: affected.map(|one| one.key.clone()).into_iter().collect(),
        updates,
        postmortem: None,
        is_planned: false,
    });
}
