//! Atlassian Statuspage v2, and pages that speak like it (incident.io).

use serde_json::Value;

use crate::collect::provider::report::{
    ProviderComponent, ProviderIncident, ProviderReport, line, link, list, moment, names,
};
use crate::model::component::Health;

/// Reads `/api/v2/summary.json`.
pub(crate) fn read(page: &Value) -> Option<ProviderReport> {
    let health = match page["status"]["indicator"].as_str()? {
        "none" => Health::Ok,
        "minor" | "maintenance" => Health::Notice,
        "major" => Health::Disrupted,
        "critical" => Health::Down,
        _ => return None,
    };
    let parts = list(page, "components")?.iter();
    let parts = parts.filter(|part| part["group"] != true).map(|part| {
        Some(ProviderComponent {
            name: part["name"].as_str()?.to_owned(),
            health: component(part["status"].as_str()?),
        })
    });
    // The indicator may say that all is well while something is open.
    let open = list(page, "incidents")?
        .iter()
        .filter(|incident| !matches!(incident["status"].as_str(), Some("resolved" | "postmortem")));
    let open = open.map(|incident| trouble(incident, impact(incident["impact"].as_str())));
    let planned = list(page, "scheduled_maintenances")?.iter();
    let planned = planned
        .filter(|work| matches!(work["status"].as_str(), Some("in_progress" | "verifying")))
        .map(|work| trouble(work, Health::Notice));
    Some(ProviderReport {
        health,
        parts: parts.collect::<Option<_>>()?,
        troubles: open.chain(planned).collect::<Option<_>>()?,
    })
}

fn component(status: &str) -> Health {
    match status {
        "operational" => Health::Ok,
        "degraded_performance" | "under_maintenance" => Health::Notice,
        "partial_outage" => Health::Disrupted,
        "major_outage" | "full_outage" => Health::Down,
        _ => Health::Unknown,
    }
}

fn impact(impact: Option<&str>) -> Health {
    match impact {
        Some("critical") => Health::Down,
        Some("major") => Health::Disrupted,
        // What is open is something to know, whatever its impact.
        _ => Health::Notice,
    }
}

fn trouble(incident: &Value, health: Health) -> Option<ProviderIncident> {
    let since = ["started_at", "scheduled_for", "created_at"];
    Some(ProviderIncident {
        title: line(&incident["name"])?,
        health,
        since: since.iter().find_map(|key| moment(&incident[*key])),
        link: link(&incident["shortlink"]),
        parts: names(incident, "components"),
    })
}
