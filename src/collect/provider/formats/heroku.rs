//! Heroku's page.

use serde_json::Value;

use crate::collect::provider::report::{
    ProviderComponent, ProviderIncident, ProviderReport, line, link, list, moment,
};
use crate::model::component::Health;

/// Reads `/api/v4/current-status`; its colours are to be trusted, not the flags
/// of its incidents.
pub(crate) fn read(page: &Value) -> Option<ProviderReport> {
    let systems = page["status"].as_array()?.iter().map(|system| {
        let health = match system["status"].as_str()? {
            "green" => Health::Ok,
            "blue" => Health::Notice,
            "yellow" => Health::Disrupted,
            "red" => Health::Down,
            _ => return None,
        };
        let name = system["system"].as_str()?.to_owned();
        Some(ProviderComponent { name, health })
    });
    let parts: Vec<_> = systems.collect::<Option<_>>()?;
    let health = parts.iter().map(|part| part.health).max()?;
    let all = list(page, "incidents")?.iter();
    let open = all.filter(|_| health != Health::Ok).map(|incident| {
        Some(ProviderIncident {
            title: line(&incident["title"])?,
            health,
            since: moment(&incident["created_at"]),
            link: link(&incident["full_url"]),
            parts: parts
                .iter()
                .filter(|part| part.health != Health::Ok)
                .map(|part| part.name.clone())
                .collect(),
        })
    });
    Some(ProviderReport {
        health,
        troubles: open.collect::<Option<_>>()?,
        parts,
    })
}
