//! The settings: `alerts.toml` and the environment made into values, with
//! every fault told at once.

pub mod collectors;
pub mod cstate;
pub(crate) mod git;
pub mod keep;
pub(crate) mod lease;
pub(crate) mod mail;
pub mod notifiers;
pub(crate) mod ops;
pub(crate) mod presets;
pub mod reading;
pub mod rules;
pub mod schema;
pub mod site;

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::collect::schedule::Schedule;
use crate::collect::target::Target;
use crate::config::collectors::push;
use crate::config::collectors::table::Reach;
use crate::config::cstate::site::CstateSite;
use crate::config::keep::Keep;
use crate::config::reading::blank::Blanked;
use crate::config::reading::fault::ConfigError;
use crate::config::reading::reader::{Environment, TableReader};
use crate::config::rules::backlogs;
use crate::config::rules::charts;
use crate::config::rules::maintenance;
use crate::config::rules::source::Sources;
use crate::config::site::SiteSettings;
use crate::evaluate::backlog::WatchedBacklog;
use crate::evaluate::charted::Published;
use crate::evaluate::rules::burn::Objective;
use crate::evaluate::rules::rule::Rule;
use crate::git::settings::GitSettings;
use crate::incident::maintenance::occurrences::Plan;
use crate::lease::settings::LeaseSettings;
use crate::model::component::Component;
use crate::model::finding::Finding;
use crate::model::sample::{CollectorId, Expected};
use crate::model::text::nearest::hint;
use crate::notify::mail::smtp::settings::MailSettings;
use crate::notify::notifier::NotifierSettings;
use crate::web::ops::access::settings::AccessSettings;
use crate::web::serving::connections::visitor::Proxies;
use crate::web::site::Names;

/// The sections of a settings file.
const SECTIONS: [&str; 19] = [
    "use",
    "source",
    "preset",
    "site",
    "network",
    "component",
    "collector",
    "rule",
    "backlog",
    "capacity",
    "figure",
    "maintenance",
    "notifier",
    "mail",
    "keep",
    "git",
    "lease",
    "ops",
    "push",
];

/// Everything that is watched, judged and told.
#[derive(Debug)]
pub struct Config {
    /// The site's own words.
    pub names: Names,
    /// How long all must be quiet before an incident is over.
    pub(crate) hold: Duration,
    /// Proxies that are believed to say who asks.
    pub(crate) proxies: Proxies,
    /// Components in the order of the page.
    pub components: Vec<Component>,
    /// What is asked, and when.
    pub collectors: Vec<(Schedule, Target)>,
    /// Addresses that tell whether our own network is up.
    pub(crate) references: Vec<SocketAddr>,
    /// What is judged.
    pub rules: Vec<Rule>,
    /// What is watched for waiting work.
    pub(crate) backlogs: Vec<WatchedBacklog>,
    /// Objectives; what can be judged of them here is among the rules.
    pub(crate) objectives: Vec<Objective>,
    /// What is published in charts.
    pub(crate) published: Vec<Published>,
    /// What is no fault, but worth a look: `check` and the log tell it.
    pub findings: Vec<Finding>,
    /// The text of the file, without anything that may be a secret.
    pub(crate) shown: String,
    /// Retention of history.
    pub keep: Keep,
    /// Maintenance that is planned.
    pub(crate) plans: Vec<Plan>,
    /// Who is told, by name.
    pub notifiers: Vec<NotifierSettings>,
    /// The relay for mails.
    pub mail: Option<MailSettings>,
    /// Access to the operators' listener.
    pub(crate) access: AccessSettings,
    /// Where is pushed from outside, if anywhere.
    pub push_listen: Option<SocketAddr>,
    /// The repository of the incidents.
    pub(crate) git: Option<GitSettings>,
    /// Decides which of several monitors is active.
    pub(crate) lease: Option<LeaseSettings>,
    /// Whether incidents dated in the future are shown.
    pub(crate) build_future: bool,
    /// Where a cState site keeps its incidents.
    pub(crate) incidents: Option<PathBuf>,
}

impl Config {
    /// Those that will bring samples, and what they may bring.
    pub(crate) fn expected(&self) -> Vec<Expected> {
        let collectors = self.collectors.iter();
        let expected = collectors.map(|(schedule, target)| Expected {
            collector: CollectorId(schedule.id.clone()),
            brings: target.brings(),
        });
        expected.collect()
    }

    /// The collectors that have a faster pace.
    pub(crate) fn hurriable(&self) -> BTreeSet<CollectorId> {
        let schedules = self.collectors.iter().map(|(schedule, _)| schedule);
        let fast = schedules.filter(|schedule| schedule.fast.is_some());
        fast.map(|schedule| CollectorId(schedule.id.clone()))
            .collect()
    }
}

/// The environment of this process.
#[expect(
    clippy::disallowed_methods,
    reason = "this is where the environment is read"
)]
pub(crate) fn environment() -> Environment {
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
    let reader = TableReader::new(environment);
    read_by(reader, text, file, folder, cstate)
}

/// The same where secrets are absent: that a variable or a file of a secret is
/// missing is no fault, and all else is checked.
pub(crate) fn read_without_secrets(
    text: &str,
    file: &str,
    folder: &Path,
    environment: Environment,
    cstate: Option<&CstateSite>,
) -> Result<Config, ConfigError> {
    let reader = TableReader::new(environment).without_secrets();
    read_by(reader, text, file, folder, cstate)
}

