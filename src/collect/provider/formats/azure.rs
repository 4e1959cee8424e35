//! Azure's feed of what goes on.

use serde_json::Value;

use crate::collect::provider::formats::feed::{RssFeed, RssItem};
use crate::collect::provider::report::{Filter, ProviderIncident, ProviderReport, line, link};
use crate::model::component::Health;

/// Words that end an item whatever else it says.
const OVER: [&str; 4] = ["resolved", "mitigated", "post incident review", "rca"];

/// Words for every region.
const EVERYWHERE: [&str; 3] = ["global", "multiple regions", "all regions"];

/// Reads `/en-us/status/feed/`: it is empty while all is well.
///
/// It has no severities, and names regions and services in prose only.
pub(crate) fn read(feed: &RssFeed, filter: &Filter) -> Option<ProviderReport> {
    if !feed.title.contains("Azure") {
        return None;
    }
    let mut troubles = Vec::new();
    for item in feed.items.iter().filter(|item| !is_over(item)) {
        let words = format!("{} {} {}", item.title, item.categories.join(" "), item.text);
        let words = words.to_lowercase();
        let region = filter.region.as_ref().map(|region| region.to_lowercase());
        let near = region.is_none_or(|region| words.contains(&region));
        let near = near
            || EVERYWHERE
                .iter()
                .any(|everywhere| words.contains(everywhere));
        if !near || !filter.wants_service([&*words].into_iter()) {
            continue;
        }
        troubles.push(ProviderIncident {
            title: line(&Value::from(&*item.title))?,
            // What is open is something to know; how bad it is, it does not say.
            health: Health::Notice,
            since: item.published,
            link: link(&Value::from(&*item.link)),
            parts: Vec::new(),
        });
    }
    Some(ProviderReport {
        health: Health::Ok,
        parts: Vec::new(),
        troubles,
    })
}

fn is_over(item: &RssItem) -> bool {
    let title = item.title.to_lowercase();
    let mut words = title.split(|c: char| !c.is_alphanumeric() && c != ' ');
    words.any(|part| OVER.iter().any(|over| part.trim() == *over))
}
