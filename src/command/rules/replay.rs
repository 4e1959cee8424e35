//! `critwatch rules replay`: tries rules on what was recorded.

use std::io::{self, IsTerminal as _};
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::json;

use crate::app::replay::changed_rule;
use crate::app::replay::compare::compare;
use crate::app::replay::incidents::{Replayed, replay};
use crate::app::replay::past::{Past, PastFiring};
use crate::app::replay::source::ScrapeSource;
use crate::command::rules::settings::RuleFile;
use crate::command::terminal::input::{BadInput, OutputFormat};
use crate::command::terminal::output::{note, print, print_json, table};
use crate::config::Config;
use crate::config::reading::reader::Environment;
use crate::evaluate::text::format::NumberFormat;
use crate::model::request::samples::trial::RuleTrial;
use crate::model::time::duration::{self, short};
use crate::model::verdict::RuleId;

/// Scrapes after which it is told how far the replay is.
const TELLING: u64 = 10_000;

/// Arguments of `replay`.
#[derive(Debug, Args)]
pub struct Replay {
    /// Folder written by `serve --record`, or one of its files
    record: PathBuf,
    #[command(flatten)]
    rules: RuleFile,
    /// Other settings file to compare with
    #[arg(long, value_name = "FILE")]
    against: Option<PathBuf>,
    /// Rule to change with `--expr`, `--clear` or `--for`, by its id; the result is compared with
    /// the unchanged rule
    #[arg(long, value_name = "ID", requires = "expr")]
    rule: Option<String>,
    /// Expression to use [default: that of the rule]
    #[arg(
        long,
        value_name = "PROMQL",
        requires = "rule",
        allow_hyphen_values = true
    )]
    expr: Option<String>,
    /// Expression that keeps the rule firing [default: that of the rule]
    #[arg(
        long,
        value_name = "PROMQL",
        requires = "rule",
        allow_hyphen_values = true
    )]
    clear: Option<String>,
    /// Duration until it fires, for example `30s` [default: that of the rule]
    #[arg(long = "for", value_name = "DURATION", requires = "rule", value_parser = duration::parse)]
    hold: Option<Duration>,
    /// Duration without firing rules until an incident resolves [default: as recorded]
    #[arg(long = "hold", value_name = "DURATION", value_parser = duration::parse)]
    quiet: Option<Duration>,
    /// Interval between evaluations
    #[arg(long, value_name = "DURATION", default_value = "1s", value_parser = duration::parse)]
    every: Duration,
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    format: OutputFormat,
}

impl Replay {
    /// Replays the record, twice if there is something to compare with.
    pub async fn run(self, environment: Environment) -> anyhow::Result<()> {
        if self.every.is_zero() {
            return Err(BadInput::new("--every must be longer than zero").into());
        }
        if !self.record.exists() {
            let record = self.record.display();
            return Err(BadInput::new(format!("there is no record {record}")).into());
        }
        let mut config = self.rules.read(environment.clone())?;
        let other = match (&self.against, &self.rule) {
            (Some(path), _) => Some(self.rules.read_from(path, environment)?),
            (None, Some(_)) => Some(self.rules.read(environment)?),
            (None, None) => None,
        };
        self.change(&mut config)?;
        let zone = config.names.zone.clone();
        let this = self.replay(&config).await?;
        let Some(other) = other else {
            return match self.format {
                OutputFormat::Json => print_json(&this),
                OutputFormat::Text => print(&in_words(&this, &zone)),
            };
        };
        let before = self.replay(&other).await?;
        let changes = compare(&before.incidents, &this.incidents);
        match self.format {
            OutputFormat::Json => print_json(&json!({
                "before": before, "after": this, "changes": changes,
            })),
            OutputFormat::Text => {
                let rows: Vec<_> = changes.iter().map(|change| change.row(&zone)).collect();
                let changes = if rows.is_empty() {
                    "no incident either way".to_owned()
                } else {
                    table(&rows)
                };
                print(&format!(
                    "{}\n\nCompared:\n{changes}",
                    in_words(&this, &zone)
                ))
            }
        }
    }

