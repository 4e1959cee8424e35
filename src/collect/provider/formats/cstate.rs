//! Pages of cState, and our own.

use serde_json::Value;

use crate::collect::provider::report::{
    ProviderComponent, ProviderIncident, ProviderReport, line, link, list, moment,
};
use crate::model::component::Health;

/// Reads `/index.json`; its templates write texts where others write flags.
pub(crate) fn read(page: &Value) -> Option<ProviderReport> {
    let health = health_of(page["summaryStatus"].as_str()?)?;
    let mut parts = Vec::new();
    let mut troubles: Vec<ProviderIncident> = Vec::new();
    for system in page["systems"].as_array()? {
        let name = system["name"].as_str()?.to_owned();
        parts.push(ProviderComponent {
            name: name.clone(),
            health: health_of(system["status"].as_str()?)?,
        });
        for issue in list(system, "unresolvedIssues")? {
            let trouble = trouble(issue)?;
            let known = troubles
                .iter_mut()
                .find(|known| (&known.title, known.since) == (&trouble.title, trouble.since));
            match known {
                Some(known) => known.parts.push(name.clone()),
                None => troubles.push(ProviderIncident {
                    parts: vec![name.clone()],
                    ..trouble
                }),
            }
        }
    }
    Some(ProviderReport {
        health,
        parts,
        troubles,
    })
}

fn health_of(word: &str) -> Option<Health> {
    Health::from_word(word)
}

fn trouble(issue: &Value) -> Option<ProviderIncident> {
    let severity = issue["severity"].as_str().and_then(health_of);
    Some(ProviderIncident {
        title: line(&issue["title"])?,
        health: severity.unwrap_or(Health::Notice).max(Health::Notice),
        since: moment(&issue["createdAt"]),
        link: link(&issue["permalink"]),
        parts: Vec::new(),
    })
}
