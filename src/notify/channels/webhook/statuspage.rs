//! What Statuspage posts to the webhooks of its subscribers, for receivers that read that.
//!
//! It tells of incidents. Statuspage's message about a component alone has no
//! counterpart: a component changes by an incident, which names it.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::model::component::Severity;
use crate::model::incident::Phase;
use crate::notify::message::announcement::{Announcement, Entry};
use crate::notify::message::stage::Stage;
use crate::notify::message::topic::Kind;
use crate::notify::texts::text::cut;

/// Statuspage's own description of this message.
const DOCUMENTATION: &str =
    "https://support.atlassian.com/statuspage/docs/enable-webhook-notifications/";

/// Statuspage's limits of a name, and ours of a text.
const MAX_NAME: usize = 255;
const MAX_BODY: usize = 1_000;

/// The message in Statuspage's form.
pub(crate) fn payload(message: &Announcement, now: Timestamp) -> Value {
    let began = message.began.map_or(now, |began| began.at);
    let newest = message.updates.iter().find_map(|entry| entry.at);
    let changed = newest.unwrap_or(began).max(began.min(now));
    let ended = message.ended.map(|ended| ended.at);
    let is_work = message.kind == Kind::Maintenance;
    let (indicator, description) = page_status(message);
    let oldest_first = message.updates.iter().rev();
    let monitored = oldest_first
        .filter(|entry| entry.phase == Some(Phase::Monitoring))
        .find_map(|entry| entry.at);
    let updates = message.updates.iter();
    let updates = updates.map(|entry| update(message, entry, changed));
    let updates: Vec<_> = updates.collect();
    let names = message.affected.iter();
    let components = names.map(|name| json!({ "name": name, "status": component(indicator) }));
    let components: Vec<_> = components.collect();
    json!({
        "meta": { "unsubscribe": message.url, "documentation": DOCUMENTATION },
        "page": {
            "id": host(message),
            "status_indicator": indicator,
            "status_description": description,
        },
        "incident": {
            "id": message.name,
            "name": cut(&message.title, MAX_NAME, |_| 1),
            "status": status(message),
            "impact": impact(message),
            "impact_override": null,
            "backfilled": false,
            "created_at": began.min(changed),
            "updated_at": changed,
            "monitoring_at": monitored,
            "resolved_at": ended.filter(|_| message.is_over()),
            "scheduled_for": is_work.then_some(began),
            "scheduled_until": ended.filter(|_| is_work),
            "shortlink": message.url,
            "components": components,
            "incident_updates": updates,
        },
    })
}

/// One of its updates.
fn update(message: &Announcement, entry: &Entry, changed: Timestamp) -> Value {
    let at = entry.at.unwrap_or(changed);
    json!({
        "id": format!("{}-{}", message.name, at.as_millisecond()),
        "incident_id": message.name,
        "status": entry.phase.map_or_else(|| status(message), word),
        "body": cut(&entry.text, MAX_BODY, |_| 1),
        "created_at": at,
        "updated_at": at,
        "display_at": at,
    })
}

/// How far it has come, in Statuspage's words.
fn status(message: &Announcement) -> &'static str {
    let newest = message.updates.iter().find_map(|entry| entry.phase);
    match message.stage {
        Stage::Scheduled => "scheduled",
        Stage::Begun => "in_progress",
        Stage::Completed | Stage::Cancelled => "completed",
        Stage::Over => "resolved",
        Stage::Open if message.withdrawn => "resolved",
        Stage::Open => newest
            .filter(|phase| *phase != Phase::Resolved)
            .map_or("investigating", word),
    }
}

fn word(phase: Phase) -> &'static str {
    match phase {
        Phase::Investigating => "investigating",
        Phase::Identified => "identified",
        Phase::Monitoring => "monitoring",
        Phase::Resolved => "resolved",
    }
}

fn impact(message: &Announcement) -> &'static str {
    match (message.kind, message.severity) {
        _ if message.withdrawn => "none",
        (Kind::Maintenance, _) => "maintenance",
        (_, Severity::Down) => "critical",
        (_, Severity::Disrupted) => "major",
        (_, Severity::Notice) => "minor",
    }
}

/// The state of the page by this message alone; another incident may be open.
fn page_status(message: &Announcement) -> (&'static str, &'static str) {
    let is_felt = message.stage != Stage::Scheduled && !message.is_over();
    let impact = if is_felt { impact(message) } else { "none" };
    let description = match impact {
        "critical" => "Major Service Outage",
        "major" => "Partial System Outage",
        "minor" => "Minor Service Outage",
        "maintenance" => "Service Under Maintenance",
        _ => "All Systems Operational",
    };
    (impact, description)
}

/// The state of its components, which follows from that of the page.
fn component(indicator: &str) -> &'static str {
    match indicator {
        "critical" => "major_outage",
        "major" => "partial_outage",
        "minor" => "degraded_performance",
        "maintenance" => "under_maintenance",
        _ => "operational",
    }
}

/// The page's host, by which receivers of several pages tell them apart.
fn host(message: &Announcement) -> Option<String> {
    let url = reqwest::Url::parse(message.url.as_deref()?).ok()?;
    url.host_str().map(str::to_owned)
}
