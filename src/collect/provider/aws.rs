//! The public events of AWS, narrowed to a region.

use serde_json::Value;

use crate::collect::provider::report::{Filter, Report, Trouble, line, moment};
use crate::model::component::Health;

/// Reads `/public/currentevents`: all that is going on anywhere.
///
/// Nobody documents its numbers; they are read as several others do.
pub(crate) fn read(page: &Value, filter: &Filter) -> Option<Report> {
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
        troubles.push(Trouble {
            title: line(&event["summary"])?,
            health,
            since: moment(&event["date"]),
            link: Some("https://health.aws.amazon.com/health/status".to_owned()),
            parts: Vec::new(),
        });
    }
    Some(Report {
        health: Health::Ok,
        parts: Vec::new(),
        troubles,
    })
}

/// A number, in quotes or not.
fn status(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}
