//! The public events and the feeds of AWS, narrowed to a region.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::collect::provider::formats::feed::{RssFeed, RssItem};
use crate::collect::provider::report::{Filter, ProviderIncident, ProviderReport, line, moment};
use crate::model::component::Health;

/// Reads `/public/currentevents`: all that is going on anywhere.
///
/// Nobody documents its numbers; they are read as several others do.
pub(crate) fn read(page: &Value, filter: &Filter) -> Option<ProviderReport> {
    let mut troubles = Vec::new();
    for event in page.as_array()? {
        // arn:aws:health:<region>::event/…
        let arn = event["arn"].as_str()?;
        let region = arn.split(':').nth(3)?;
        let impacted = event["impacted_services"].as_object();
        let impacted = impacted.into_iter().flat_map(|services| services.keys());
        let names = [&event["service"], &event["service_name"]];
        let names = names.into_iter().filter_map(Value::as_str);
        if !filter.wants_region([region].into_iter())
            || !filter.wants_service(names.chain(impacted.map(String::as_str)))
        {
            continue;
        }
        let health = match status(&event["status"])? {
            0 => continue,
            1 => Health::Notice,
            2 => Health::Disrupted,
            3 => Health::Down,
            _ => return None,
        };
        troubles.push(ProviderIncident {
            title: line(&event["summary"])?,
            health,
            since: moment(&event["date"]),
            link: Some("https://health.aws.amazon.com/health/status".to_owned()),
            parts: Vec::new(),
        });
    }
    Some(ProviderReport {
        health: Health::Ok,
        parts: Vec::new(),
        troubles,
    })
}

/// A number, in quotes or not.
fn status(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

/// Reads a feed such as `/rss/elasticache-eu-west-1.rss` or `/rss/all.rss`.
///
/// It is a history: of each service in each region the newest item counts, and
/// how that is stands in its title alone.
pub(crate) fn read_feed(feed: &RssFeed, filter: &Filter) -> Option<ProviderReport> {
    if !feed.title.contains("Amazon") && !feed.title.contains("AWS") {
        return None;
    }
    let mut newest: BTreeMap<&str, &RssItem> = BTreeMap::new();
    for item in &feed.items {
        let subject = subject(item);
        let known = newest.entry(subject).or_insert(item);
        if item.published > known.published {
            *known = item;
        }
    }
    let mut troubles = Vec::new();
    for (subject, item) in newest {
        let region = region(subject).unwrap_or("global");
        let names = [subject, &feed.title, &item.title];
        if !filter.wants_region([region].into_iter()) || !filter.wants_service(names.into_iter()) {
            continue;
        }
        let Some(health) = state(&item.title) else {
            continue;
        };
        troubles.push(ProviderIncident {
            title: line(&Value::from(&*item.title))?,
            health,
            since: item.published,
            link: Some("https://health.aws.amazon.com/health/status".to_owned()),
            parts: Vec::new(),
        });
    }
    Some(ProviderReport {
        health: Health::Ok,
        parts: Vec::new(),
        troubles,
    })
}

/// What an item is about: `…#elasticache-eu-west-1_1772359200` names it.
fn subject(item: &RssItem) -> &str {
    let named = item.id.rsplit_once('#').map(|(_, rest)| rest);
    let subject = named.and_then(|rest| rest.rsplit_once('_'));
    subject.map_or("", |(subject, _)| subject)
}

/// The region at the end of a subject: two letters, then words, then a number.
fn region(subject: &str) -> Option<&str> {
    let last = subject.rsplit('-').next()?;
    if last.is_empty() || !last.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let mut at = 0;
    for part in subject.split('-') {
        if part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_lowercase()) {
            return subject.get(at..);
        }
        at += part.len() + 1;
    }
    None
}

/// How bad a title is; none if it is over.
fn state(title: &str) -> Option<Health> {
    let title = title.to_lowercase();
    let begins = |words: &[&str]| words.iter().any(|word| title.starts_with(word));
    if title.contains("[resolved]") || begins(&["service is operating normally"]) {
        None
    } else if begins(&["service disruption"]) {
        Some(Health::Down)
    } else if begins(&[
        "service impact",
        "service degradation",
        "performance issues",
    ]) {
        Some(Health::Disrupted)
    } else {
        Some(Health::Notice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_ends_what_an_item_is_about() {
        for (subject, expected) in [
            ("elasticache-eu-west-1", Some("eu-west-1")),
            ("ec2-us-gov-west-1", Some("us-gov-west-1")),
            ("route53", None),
            ("s3-us-standard", None),
            ("", None),
        ] {
            assert_eq!(region(subject), expected, "{subject}");
        }
    }
}