fn read_by(
    mut reader: TableReader,
    text: &str,
    file: &str,
    folder: &Path,
    cstate: Option<&CstateSite>,
) -> Result<Config, ConfigError> {
    let mut table = reader.parse(text);
    // What follows broken syntax would be told as faults that are none.
    if reader.faults.is_empty() {
        reader.fill_table(&mut table, folder);
        presets::merge::add(&mut reader, &mut table, systems(cstate), true);
        let sources = Sources::new(&mut reader, &mut table);
        if let Some(config) = assemble(&mut reader, table, cstate, sources)
            && reader.faults.is_empty()
        {
            let shown = Blanked::new(text, Vec::new()).without_comments();
            let findings = reader.findings(file, text);
            return Ok(Config {
                findings,
                shown,
                ..config
            });
        }
    }
    Err(reader.failed(file, text))
}

/// Reads the site's words and its components, and nothing else of the file.
///
/// Who writes an incident by hand has neither the secrets at hand nor the time
/// to mend a rule.
pub(crate) fn read_site(
    text: &str,
    file: &str,
    folder: &Path,
    environment: Environment,
    cstate: Option<&CstateSite>,
) -> Result<(Names, Vec<Component>), ConfigError> {
    let mut reader = TableReader::new(environment);
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
        if let Some(SiteSettings { names, .. }) = names
            && reader.faults.is_empty()
        {
            return Ok((names, components));
        }
    }
    Err(reader.failed(file, text))
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
    let mut reader = TableReader::new(environment);
    let mut table = reader.parse(text);
    if reader.faults.is_empty() {
        for name in ["notifier", "mail", "git", "lease", "ops"] {
            table.remove(name);
        }
        // Of collectors it matters which there are: rules name their `source`.
        for collector in table.get_mut("collector").into_iter().flat_map(each) {
            let known = ["id", "type", "concerns"].map(|name| collector.remove_entry(name));
            *collector = known.into_iter().flatten().collect();
        }
        reader.fill_table(&mut table, folder);
        presets::merge::add(&mut reader, &mut table, systems(cstate), false);
        let sources = Sources::new(&mut reader, &mut table);
        table.remove("collector");
        if let Some(config) = assemble(&mut reader, table, cstate, sources)
            && reader.faults.is_empty()
        {
            return Ok(config);
        }
    }
    Err(reader.failed(file, text))
}

/// The components that a cState site has by itself.
fn systems(cstate: Option<&CstateSite>) -> &[Component] {
    cstate.map_or(&[], |site| &site.components)
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
    reader: &mut TableReader,
    mut file: DeTable<'_>,
    cstate: Option<&CstateSite>,
    mut sources: Sources,
) -> Option<Config> {
    let site = site::names(reader, file.remove("site"), cstate);
    let components = site::components(reader, &mut file, cstate);
    let zone = site.as_ref().map(|site| &site.names.zone);
    let plans = maintenance::plans(reader, &mut file, &components, zone);
    let keep = keep::read(reader, &mut file);
    let (rules, objectives) = rules::table::rules(reader, &mut file, &components, &mut sources);
    let backlogs = backlogs::backlogs(reader, &mut file, &components, &sources);
    let published = charts::published(reader, &mut file, &components);
    let references = collectors::table::references(reader, &mut file);
    let reach = Reach {
        has_references: !references.is_empty(),
        has_push: file.contains_key("push"),
    };
    let collectors =
        collectors::table::collectors(reader, &mut file, &components, reach, &mut sources);
    let has_mail = file.contains_key("mail");
    let mail = mail::mail(reader, &mut file);
    let has_url = site.as_ref().is_some_and(|site| site.names.url.is_some());
    let notifiers = notifiers::notifiers(reader, &mut file, &components, (has_mail, has_url));
    let git = git::git(reader, file.remove("git"), cstate.is_none());
    let lease = lease::lease(reader, file.remove("lease"), &notifiers, &collectors);
    let access = ops::ops(reader, file.remove("ops"));
    let push_listen = push::outside(reader, &mut file);
    refuse_unknown(reader, &file);
    let SiteSettings {
        names,
        hold,
        proxies,
    } = site?;
    let has_subscribers = notifiers.iter().any(NotifierSettings::has_subscribers);
    let names = if has_subscribers {
        names.with_subscriptions(mail.as_ref().map(|mail| mail.limits).unwrap_or_default())
    } else {
        names
    };
    Some(Config {
        names,
        hold,
        proxies,
        components,
        collectors,
        references,
        rules,
        backlogs,
        objectives,
        published,
        findings: Vec::new(),
        shown: String::new(),
        keep: keep?,
        plans,
        notifiers,
        mail,
        access,
        push_listen,
        git,
        lease,
        build_future: cstate.is_none_or(|site| site.build_future),
        incidents: None,
    })
}

/// Notes a fault for each section that is left, which nobody knows.
fn refuse_unknown(reader: &mut TableReader, file: &DeTable<'_>) {
    for (key, _) in file {
        let known = "`[site]`, `[network]`, `[[component]]`, `[[collector]]`, `[[rule]]`, \
            `[[backlog]]`, `[[capacity]]`, `[[figure]]`, `[[maintenance]]`, `[[notifier]]`, `[mail]`, `[keep]`, `[git]`, `[lease]`, `[ops]` and `[push]`";
        let hint = hint(key.get_ref(), SECTIONS);
        let message = format!("unknown section; there are {known}{hint}");
        reader.fault(key.span(), message);
    }
}

#[cfg(test)]
mod tests;
