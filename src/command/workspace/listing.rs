//! Incidents and maintenance as rows, as one page, and as JSON.

use std::sync::Arc;

use clap::Args;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use crate::command::terminal::input::OutputFormat;
use crate::command::terminal::output::{plain, print, print_json, table};
use crate::command::workspace::folder::Workspace;
use crate::command::workspace::settings::Files;
use crate::config::reading::reader::Environment;
use crate::incident::maintenance::progress;
use crate::model::incident::Incident;
use crate::model::time::date;
use crate::model::time::duration::short;
use crate::model::verdict::RuleId;

/// Arguments of a list.
#[derive(Debug, Args)]
pub struct ListIncidents {
    #[command(flatten)]
    files: Files,
    /// Include past ones
    #[arg(long)]
    all: bool,
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    format: OutputFormat,
}

/// What is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListedKind {
    /// What is no planned work.
    Incidents,
    /// Planned work.
    Maintenance,
}

impl ListedKind {
    /// Whether an incident is of this kind.
    fn has(self, incident: &Incident, now: Timestamp) -> bool {
        let is_planned = progress::stage(incident, now).is_some();
        is_planned == (self == Self::Maintenance)
    }
}

impl ListIncidents {
    /// Prints those of a kind, and open unless all are wanted.
    pub async fn run(self, environment: Environment, kind: ListedKind) -> anyhow::Result<()> {
        let desk = Workspace::open(&self.files, environment).await?;
        let now = Workspace::now();
        let mut listed: Vec<Arc<Incident>> = desk.incidents();
        listed.retain(|one| kind.has(one, now) && (self.all || is_open(one)));
        newest_first(&mut listed);
        desk.tell_faults();
        match self.format {
            OutputFormat::Json => {
                let row = |one: &Arc<Incident>| row_json(one, &desk.path(&one.name), now);
                print_json(&listed.iter().map(row).collect::<Vec<_>>())
            }
            OutputFormat::Text if listed.is_empty() => print("none"),
            OutputFormat::Text => print(&rows(&listed, kind, now, &desk.zone)),
        }
    }
}

/// Where an incident or maintenance stands, as a sign and a word.
fn state(incident: &Incident, now: Timestamp) -> (&'static str, &'static str) {
    if let Some(stage) = progress::stage(incident, now) {
        let sign = if stage.is_open() { "◆" } else { "✓" };
        return (sign, stage.word());
    }
    match incident.resolved {
        Some(true) if fires_on(incident) => ("▲", "over, still firing"),
        Some(true) => ("✓", "over"),
        Some(false) if incident.draft => ("○", "draft"),
        Some(false) => ("●", "open"),
        // cState counts such a file neither way.
        None => ("?", "neither"),
    }
}

/// Whether there is something left to do about it, or to know: that a rule
/// fires on though a person called it over.
fn is_open(incident: &Incident) -> bool {
    incident.is_issue && (incident.resolved == Some(false) || fires_on(incident))
}

fn fires_on(incident: &Incident) -> bool {
    incident.resolved == Some(true) && !incident.managed.overruled.is_empty()
}

/// The newest first, as on the page.
fn newest_first<I: AsRef<Incident>>(incidents: &mut [I]) {
    incidents.sort_by_key(|incident| std::cmp::Reverse(incident.as_ref().date));
}

/// A line for each, under a head.
fn rows<I: AsRef<Incident>>(
    incidents: &[I],
    kind: ListedKind,
    now: Timestamp,
    zone: &TimeZone,
) -> String {
    let head: &[&str] = match kind {
        ListedKind::Incidents => &["STATE", "SEVERITY", "SINCE", "ID", "TITLE", "AFFECTED"],
        ListedKind::Maintenance => &["STATE", "FROM", "UNTIL", "ID", "TITLE", "AFFECTED"],
    };
    let mut rows = vec![head.iter().map(|&name| name.to_owned()).collect()];
    rows.extend(incidents.iter().map(AsRef::as_ref).map(|incident| {
        let (sign, word) = state(incident, now);
        let begins = minute(incident.date, incident.days.began, zone);
        let (first, second) = match kind {
            ListedKind::Incidents => (severity(incident).to_owned(), begins),
            ListedKind::Maintenance => {
                let ends = minute(incident.resolved_when, incident.days.ended, zone);
                (begins, ends)
            }
        };
        vec![
            format!("{sign} {word}"),
            first,
            second,
            incident.id.0.clone(),
            incident.title.clone(),
            incident.affected.join(", "),
        ]
    }));
    table(&rows)
}

