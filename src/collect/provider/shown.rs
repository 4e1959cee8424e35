//! What becomes of a provider's page: samples for rules, news for visitors.

use crate::collect::provider::report::ProviderReport;
use crate::model::component::Health;
use crate::model::facts::provider_status::Related;
use crate::model::sample::Sample;

/// More of a provider's troubles are not shown.
const MOST_SHOWN: usize = 5;

/// Samples of a page.
pub(crate) fn samples(name: &str, report: &ProviderReport) -> Vec<Sample> {
    let provider = ("provider", name);
    let mut samples = Vec::new();
    if let Some(value) = grade(report.health) {
        samples.push(Sample::new("provider_status", [provider], value));
    }
    for part in &report.parts {
        if let Some(value) = grade(part.health) {
            let labels = [provider, ("component", &*part.name)];
            samples.push(Sample::new("provider_status", labels, value));
        }
    }
    let open = u32::try_from(report.troubles.len()).unwrap_or(u32::MAX);
    let open = f64::from(open);
    samples.push(Sample::new("provider_incidents_open", [provider], open));
    samples
}

/// What visitors may read of a page, the worst first.
pub(crate) fn related(name: &str, report: &ProviderReport) -> Vec<Related> {
    if matches!(report.health, Health::Ok | Health::Unknown) {
        return Vec::new();
    }
    let related = |title: &str, health| Related {
        provider: name.to_owned(),
        health,
        title: title.to_owned(),
        since: None,
        link: None,
    };
    if report.troubles.is_empty() {
        return vec![related("Reports a problem", report.health)];
    }
    let mut troubles: Vec<_> = report.troubles.iter().collect();
    troubles.sort_by_key(|trouble| std::cmp::Reverse(trouble.health));
    troubles
        .into_iter()
        .take(MOST_SHOWN)
        .map(|trouble| Related {
            since: trouble.since,
            link: trouble.link.clone(),
            ..related(&trouble.title, trouble.health)
        })
        .collect()
}

/// A health as a sample; what is unknown has none.
fn grade(health: Health) -> Option<f64> {
    match health {
        Health::Ok => Some(0.0),
        Health::Unknown => None,
        Health::Notice => Some(1.0),
        Health::Disrupted => Some(2.0),
        Health::Down => Some(3.0),
    }
}
