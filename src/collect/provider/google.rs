//! Google Cloud's history of incidents, of which the open ones count.

use serde_json::Value;

use crate::collect::provider::report::{Filter, Report, Trouble, line, list, moment};
use crate::model::component::Health;

/// Reads `/incidents.json`.
pub(crate) fn read(page: &Value, filter: &Filter) -> Option<Report> {
    let mut troubles = Vec::new();
    for incident in page.as_array()? {
        let impact = incident["status_impact"].as_str()?;
        if !incident["end"].is_null() {
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
        troubles.push(Trouble {
            title: line(&incident["external_desc"])?,
            health: match impact {
                "SERVICE_INFORMATION" => Health::Notice,
                "SERVICE_DISRUPTION" => Health::Disrupted,
                "SERVICE_OUTAGE" => Health::Down,
                _ => return None,
            },
            since: moment(&incident["begin"]),
            link: incident["uri"]
                .as_str()
                .map(|uri| format!("https://status.cloud.google.com/{uri}")),
            parts: products,
        });
    }
    Some(Report {
        health: Health::Ok,
        parts: Vec::new(),
        troubles,
    })
}
