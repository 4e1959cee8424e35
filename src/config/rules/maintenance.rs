//! Planned work of the settings, read and checked.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use schemars::JsonSchema;
use serde::Deserialize;
use toml::de::DeTable;

use crate::config::reading::places::{Table, span, texts};
use crate::config::reading::reader::{TableReader, unique};
use crate::config::rules::names::component_hint;
use crate::incident::maintenance::occurrences::{Occurrence, Plan, Recurring, Times};
use crate::incident::manual::amend;
use crate::model::component::{Component, ComponentId};
use crate::model::text::shape::DurationText;
use crate::model::time::duration;
use crate::model::time::moment;

/// A `[[maintenance]]` table.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MaintenanceTable {
    /// Its name, which also identifies the incident file.
    id: String,
    /// The title for visitors.
    title: String,
    /// The text for visitors.
    text: Option<String>,
    /// The ids of the components that are affected.
    components: Vec<ComponentId>,
    /// The beginning, as in `2026-03-01 22:00`.
    from: Option<String>,
    /// The end.
    until: Option<String>,
    /// The beginnings of repeated work, as in `0 3 * * SUN`.
    cron: Option<String>,
    /// The zone of `from`, `until` and `cron`; by default the site's.
    timezone: Option<String>,
    /// The duration of each occurrence, with `cron`.
    lasts: Option<String>,
    /// How long before the beginning the page announces it.
    #[serde(
        default = "default_announce",
        deserialize_with = "duration::deserialize"
    )]
    #[schemars(with = "DurationText")]
    announce: Duration,
}

fn default_announce() -> Duration {
    Duration::from_hours(24)
}

/// Reads the planned work; times that name no zone are in the site's.
pub(crate) fn plans(
    reader: &mut TableReader,
    file: &mut DeTable<'_>,
    components: &[Component],
    site: Option<&TimeZone>,
) -> Vec<Plan> {
    let mut seen = BTreeSet::new();
    let mut plans = Vec::new();
    for table in reader.tables(file, "maintenance") {
        unique(reader, &mut seen, &table);
        check_words(reader, &table);
        check_components(reader, &table, components);
        check_zone(reader, &table);
        let Some(read) = reader.read::<MaintenanceTable>(&table) else {
            continue;
        };
        let own = read.timezone.as_ref();
        let own = own.and_then(|zone| TimeZone::get(zone).ok());
        let zone = own.or(site.cloned()).unwrap_or(TimeZone::UTC);
        let Some(times) = times(reader, &table, &read, &zone) else {
            continue;
        };
        let affected = components
            .iter()
            .filter(|one| read.components.contains(&one.id));
        plans.push(Plan {
            id: read.id,
            title: read.title,
            text: read.text,
            affected: affected.map(|one| one.name.clone()).collect(),
            times,
            announce: read.announce,
        });
    }
    plans
}

/// Texts become files: what a hand may not write, the settings may not, either.
fn check_words(reader: &mut TableReader, table: &Table<'_>) {
    for (title, span) in texts(table, "title") {
        if let Err(refusal) = amend::title(&title) {
            reader.fault(span, refusal.to_string());
        }
    }
    for (text, span) in texts(table, "text") {
        if let Err(refusal) = amend::text(&text) {
            reader.fault(span, refusal.to_string());
        }
    }
}

fn check_components(reader: &mut TableReader, table: &Table<'_>, components: &[Component]) {
    for (id, span) in texts(table, "components") {
        if !components.iter().any(|component| component.id.0 == id) {
            let hint = component_hint(&id, components);
            reader.fault(span, format!("there is no component `{id}`{hint}"));
        }
    }
    let named = table.get_ref().get("components");
    let named = named.and_then(|value| value.get_ref().as_array());
    if named.is_some_and(|ids| ids.is_empty()) {
        let message = "name the components that are worked on";
        reader.fault(span(table, "components"), message);
    }
}

fn check_zone(reader: &mut TableReader, table: &Table<'_>) {
    for (name, span) in texts(table, "timezone") {
        if TimeZone::get(&name).is_err() {
            let message = "unknown time zone; write a name as in `UTC` or `Europe/Berlin`";
            reader.fault(span, message);
        }
    }
}

/// When it takes place: from one moment until another, or by a cron expression.
fn times(
    reader: &mut TableReader,
    table: &Table<'_>,
    read: &MaintenanceTable,
    zone: &TimeZone,
) -> Option<Times> {
    match (&read.from, &read.until, &read.cron, &read.lasts) {
        (Some(from), Some(until), None, None) => {
            let from = moment(reader, table, "from", from, zone);
            let until = moment(reader, table, "until", until, zone);
            let once = Occurrence {
                from: from?,
                until: until?,
            };
            if once.until <= once.from {
                reader.fault(span(table, "until"), "it cannot end before it begins");
                return None;
            }
            Some(Times::Once(once))
        }
        (None, None, Some(cron), Some(lasts)) => {
            let lasts = duration::parse(lasts).map_err(|error| {
                reader.fault(span(table, "lasts"), error.to_string());
            });
            let recurring = Recurring::new(cron, zone.clone(), lasts.ok()?);
            recurring
                .map(Times::Recurring)
                .map_err(|fault| {
                    let key = if fault.is_about_length() {
                        "lasts"
                    } else {
                        "cron"
                    };
                    reader.fault(span(table, key), fault.to_string());
                })
                .ok()
        }
        _ => {
            let message = "say when it takes place: once with `from` and `until`, or again \
                and again with `cron` and `lasts`";
            reader.fault(span(table, "id"), message);
            None
        }
    }
}

fn moment(
    reader: &mut TableReader,
    table: &Table<'_>,
    key: &str,
    text: &str,
    zone: &TimeZone,
) -> Option<Timestamp> {
    let moment = moment::fixed(text, zone);
    if moment.is_none() {
        let message = "this is not a date and time; write it as in `2027-03-01 20:00` or \
            `2027-03-01T20:00:00Z`";
        reader.fault(span(table, key), message);
    }
    moment
}
