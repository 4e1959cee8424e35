//! Google Cloud's and Workspace's history of incidents; the open ones count.

use serde_json::Value;

use crate::collect::provider::report::{
    Filter, ProviderIncident, ProviderReport, line, list, moment,
};
use crate::model::component::Health;

/// Reads `/incidents.json`.
pub(crate) fn read(page: &Value, filter: &Filter) -> Option<ProviderReport> {
    let mut troubles = Vec::new();
    for incident in page.as_array()? {
        let impact = incident["status_impact"].as_str()?;
        // An end without a time is none.
        if !matches!(&incident["end"], Value::Null) && incident["end"] != "" {
            continue;
        }
        let titles = |key, word: &str| -> Option<Vec<String>> {
            let items = list(incident, key)?.iter();
            let text = items.filter_map(|item| item[word].as_str().map(str::to_owned));
            Some(text.collect())
        };
        let mut products = titles("affected_products", "title")?;
        products.extend(incident["service_name"].as_str().map(str::to_owned));
        let mut places = titles("currently_affected_locations", "id")?;
        places.extend(titles("currently_affected_locations", "title")?);
        // What names no place may be everywhere.
        let near = places.is_empty() || filter.wants_region(places.iter().map(String::as_str));
        if !near || !filter.wants_service(products.iter().map(String::as_str)) {
            continue;
        }
        troubles.push(ProviderIncident {
            title: line(&incident["external_desc"])?,
            health: match impact {
                // What is open is something to know, also once it works again.
                "SERVICE_INFORMATION" | "AVAILABLE" => Health::Notice,
                "SERVICE_DISRUPTION" => Health::Disrupted,
                "SERVICE_OUTAGE" => Health::Down,
                _ => Health::Unknown,
            },
            since: moment(&incident["begin"]),
            // Below the page: Google has more than one.
            link: incident["uri"].as_str().map(str::to_owned),
            parts: products,
        });
    }
    Some(ProviderReport {
        health: Health::Ok,
        parts: Vec::new(),
        troubles,
    })
}
