//! Better Stack's pages.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::collect::provider::report::{
    ProviderComponent, ProviderIncident, ProviderReport, line, list, moment,
};
use crate::model::component::Health;

/// Reads `/index.json`, which is written in JSON:API.
pub(crate) fn read(page: &Value) -> Option<ProviderReport> {
    let health = match health_of(page["data"]["attributes"]["aggregate_state"].as_str()?) {
        Health::Unknown => return None,
        health => health,
    };
    let included = list(page, "included")?;
    let of = |kind: &'static str| included.iter().filter(move |item| item["type"] == kind);
    let resources: BTreeMap<&str, ProviderComponent> = of("status_page_resource")
        .map(|item| {
            let attributes = &item["attributes"];
            let part = ProviderComponent {
                name: attributes["public_name"].as_str()?.to_owned(),
                health: health_of(attributes["status"].as_str()?),
            };
            Some((item["id"].as_str()?, part))
        })
        .collect::<Option<_>>()?;
    let mut troubles = Vec::new();
    for item in of("status_report") {
        let report = &item["attributes"];
        let state = health_of(report["aggregate_state"].as_str().unwrap_or_default());
        // The end may be missing of what is over: then the page is well again.
        if health == Health::Ok || !report["ends_at"].is_null() || state == Health::Ok {
            continue;
        }
        let affected = list(report, "affected_resources")?.iter();
        let affected = affected
            .filter_map(|one| resources.get(one["status_page_resource_id"].as_str()?))
            .map(|part| part.name.clone());
        troubles.push(ProviderIncident {
            title: line(&report["title"])?,
            health: state.max(Health::Notice),
            since: moment(&report["starts_at"]),
            link: None,
            parts: affected.collect(),
        });
    }
    Some(ProviderReport {
        health,
        parts: resources.into_values().collect(),
        troubles,
    })
}

fn health_of(word: &str) -> Health {
    match word {
        "operational" | "resolved" => Health::Ok,
        "maintenance" => Health::Notice,
        "degraded" => Health::Disrupted,
        "downtime" => Health::Down,
        _ => Health::Unknown,
    }
}