    /// Replays once; a terminal is told how far it is.
    async fn replay(&self, config: &Config) -> anyhow::Result<Replayed> {
        let terminal = io::stderr().is_terminal();
        let mut scrapes = 0_u64;
        let tell = |at: Timestamp| {
            scrapes += 1;
            if terminal && scrapes.is_multiple_of(TELLING) {
                note(&format!("at {}", clock(at, &config.names.zone)));
            }
            true
        };
        let source = ScrapeSource::record(&self.record)?;
        replay(source, config, self.quiet, self.every, tell).await
    }

    /// Gives the rule that is named its other condition.
    fn change(&self, config: &mut Config) -> anyhow::Result<()> {
        let (Some(id), Some(expr)) = (&self.rule, &self.expr) else {
            return Ok(());
        };
        let trial = RuleTrial {
            rule: RuleId(id.clone()),
            expr: expr.clone(),
            clear: self.clear.clone(),
            hold: self.hold,
        };
        changed_rule::change(config, &trial).map_err(|why| BadInput::new(why).into())
    }
}

fn in_words(replayed: &Replayed, zone: &TimeZone) -> String {
    let (Some(from), Some(to)) = (replayed.from, replayed.to) else {
        return "the record holds no samples".to_owned();
    };
    let mut text = format!(
        "{} scrapes from {} until {}",
        replayed.scrapes,
        clock(from, zone),
        clock(to, zone),
    );
    if replayed.torn > 0 {
        let lines = if replayed.torn == 1 { "line" } else { "lines" };
        text = format!("{text}; {} {lines} could not be read", replayed.torn);
    }
    text.push_str("\n\nIncidents:\n");
    if replayed.incidents.is_empty() {
        text.push_str("none\n");
    } else {
        let head = [
            "SINCE", "UNTIL", "LASTED", "SEVERITY", "RULES", "AFFECTED", "TITLE",
        ];
        let mut rows = vec![head.map(str::to_owned).to_vec()];
        rows.extend(
            replayed
                .incidents
                .iter()
                .map(|past| incident_row(past, zone)),
        );
        text.extend([&table(&rows), "\n"]);
    }
    text.push_str("\nRules that fired:\n");
    if replayed.firings.is_empty() {
        text.push_str("none");
    } else {
        let head = ["SINCE", "UNTIL", "LASTED", "SEVERITY", "WORST", "RULE"];
        let mut rows = vec![head.map(str::to_owned).to_vec()];
        rows.extend(
            replayed
                .firings
                .iter()
                .map(|firing| firing_row(firing, zone)),
        );
        text.push_str(&table(&rows));
    }
    text
}

fn incident_row(past: &Past, zone: &TimeZone) -> Vec<String> {
    let rules = past.rules.iter().map(|cause| match cause.worst {
        Some(worst) => format!("{} ({})", cause.rule, NumberFormat::Plain.say(worst)),
        None => cause.rule.clone(),
    });
    let severity = past.severity.map_or("none", |severity| severity.word());
    let draft = if past.draft { " (draft)" } else { "" };
    vec![
        clock(past.since, zone),
        past.until
            .map_or_else(|| "open".to_owned(), |until| clock(until, zone)),
        lasted(past.since, past.until),
        format!("{severity}{draft}"),
        rules.collect::<Vec<_>>().join(", "),
        past.components.join(", "),
        past.title.clone(),
    ]
}

fn firing_row(firing: &PastFiring, zone: &TimeZone) -> Vec<String> {
    vec![
        clock(firing.since, zone),
        firing
            .until
            .map_or_else(|| "firing".to_owned(), |until| clock(until, zone)),
        lasted(firing.since, firing.until),
        firing.severity.word().to_owned(),
        firing
            .worst
            .map_or_else(String::new, |worst| NumberFormat::Plain.say(worst)),
        firing.rule.0.clone(),
    ]
}

/// A moment to the second, in the site's zone.
pub fn clock(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%F %T %Z").to_string()
}

fn lasted(since: Timestamp, until: Option<Timestamp>) -> String {
    let length = until.map(|until| until.duration_since(since).unsigned_abs());
    length.map_or_else(String::new, short)
}
