//! The settings: `alerts.toml` and the environment made into values, with
//! every fault told at once.

pub mod cstate;
pub mod fault;
pub mod keep;
pub mod push;
pub mod queues;
pub mod reader;
pub mod rules;
pub mod site;

mod source;

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::collect::Schedule;
use crate::collect::probe::network::{MAX_REFERENCES, NetworkSettings};
use crate::collect::target::Target;
use crate::config::cstate::site::CstateSite;
use crate::config::fault::ConfigError;
use crate::config::keep::Keep;
use crate::config::reader::{Environment, Reader, Table, is_web, place, span, texts, unique};
use crate::config::source::Sources;
use crate::evaluate::burn::Objective;
use crate::evaluate::rule::Rule;
use crate::model::component::Component;
use crate::model::finding::Finding;
use crate::notify::Channel;
use crate::web::ops::token::Key;
use crate::web::site::Names;

/// Everything that is watched, judged and told.
#[derive(Debug)]
pub struct Config {
    /// The site's own words.
    pub names: Names,
    /// How long all must be quiet before an incident is over.
    pub hold: Duration,
    /// Components in the order of the page.
    pub components: Vec<Component>,
    /// What is asked, and when.
    pub collectors: Vec<(Schedule, Target)>,
    /// Addresses that tell whether our own network is up.
    pub references: Vec<SocketAddr>,
    /// What is judged.
    pub rules: Vec<Rule>,
    /// Objectives; what can be judged of them here is among the rules.
    pub objectives: Vec<Objective>,
    /// What is no fault, but worth a look: `check` and the log tell it.
    pub findings: Vec<Finding>,
    /// What is kept, and for how long.
    pub keep: Keep,
    /// Who is told, by name.
    pub notifiers: Vec<(String, Channel)>,
    /// What who pushes heartbeats and alerts must know.
    pub key: Option<Key>,
    /// Whether incidents dated in the future are shown.
    pub build_future: bool,
    /// Where a cState site keeps its incidents.
    pub incidents: Option<PathBuf>,
}

/// What every `[[notifier]]` has.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NotifierTable {
    id: String,
}

