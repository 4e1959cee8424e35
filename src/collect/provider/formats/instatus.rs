//! Instatus' pages.

use serde_json::Value;

use crate::collect::provider::report::{
    ProviderComponent, ProviderIncident, ProviderReport, line, link, list, moment,
};
use crate::model::component::Health;

/// Reads `/v3/summary.json`, or `/summary.json` as it was before; its lists are absent when they are empty.
pub(crate) fn read(page: &Value) -> Option<ProviderReport> {
    let health = match page["page"]["status"].as_str()? {
        "UP" => Health::Ok,
        // How bad it is, only the incidents say.
        "HASISSUES" | "UNDERMAINTENANCE" => Health::Notice,
        _ => return None,
    };
    let open = list(page, "activeIncidents")?.iter();
    let open = open
        .filter(|incident| incident["status"] != "RESOLVED")
        .map(|incident| {
            let impact = incident["impact"].as_str().map(health_of);
            let health = impact.filter(|health| *health != Health::Unknown);
            trouble(incident, "started", health.unwrap_or(Health::Notice))
        });
    let planned = list(page, "activeMaintenances")?.iter();
    let planned = planned
        .filter(|work| work["status"] == "INPROGRESS")
        .map(|work| trouble(work, "start", Health::Notice));
    Some(ProviderReport {
        health,
        parts: Vec::new(),
        troubles: open.chain(planned).collect::<Option<_>>()?,
    })
}

/// Reads `/v3/components.json`, or `/v2/components.json`.
pub(crate) fn parts(page: &Value) -> Option<Vec<ProviderComponent>> {
    let part = |part: &Value| {
        Some(ProviderComponent {
            name: part["name"].as_str()?.to_owned(),
            health: health_of(part["status"].as_str()?),
        })
    };
    page["components"].as_array()?.iter().map(part).collect()
}

fn health_of(word: &str) -> Health {
    match word {
        "OPERATIONAL" => Health::Ok,
        "UNDERMAINTENANCE" | "DEGRADEDPERFORMANCE" | "MINOROUTAGE" => Health::Notice,
        "PARTIALOUTAGE" => Health::Disrupted,
        "MAJOROUTAGE" => Health::Down,
        _ => Health::Unknown,
    }
}

fn trouble(incident: &Value, since: &str, health: Health) -> Option<ProviderIncident> {
    Some(ProviderIncident {
        title: line(&incident["name"])?,
        health: health.max(Health::Notice),
        since: moment(&incident[since]),
        link: link(&incident["url"]),
        parts: Vec::new(),
    })
}
