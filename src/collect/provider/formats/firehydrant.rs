//! `FireHydrant`'s pages.

use serde_json::Value;

use crate::collect::provider::report::{
    ProviderComponent, ProviderIncident, ProviderReport, line, link, list, moment,
};
use crate::model::component::Health;

/// Reads `/data/payload.json`: what has no time of its end is open.
pub(crate) fn read(page: &Value) -> Option<ProviderReport> {
    if !page["components"].is_array() || !page["incidents"].is_array() {
        return None;
    }
    let open: Vec<_> = list(page, "incidents")?
        .iter()
        .filter(|incident| incident["timestamps"]["resolved"].is_null())
        .collect();
    let troubles: Vec<_> = open
        .iter()
        .map(|incident| trouble(page, incident))
        .collect::<Option<_>>()?;
    let parts = list(page, "components")?.iter().map(|part| {
        let name = part["name"].as_str()?.to_owned();
        let own = condition(page, part);
        let named = troubles
            .iter()
            .filter(|trouble| trouble.parts.contains(&name));
        let worst = named.map(|trouble| trouble.health).max();
        Some(ProviderComponent {
            health: own.max(worst).unwrap_or(Health::Ok),
            name,
        })
    });
    let parts: Vec<_> = parts.collect::<Option<_>>()?;
    let health = parts.iter().map(|part| part.health).max();
    Some(ProviderReport {
        health: health.unwrap_or(Health::Ok),
        parts,
        troubles,
    })
}

fn trouble(page: &Value, incident: &Value) -> Option<ProviderIncident> {
    let affected = list(incident, "components")?;
    let worst = affected
        .iter()
        .filter_map(|part| condition(page, part))
        .max();
    Some(ProviderIncident {
        title: line(&incident["name"]).or_else(|| line(&incident["title"]))?,
        // Its severity is a word of the provider's own: not one of ours.
        health: worst
            .max(condition(page, incident))
            .unwrap_or(Health::Notice)
            .max(Health::Notice),
        since: moment(&incident["timestamps"]["started"]),
        link: link(&incident["url"]),
        parts: affected
            .iter()
            .filter_map(|part| part["name"].as_str().or(part.as_str()))
            .map(str::to_owned)
            .collect(),
    })
}

/// The condition of a thing; the page says which of three words it stands for.
fn condition(page: &Value, of: &Value) -> Option<Health> {
    let word = ["condition", "status"].iter().find_map(|key| {
        let value = &of[*key];
        value.as_str().or_else(|| value["name"].as_str())
    })?;
    let known = match &page["conditions"] {
        Value::Array(all) => all
            .iter()
            .find(|one| ["id", "slug", "name"].iter().any(|key| one[*key] == word))
            .and_then(|one| {
                ["state", "type", "value", "condition"]
                    .iter()
                    .find_map(|key| one[*key].as_str())
            }),
        all => all[word].as_str(),
    };
    match known.unwrap_or(word).to_ascii_uppercase().as_str() {
        "OPERATIONAL" => Some(Health::Ok),
        "DEGRADED" => Some(Health::Disrupted),
        "OFFLINE" => Some(Health::Down),
        _ => Some(Health::Unknown),
    }
}
