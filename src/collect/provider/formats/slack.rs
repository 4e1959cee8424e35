//! Slack's page.

use serde_json::Value;

use crate::collect::provider::report::{
    Filter, ProviderIncident, ProviderReport, line, link, moment,
};
use crate::model::component::Health;

/// Reads `/api/v2.0.0/current`; it names a part only while something is wrong with it.
pub(crate) fn read(page: &Value, filter: &Filter) -> Option<ProviderReport> {
    if !matches!(page["status"].as_str()?, "ok" | "active") {
        return None;
    }
    let mut troubles = Vec::new();
    for incident in page["active_incidents"].as_array()? {
        let services: Vec<_> = match &incident["services"] {
            Value::Array(services) => services.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        let is_over = ["resolved", "completed", "cancelled", "scheduled"]
            .iter()
            .any(|word| incident["status"] == *word);
        // What names no service may be about all of them.
        let is_wanted = services.is_empty() || filter.wants_service(services.iter().copied());
        if is_over || !is_wanted {
            continue;
        }
        troubles.push(ProviderIncident {
            title: line(&incident["title"])?,
            health: match incident["type"].as_str() {
                Some("outage") => Health::Down,
                Some("incident") => Health::Disrupted,
                _ => Health::Notice,
            },
            since: moment(&incident["date_created"]),
            link: link(&incident["url"]),
            parts: services.into_iter().map(str::to_owned).collect(),
        });
    }
    Some(ProviderReport {
        health: Health::Ok,
        parts: Vec::new(),
        troubles,
    })
}
