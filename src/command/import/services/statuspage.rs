//! Statuspage: the JSON of its API and of its public pages, and its table of readers.

use jiff::Timestamp;
use serde_json::Value;

use crate::command::import::services::imported_page::{
    ImportedComponent, ImportedIncident, ImportedPage, PastSubscriber, PastUpdate,
};
use crate::command::import::services::words::{heading, key, list, markdown, moment, text};
use crate::model::component::Severity;

/// Reads one answer of the API: whatever of `page`, `components`, `incidents`,
/// `scheduled_maintenances` and subscribers it holds.
pub(crate) fn read(value: &Value, file: &str, page: &mut ImportedPage) {
    let before = (
        page.components.len(),
        page.incidents.len(),
        page.subscribers.len(),
    );
    if let Some(one) = value.get("page") {
        page.title = page.title.take().or(text(&one["name"]).map(str::to_owned));
        page.url = page.url.take().or(text(&one["url"]).map(str::to_owned));
    }
    let known = [
        "components",
        "component_groups",
        "incidents",
        "scheduled_maintenances",
        "subscribers",
    ];
    if value.is_array() {
        each(value, file, page);
    } else if value.get("incident_updates").is_some() {
        each(&Value::Array(vec![value.clone()]), file, page);
    }
    for name in known {
        each(&value[name], file, page);
    }
    let after = (
        page.components.len(),
        page.incidents.len(),
        page.subscribers.len(),
    );
    if before == after && value.get("page").is_none() {
        let message = "it contains no components, incidents or subscribers of Statuspage";
        page.leave_out(file, None, message.to_owned());
    }
}

/// Reads a list, each entry by what it has.
fn each(value: &Value, file: &str, page: &mut ImportedPage) {
    let entries = list(value);
    // A group's name stands above its components.
    let group = |id: &Value| {
        let id = key(id)?;
        let mut groups = entries.iter().filter(|entry| entry["group"] == true);
        let group = groups.find(|entry| key(&entry["id"]).as_ref() == Some(&id))?;
        text(&group["name"]).map(str::to_owned)
    };
    for entry in entries {
        if entry.get("incident_updates").is_some() {
            incident(entry, file, page);
        } else if entry.get("email").is_some() || entry["mode"] == "email" {
            subscriber(entry, file, page);
        } else if entry["group"] != true
            && let (Some(id), Some(name)) = (key(&entry["id"]), text(&entry["name"]))
        {
            page.component(ImportedComponent {
                key: id,
                name: name.to_owned(),
                description: text(&entry["description"]).map(str::to_owned),
                category: group(&entry["group_id"]),
            });
        } else if entry.get("endpoint").is_some() || entry.get("phone_number").is_some() {
            let message =
                "a subscriber by phone or webhook; critwatch supports only e-mail".to_owned();
            page.leave_out(file, None, message);
        }
    }
}

fn subscriber(entry: &Value, file: &str, page: &mut ImportedPage) {
    let Some(address) = text(&entry["email"]) else {
        return;
    };
    if text(&entry["quarantined_at"]).is_some() {
        let message = "a subscriber whose e-mails bounced".to_owned();
        page.leave_out(file, None, message);
        return;
    }
    let components = list(&entry["components"]).iter();
    page.subscribers.push(PastSubscriber {
        address: address.to_owned(),
        components: components.filter_map(key).collect(),
    });
}

fn incident(entry: &Value, file: &str, page: &mut ImportedPage) {
    let title = heading(entry["name"].as_str().unwrap_or_default());
    let is_planned = moment(&entry["scheduled_for"]).is_some();
    let mut updates: Vec<_> = list(&entry["incident_updates"])
        .iter()
        .filter_map(update)
        .collect();
    updates.sort_by_key(|update| update.at);
    let first = updates.first().map(|update| update.at);
    let began = ["scheduled_for", "started_at", "created_at"];
    let began = began
        .iter()
        .find_map(|name| moment(&entry[*name]))
        .or(first);
    let Some(began) = began else {
        page.leave_out(file, None, format!("the incident `{title}` has no date"));
        return;
    };
    let status = text(&entry["status"]).unwrap_or_default();
    let is_over = ["resolved", "postmortem", "completed"].contains(&status);
    let last = updates.last().map_or(began, |update| update.at);
    let ended = moment(&entry["resolved_at"]);
    let ended = ended
        .or(is_over.then_some(last))
        .map(|at: Timestamp| at.max(began));
    if !is_over && !is_planned {
        let message = format!("the incident `{title}` is ongoing; it is imported as open");
        page.change(file, None, message);
    }
    for component in list(&entry["components"]) {
        if let (Some(id), Some(name)) = (key(&component["id"]), text(&component["name"])) {
            page.component(ImportedComponent {
                key: id,
                name: name.to_owned(),
                ..ImportedComponent::default()
            });
        }
    }
    let severity = match text(&entry["impact"]) {
        _ if is_planned => Severity::Notice,
        Some("critical") => Severity::Down,
        Some("major") => Severity::Disrupted,
        _ => Severity::Notice,
    };
    page.incidents.push(ImportedIncident {
        title,
        began,
        ended,
        severity,
        affected: list(&entry["components"])
            .iter()
            .filter_map(|one| key(&one["id"]))
            .collect(),
        updates,
        postmortem: text(&entry["postmortem_body"]).map(markdown),
        is_planned,
    });
}

fn update(entry: &Value) -> Option<PastUpdate> {
    let word = match text(&entry["status"]).unwrap_or_default() {
        "investigating" => "Investigating",
        "identified" => "Identified",
        "monitoring" | "verifying" => "Monitoring",
        "resolved" => "Resolved",
        "scheduled" => "Scheduled",
        "in_progress" => "In progress",
        "completed" => "Completed",
        "postmortem" => "Post-mortem",
        _ => "Update",
    };
    Some(PastUpdate {
        at: moment(&entry["display_at"]).or_else(|| moment(&entry["created_at"]))?,
        word,
        text: markdown(entry["body"].as_str().unwrap_or_default()),
    })
}