/// Everything that a file says.
pub fn page(incident: &Incident, path: &str, now: Timestamp, zone: &TimeZone) -> String {
    let (sign, word) = state(incident, now);
    let date = |at: Option<Timestamp>, day: Option<Date>| second(at, day, zone);
    let days = incident.days;
    let end = incident
        .resolved_when
        .filter(|end| Some(*end) >= incident.date);
    let mut facts = vec![
        ("id", incident.id.0.clone()),
        ("title", incident.title.clone()),
        ("state", format!("{sign} {word}")),
        ("severity", severity(incident).to_owned()),
        ("affected", incident.affected.join(", ")),
        ("since", date(incident.date, days.began)),
    ];
    let rfc3339 = incident.resolved == Some(true) || word != "open";
    if let Some(end) = end.filter(|_| rfc3339 && incident.date.is_some()) {
        let lasted = incident
            .lasted()
            .map(|lasted| format!(" ({})", short(lasted)));
        let until = date(Some(end), days.ended);
        facts.push(("until", until + lasted.as_deref().unwrap_or_default()));
    }
    if incident.is_waiting_draft() {
        let way = format!(
            "to be published: critwatch incident publish {}",
            incident.id
        );
        facts.push(("waits", way));
    }
    for (name, rules) in [
        ("rules", &incident.managed.rules),
        ("fires on", &incident.managed.overruled),
    ] {
        if !rules.is_empty() {
            facts.push((name, ids(rules).join(", ")));
        }
    }
    facts.push(("file", path.to_owned()));
    let row = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect();
    let facts: Vec<Vec<String>> = facts
        .iter()
        .map(|(name, value)| row(&[name, value]))
        .collect();
    let timeline: Vec<Vec<String>> = incident
        .updates
        .iter()
        .map(|update| row(&[&date(update.at, update.day), &update.word, &update.text]))
        .collect();
    let mut page = table(&facts);
    if !timeline.is_empty() {
        page.extend(["\n\n", &table(&timeline)]);
    }
    if !incident.body.trim().is_empty() {
        page.extend(["\n\n", plain(&incident.body).trim()]);
    }
    page
}

/// What a row says, for programs.
fn row_json(incident: &Incident, path: &str, now: Timestamp) -> Value {
    json!({
        "id": incident.id.0,
        "file": path,
        "state": if fires_on(incident) { "over" } else { state(incident, now).1 },
        "draft": incident.draft,
        "severity": incident.severity,
        "date": date::rfc3339(incident.date, incident.days.began),
        "resolvedWhen": date::rfc3339(incident.resolved_when, incident.days.ended),
        "title": incident.title,
        "affected": incident.affected,
        "muted": ids(&incident.managed.overruled),
    })
}

/// What a page says, for programs.
pub fn page_json(incident: &Incident, path: &str, now: Timestamp) -> Value {
    let mut page = row_json(incident, path, now);
    let updates = incident.updates.iter().map(|update| {
        let phase = update.phase.map(|phase| phase.word().to_lowercase());
        let at = date::rfc3339(update.at, update.day);
        json!({ "at": at, "word": update.word, "phase": phase, "text": update.text })
    });
    page["updates"] = updates.collect();
    page["rules"] = ids(&incident.managed.rules).into_iter().collect();
    page["body"] = Value::from(&*incident.body);
    page
}

fn ids(rules: &[RuleId]) -> Vec<&str> {
    rules.iter().map(|rule| &*rule.0).collect()
}

fn severity(incident: &Incident) -> &'static str {
    incident.severity.map_or("none", |severity| severity.word())
}

/// A moment to the second, or the day where no time is known.
fn second(at: Option<Timestamp>, day: Option<Date>, zone: &TimeZone) -> String {
    let clock = |at: Timestamp| at.to_zoned(zone.clone()).strftime("%F %T %Z").to_string();
    let day = day.map(|day| day.to_string());
    let rfc3339 = day.or_else(|| at.map(clock));
    rfc3339.unwrap_or_else(|| "no time".to_owned())
}

/// A moment to the minute, or the day where no time is known.
fn minute(at: Option<Timestamp>, day: Option<Date>, zone: &TimeZone) -> String {
    let clock = |at: Timestamp| at.to_zoned(zone.clone()).strftime("%F %H:%M").to_string();
    let day = day.map(|day| day.to_string());
    day.or_else(|| at.map(clock)).unwrap_or_default()
}
