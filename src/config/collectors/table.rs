//! Collectors and the addresses of `[network]`, read and checked.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::time::Duration;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::collect::probe::network::{MAX_REFERENCES, NetworkSettings};
use crate::collect::schedule::Schedule;
use crate::collect::target::Target;
use crate::config::collectors::{push, queues};
use crate::config::reading::kind::{read_kind, split};
use crate::config::reading::places::{place, span};
use crate::config::reading::reader::{TableReader, unique};
use crate::config::rules::source::Sources;
use crate::model::component::Component;
use crate::model::time::duration;

/// The keys that every collector has.
const COMMON: [&str; 5] = ["id", "interval", "fast", "timeout", "concerns"];

/// What else the settings have that collectors may need.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reach {
    /// Addresses that tell whether our own network is up.
    pub(crate) has_references: bool,
    /// A listener for pushes from outside.
    pub(crate) has_push: bool,
}

/// Reads the collectors; what several keys together get wrong is told as well.
pub(crate) fn collectors(
    reader: &mut TableReader,
    file: &mut DeTable<'_>,
    components: &[Component],
    reach: Reach,
    sources: &mut Sources,
) -> Vec<(Schedule, Target)> {
    let mut seen = BTreeSet::new();
    let mut entries = push::TakenEntries::default();
    let mut collectors = Vec::new();
    for table in reader.tables(file, "collector") {
        unique(reader, &mut seen, &table);
        let (common, mut kind) = split(table.clone(), &COMMON);
        if let DeValue::Table(kind) = kind.get_mut() {
            queues::by_system(reader, kind);
        }
        let schedule = reader.read::<Schedule>(&common);
        let target = read_kind::<Target>(reader, kind, &COMMON);
        let Some((mut schedule, mut target)) = schedule.zip(target) else {
            continue;
        };
        let (interval, timeout) = target.usual();
        let says = |key| table.get_ref().get(key).is_some();
        if !says("interval") {
            schedule.interval = interval;
        }
        if !says("timeout") {
            schedule.timeout = timeout;
        }
        if let Target::Query(settings) = &mut target {
            settings.rules = sources.rules_of(&schedule.id);
            if settings.is_idle() {
                reader.fault(
                    span(&table, "type"),
                    "nothing is asked; add a `[[collector.query]]`, or name this as a rule's `source`",
                );
            }
        }
        check_components(reader, &schedule, components, &table);
        if schedule.interval.is_zero() || schedule.timeout.is_zero() {
            reader.fault(
                span(&table, "interval"),
                "interval and timeout must be longer than zero",
            );
        }
        if let Some(why) = pace_fault(&schedule, &target) {
            reader.fault(span(&table, "fast"), why);
        }
        if target.reference() == Some(true) && !reach.has_references {
            let message = "there is nobody to ask; name addresses in `[network]`";
            reader.fault(span(&table, "reference"), message);
        }
        for fault in target.faults() {
            reader.fault(place(&table, &fault.key), fault.message);
        }
        entries.check(reader, &target, &table);
        push::check_reachable(reader, &target, &table, reach.has_push);
        collectors.push((schedule, target));
    }
    collectors
}

/// The shortest time between two looks of the faster pace.
const SHORTEST_FAST: Duration = Duration::from_millis(100);

/// Why a faster pace makes no sense.
fn pace_fault(schedule: &Schedule, target: &Target) -> Option<String> {
    let fast = schedule.fast?;
    if target.is_pushed() {
        Some("nothing is asked here, so there is no faster pace; leave `fast` out".to_owned())
    } else if fast >= schedule.interval {
        let interval = duration::print(schedule.interval);
        Some(format!(
            "the faster pace must be shorter than the interval, which is {interval}"
        ))
    } else if fast < SHORTEST_FAST {
        Some("nothing is asked more often than each 100ms".to_owned())
    } else {
        None
    }
}

/// Tells components that a collector concerns and that are none.
fn check_components(
    reader: &mut TableReader,
    schedule: &Schedule,
    components: &[Component],
    table: &Spanned<DeValue<'_>>,
) {
    for id in &schedule.concerns {
        if !components.iter().any(|component| component.id == *id) {
            reader.fault(
                span(table, "concerns"),
                format!("there is no component `{id}`"),
            );
        }
    }
}

/// The addresses of `[network]`, of which there may be none.
pub(crate) fn references(reader: &mut TableReader, file: &mut DeTable<'_>) -> Vec<SocketAddr> {
    let Some(table) = file.remove("network") else {
        return Vec::new();
    };
    let settings = reader.read::<NetworkSettings>(&table);
    if settings.as_ref().is_some_and(|settings| !settings.is_fit()) {
        let message = format!("name 1 to {MAX_REFERENCES} addresses");
        reader.fault(span(&table, "reference"), message);
    }
    settings
        .map(|settings| settings.reference)
        .unwrap_or_default()
}
