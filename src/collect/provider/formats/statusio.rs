//! Status.io's pages.

use serde_json::Value;

use crate::collect::provider::report::{
    ProviderComponent, ProviderIncident, ProviderReport, line, list, moment, names,
};
use crate::model::component::Health;

/// Reads what `https://api.status.io/1.0/status/<id>` answers.
pub(crate) fn read(page: &Value) -> Option<ProviderReport> {
    let page = &page["result"];
    let health = match health_of(&page["status_overall"]["status_code"])? {
        Health::Unknown => return None,
        health => health,
    };
    let mut parts = Vec::new();
    for component in page["status"].as_array()? {
        let name = component["name"].as_str()?;
        let mut worst = health_of(&component["status_code"])?;
        for container in list(component, "containers")? {
            let own = health_of(&container["status_code"])?;
            worst = worst.max(own);
            parts.push(ProviderComponent {
                name: format!("{name} / {}", container["name"].as_str()?),
                health: own,
            });
        }
        parts.push(ProviderComponent {
            name: name.to_owned(),
            health: worst,
        });
    }
    let open = list(page, "incidents")?.iter();
    let open = open.map(|incident| {
        let messages = list(incident, "messages")?.iter();
        let newest = messages.max_by_key(|message| moment(&message["datetime"]));
        let health = newest.and_then(|message| health_of(&message["status"]));
        trouble(incident, health.unwrap_or(Health::Notice))
    });
    let planned = list(&page["maintenance"], "active")?.iter();
    let planned = planned.map(|work| trouble(work, Health::Notice));
    Some(ProviderReport {
        health,
        troubles: open.chain(planned).collect::<Option<_>>()?,
        parts,
    })
}

/// The health that a code stands for; `None` if it is no code.
fn health_of(code: &Value) -> Option<Health> {
    Some(match code.as_u64()? {
        100 => Health::Ok,
        // Maintenance, degraded performance.
        200 | 300 => Health::Notice,
        // Partial disruption, a question of security.
        400 | 600 => Health::Disrupted,
        500 => Health::Down,
        _ => Health::Unknown,
    })
}

fn trouble(incident: &Value, health: Health) -> Option<ProviderIncident> {
    let since = ["datetime_open", "datetime_planned_start"];
    let components = names(incident, "components_affected");
    let containers = names(incident, "containers_affected");
    let each = components.iter().flat_map(|component| {
        let containers = containers.iter();
        containers.map(move |container| format!("{component} / {container}"))
    });
    let each: Vec<_> = each.collect();
    Some(ProviderIncident {
        title: line(&incident["name"])?,
        health: health.max(Health::Notice),
        since: since.iter().find_map(|key| moment(&incident[*key])),
        link: None,
        parts: components.into_iter().chain(each).collect(),
    })
}