/// The environment of this process.
#[expect(
    clippy::disallowed_methods,
    reason = "this is where the environment is read"
)]
pub fn environment() -> Environment {
    // Names that are not UTF-8 cannot be asked for in the settings.
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

/// Reads a settings file; `file` is its name in messages, `folder` where it is.
///
/// With a cState site, the file only adds to what that site says of itself.
pub fn read(
    text: &str,
    file: &str,
    folder: &Path,
    environment: Environment,
    cstate: Option<&CstateSite>,
) -> Result<Config, ConfigError> {
    let mut reader = Reader::new(environment);
    let mut table = reader.parse(text);
    // What follows broken syntax would be told as faults that are none.
    if reader.faults.is_empty() {
        reader.fill_table(&mut table, folder);
        let sources = Sources::new(&mut reader, &mut table);
        if let Some(config) = assemble(&mut reader, table, cstate, sources)
            && reader.faults.is_empty()
        {
            let findings = reader.findings(file, text);
            return Ok(Config { findings, ..config });
        }
    }
    Err(ConfigError::new(file, text, reader.faults))
}

/// Reads the site's words and its components, and nothing else of the file.
///
/// Who writes an incident by hand has neither the secrets at hand nor the time
/// to mend a rule.
pub fn read_site(
    text: &str,
    file: &str,
    folder: &Path,
    environment: Environment,
    cstate: Option<&CstateSite>,
) -> Result<(Names, Vec<Component>), ConfigError> {
    let mut reader = Reader::new(environment);
    let mut whole = reader.parse(text);
    if reader.faults.is_empty() {
        let mut table = DeTable::new();
        for name in ["site", "component"] {
            if let Some((key, value)) = whole.remove_entry(name) {
                table.insert(key, value);
            }
        }
        reader.fill_table(&mut table, folder);
        let names = site::names(&mut reader, table.remove("site"), cstate);
        let components = site::components(&mut reader, &mut table, cstate);
        if let Some((names, _)) = names
            && reader.faults.is_empty()
        {
            return Ok((names, components));
        }
    }
    Err(ConfigError::new(file, text, reader.faults))
}

/// Reads what is judged, and nothing that is asked or told.
///
/// Who tries a rule may lack the secrets of the collectors and notifiers.
pub fn read_rules(
    text: &str,
    file: &str,
    folder: &Path,
    environment: Environment,
    cstate: Option<&CstateSite>,
) -> Result<Config, ConfigError> {
    let mut reader = Reader::new(environment);
    let mut table = reader.parse(text);
    if reader.faults.is_empty() {
        for name in ["notifier", "ops"] {
            table.remove(name);
        }
        // Of collectors it matters which there are: rules name their `source`.
        for collector in table.get_mut("collector").into_iter().flat_map(each) {
            let known = ["id", "type"].map(|name| collector.remove_entry(name));
            *collector = known.into_iter().flatten().collect();
        }
        reader.fill_table(&mut table, folder);
        let sources = Sources::new(&mut reader, &mut table);
        table.remove("collector");
        if let Some(config) = assemble(&mut reader, table, cstate, sources)
            && reader.faults.is_empty()
        {
            return Ok(config);
        }
    }
    Err(ConfigError::new(file, text, reader.faults))
}

/// The tables of an array of tables, for who changes them.
fn each<'v, 't>(value: &'v mut Spanned<DeValue<'t>>) -> impl Iterator<Item = &'v mut DeTable<'t>> {
    let tables = match value.get_mut() {
        DeValue::Array(tables) => Some(tables.iter_mut()),
        _ => None,
    };
    tables
        .into_iter()
        .flatten()
        .filter_map(|table| match table.get_mut() {
            DeValue::Table(table) => Some(table),
            _ => None,
        })
}

fn assemble(
    reader: &mut Reader,
    mut file: DeTable<'_>,
    cstate: Option<&CstateSite>,
    mut sources: Sources,
) -> Option<Config> {
    let site = site::names(reader, file.remove("site"), cstate);
    let components = site::components(reader, &mut file, cstate);
    let keep = keep::read(reader, &mut file);
    let (rules, objectives) = rules::rules(reader, &mut file, &components, &mut sources);
    let references = references(reader, &mut file);
    let collectors = collectors(reader, &mut file, !references.is_empty(), &mut sources);
    let notifiers = notifiers(reader, &mut file);
    let key = push::key(reader, file.remove("ops"));
    for (key, _) in &file {
        let known = "`[site]`, `[network]`, `[[component]]`, `[[collector]]`, `[[rule]]`, \
            `[[capacity]]`, `[[notifier]]`, `[keep]` and `[ops]`";
        reader.fault(key.span(), format!("unknown section; there are {known}"));
    }
    let (names, hold) = site?;
    Some(Config {
        names,
        hold,
        components,
        collectors,
        references,
        rules,
        objectives,
        findings: Vec::new(),
        keep: keep?,
        notifiers,
        key,
        build_future: cstate.is_none_or(|site| site.build_future),
        incidents: None,
    })
}

fn collectors(
    reader: &mut Reader,
    file: &mut DeTable<'_>,
    has_references: bool,
    sources: &mut Sources,
) -> Vec<(Schedule, Target)> {
    let mut seen = BTreeSet::new();
    let mut doors = push::Seen::default();
    let mut collectors = Vec::new();
    for table in reader.tables(file, "collector") {
        unique(reader, &mut seen, &table);
        let (common, mut kind) = split(table.clone(), &["id", "interval", "timeout"]);
        if let DeValue::Table(kind) = kind.get_mut() {
            queues::by_system(reader, kind);
        }
        let schedule = reader.read::<Schedule>(&common);
        let target = read_kind::<Target>(reader, kind);
        let Some((mut schedule, mut target)) = schedule.zip(target) else {
            continue;
        };
        let (interval, timeout) = target.usual();
        let says = |key| table.get_ref().get(key).is_some();
        schedule.interval = if says("interval") {
            schedule.interval
        } else {
            interval
        };
        schedule.timeout = if says("timeout") {
            schedule.timeout
        } else {
            timeout
        };
        if let Target::Query(settings) = &mut target {
            settings.rules = sources.rules_of(&schedule.id);
            if settings.is_idle() {
                reader.fault(
                    span(&table, "type"),
                    "nothing is asked; add a `[[collector.query]]`, or name this as a rule's `source`",
                );
            }
        }
        if schedule.interval.is_zero() || schedule.timeout.is_zero() {
            reader.fault(
                span(&table, "interval"),
                "interval and timeout must be longer than zero",
            );
        }
        // An address that the environment did not fill is told already.
        let filled = texts(&table, "url").iter().all(|(url, _)| !url.is_empty());
        if let Err(failure) = target.check()
            && filled
        {
            reader.fault(span(&table, "url"), failure.to_string());
        }
        if target.reference() == Some(true) && !has_references {
            let message = "there is nobody to ask; name addresses in `[network]`";
            reader.fault(span(&table, "reference"), message);
        }
        for slip in target.slips() {
            if filled || slip.key != "url" {
                reader.fault(place(&table, &slip.key), slip.message);
            }
        }
        doors.check(reader, &target, &table);
        collectors.push((schedule, target));
    }
    collectors
}

/// The addresses of `[network]`, of which there may be none.
fn references(reader: &mut Reader, file: &mut DeTable<'_>) -> Vec<SocketAddr> {
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

fn notifiers(reader: &mut Reader, file: &mut DeTable<'_>) -> Vec<(String, Channel)> {
    let mut seen = BTreeSet::new();
    let mut notifiers = Vec::new();
    for table in reader.tables(file, "notifier") {
        unique(reader, &mut seen, &table);
        for (url, span) in texts(&table, "webhook") {
            if !is_web(&url) {
                reader.fault(span, "this is no address; a webhook opens with `https://`");
            }
        }
        let (common, kind) = split(table, &["id"]);
        let common = reader.read::<NotifierTable>(&common);
        let channel = read_kind::<Channel>(reader, kind);
        let Some((common, channel)) = common.zip(channel) else {
            continue;
        };
        notifiers.push((common.id, channel));
    }
    notifiers
}

/// Parts a table in two: the keys named, and the others.
fn split<'t>(table: Table<'t>, names: &[&str]) -> (Table<'t>, Table<'t>) {
    let span = table.span();
    let DeValue::Table(mut others) = table.into_inner() else {
        return (
            Spanned::new(span.clone(), DeValue::Table(DeTable::new())),
            Spanned::new(span, DeValue::Boolean(false)),
        );
    };
    let mut common = DeTable::new();
    for name in names {
        if let Some((key, value)) = others.remove_entry(*name) {
            common.insert(key, value);
        }
    }
    (
        Spanned::new(span.clone(), DeValue::Table(common)),
        Spanned::new(span, DeValue::Table(others)),
    )
}

/// Reads a table whose `type` says what it is.
///
/// Serde's own tagged form would lose the places of faults within the table.
fn read_kind<T: serde::de::DeserializeOwned>(reader: &mut Reader, table: Table<'_>) -> Option<T> {
    let span = table.span();
    let DeValue::Table(mut rest) = table.into_inner() else {
        return None;
    };
    let Some(kind) = rest.remove("type") else {
        reader.fault(span.start..span.start + 1, "missing key `type`");
        return None;
    };
    let Some(name) = kind.get_ref().as_str().map(str::to_owned) else {
        reader.fault(kind.span(), "`type` is a word");
        return None;
    };
    let mut wrapped = DeTable::new();
    wrapped.insert(
        Spanned::new(kind.span(), name.into()),
        Spanned::new(span.clone(), DeValue::Table(rest)),
    );
    reader.read(&Spanned::new(span, DeValue::Table(wrapped)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_comes_from_the_environment_or_a_file_and_is_never_shown() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("hook"), "http://localhost/secret\n").unwrap();
        let text = "[site]\ntitle = 'D'\n[[collector]]\nid = 'r'\ntype = 'redis'\n\
            url = 'redis://:${PASSWORD}@localhost'\n[[notifier]]\nid = 'd'\ntype = 'discord'\n\
            webhook_file = 'hook'\n";
        let environment = [("PASSWORD".to_owned(), "hidden".to_owned())].into();
        let config = read(text, "alerts.toml", folder.path(), environment, None).unwrap();
        let shown = format!("{config:?}");
        assert!(
            !shown.contains("hidden") && !shown.contains("localhost/secret"),
            "{shown}"
        );
    }
}
