//! `critwatch silence`: asks to hear nothing of alerts, for a while and for a reason.

pub(crate) mod scope;

use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use crate::command::silence::scope::SilencedRule;
use crate::command::terminal::input::{BadInput, OutputFormat};
use crate::command::terminal::output::{note, print, print_json, table};
use crate::command::workspace::page_state::PageState;
use crate::command::workspace::settings::{Database, Files};
use crate::config::reading::reader::Environment;
use crate::history::samples::series;
use crate::history::silences::table::{KeepError, Silences};
use crate::model::series::matcher::{self, LabelMatcher};
use crate::model::silence::{Silence, SilenceRequest, SilenceState};
use crate::model::time::{duration, moment};
use crate::pipeline::stages::Pipeline;
use crate::store;

/// What can be done with silences; a running `serve` follows within a second.
#[derive(Debug, Subcommand)]
pub enum SilenceCommand {
    /// Show what is silenced, and by whom
    #[command(after_help = "Example:\n  critwatch silence list --all")]
    List(ListSilences),
    /// Silence alerts by their labels
    ///
    /// All matchers must match. Labels are `rule` (or `alertname`), `severity`,
    /// `component`, and those of the series that the rule found.
    #[command(
        after_help = "Examples:\n  critwatch silence add rule=redis-memory-high --for 2h \\\n    \
        --reason \"Moving to a larger one\" --by Ann\n  \
        critwatch silence add 'component=~\"api|cache\"' severity!=down --from \"in 1h\" \\\n    \
        --until \"2027-03-01 20:00\" --reason \"Load test\" --by Ben"
    )]
    Add(AddSilence),
    /// End a silence now
    #[command(after_help = "Example:\n  critwatch silence remove 3")]
    Remove(Remove),
}

/// Where silences are kept, and how they are printed.
#[derive(Debug, Args)]
pub struct SilenceStore {
    /// The settings, for the site's time zone
    #[arg(
        long,
        value_name = "FILE",
        default_value = "alerts.toml",
        env = "CRITWATCH_CONFIG"
    )]
    config: PathBuf,
    /// The folder of the incident files, to tell what the page shows
    #[arg(
        long,
        value_name = "DIR",
        default_value = "incidents",
        env = "CRITWATCH_INCIDENTS"
    )]
    incidents: PathBuf,
    #[command(flatten)]
    database: Database,
    /// Print for people or for programs
    #[arg(long, value_enum, default_value_t)]
    format: OutputFormat,
}

/// Arguments of `list`.
#[derive(Debug, Args)]
pub struct ListSilences {
    /// Those that are over as well; they are kept for five days
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    kept: SilenceStore,
}

/// Arguments of `add`.
#[derive(Debug, Args)]
pub struct AddSilence {
    /// Labels and values, as in `rule=queue-stuck` or `component=~"api|cache"`
    #[arg(required = true, value_name = "MATCHER")]
    matchers: Vec<String>,
    /// How long it lasts, as in `2h`
    #[arg(
        long = "for",
        value_name = "DURATION",
        required_unless_present = "until",
        conflicts_with = "until"
    )]
    lasts: Option<String>,
    /// When it ends, as in `in 2h` or `2027-03-01 20:00`
    #[arg(long, value_name = "WHEN")]
    until: Option<String>,
    /// When it begins
    #[arg(long, value_name = "WHEN", default_value = "now")]
    from: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// Who asks for it; if left out, the user who runs this
    #[arg(long, value_name = "NAME", env = "CRITWATCH_BY")]
    by: Option<String>,
    /// Silence although no rule of the settings is meant
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    kept: SilenceStore,
}

/// Arguments of `remove`.
#[derive(Debug, Args)]
pub struct Remove {
    /// Its number, as `list` shows it
    id: i64,
    #[command(flatten)]
    kept: SilenceStore,
}

impl SilenceCommand {
    /// Does what was asked.
    pub async fn run(self, environment: Environment) -> anyhow::Result<()> {
        match self {
            Self::List(list) => list.run(environment),
            Self::Add(add) => add.run(environment).await,
            Self::Remove(remove) => remove.run(environment).await,
        }
    }
}

impl SilenceStore {
    fn files(&self) -> Files {
        Files {
            config: self.config.clone(),
            incidents: self.incidents.clone(),
            cstate: None,
        }
    }

    fn zone(&self, environment: Environment) -> anyhow::Result<TimeZone> {
        let site = self.files().site(environment)?;
        Ok(site.map_or(TimeZone::UTC, |site| site.names.zone))
    }

    fn open(&self) -> anyhow::Result<Silences> {
        Ok(Silences::new(store::open(&self.database.state)?))
    }

    /// Who only looks makes no database.
    fn existing(&self) -> anyhow::Result<Option<Silences>> {
        let exists = self.database.state.join("critwatch.db").exists();
        exists.then(|| self.open()).transpose()
    }

    /// Prints what was done with a silence, and what the page shows from now on.
    async fn report(
        &self,
        word: &str,
        silence: &Silence,
        zone: &TimeZone,
        environment: Environment,
    ) -> anyhow::Result<()> {
        let now = Pipeline::clock();
        match self.format {
            OutputFormat::Json => print_json(&value(silence, now)),
            OutputFormat::Text => {
                print(&format!("{word} {}", table(&[row(silence, now, zone)])))?;
                PageState::print(&self.files(), &self.database, environment).await
            }
        }
    }
}

impl ListSilences {
    fn run(self, environment: Environment) -> anyhow::Result<()> {
        let zone = self.kept.zone(environment)?;
        let now = Pipeline::clock();
        let silences = self.kept.existing()?;
        let listed = silences.map(|silences| silences.list()).transpose();
        let mut listed = listed
            .context("cannot read the silences")?
            .unwrap_or_default();
        listed.retain(|one| self.all || one.state(now) != SilenceState::Expired);
        match self.kept.format {
            OutputFormat::Json => {
                let values = listed.iter().map(|one| value(one, now));
                print_json(&values.collect::<Vec<_>>())
            }
            OutputFormat::Text if listed.is_empty() => print("none"),
            OutputFormat::Text => {
                let head = ["ID", "STATE", "FROM", "UNTIL", "BY", "MATCHERS", "REASON"];
                let mut rows = vec![head.map(str::to_owned).to_vec()];
                rows.extend(listed.iter().map(|one| row(one, now, &zone)));
                print(&table(&rows))
            }
        }
    }
}

impl AddSilence {
    /// Who asks: the name that was given, else that of the user.
    fn author(&self, environment: &Environment) -> Result<String, BadInput> {
        let user = ["USER", "LOGNAME"].map(|name| environment.get(name));
        let mut authors = self.by.iter().chain(user.into_iter().flatten());
        let author = authors.find(|name| !name.trim().is_empty());
        author
            .cloned()
            .ok_or_else(|| BadInput::new("name who asks for it: --by NAME, or CRITWATCH_BY"))
    }

    /// Rejects matchers that no rule of the settings can match; tells which rules
    /// are meant.
    fn check(&self, matchers: &[LabelMatcher], environment: Environment) -> anyhow::Result<()> {
        let files = self.kept.files();
        // Without settings that can be read nothing is known of rules, and an
        // unchecked silence is better than none.
        let Ok(config) = files.rules(environment) else {
            note("the settings cannot be read; the matchers are not checked");
            return Ok(());
        };
        let rules: Vec<_> = config
            .rules
            .iter()
            .map(|rule| SilencedRule {
                id: &rule.settings().id,
                severity: rule.settings().severity,
                components: &rule.settings().components,
            })
            .collect();
        let series = match self.kept.existing()? {
            Some(silences) => series::named(&silences.store, |_| true)
                .context("cannot read which series were measured")?,
            None => Vec::new(),
        };
        if let Some(why) = scope::mistake(matchers, &rules, &series) {
            if !self.force {
                return Err(BadInput::new(format!(
                    "{why}; with --force it is silenced all the same"
                ))
                .into());
            }
            note(&why);
        } else {
            let meant = scope::rules_meant(matchers, &rules);
            let meant: Vec<_> = meant.iter().map(|rule| &*rule.0).collect();
            note(&format!("it is about {}", meant.join(", ")));
        }
        Ok(())
    }

    async fn run(self, environment: Environment) -> anyhow::Result<()> {
        let author = self.author(&environment)?;
        let zone = self.kept.zone(environment.clone())?;
        let now = Pipeline::clock();
        let when = |text: &str| moment::parse(text, &zone, now).map_err(BadInput::from);
        // Now is this very moment, not the beginning of its second.
        let starts = match &*self.from {
            "now" => now,
            from => when(from)?,
        };
        let ends = match (&self.lasts, &self.until) {
            (Some(lasts), _) => {
                let lasts =
                    duration::parse(lasts).map_err(|error| BadInput::new(error.to_string()))?;
                let ends = starts.checked_add(lasts);
                ends.map_err(|_| BadInput::new("it would end after the calendar does"))?
            }
            (None, Some(until)) => when(until)?,
            (None, None) => starts,
        };
        let request =
            SilenceRequest::new(&self.matchers, (starts, ends), &author, &self.reason, now);
        let request = request.map_err(|error| BadInput::new(error.to_string()))?;
        self.check(&request.matchers, environment.clone())?;
        let silence = self
            .kept
            .open()?
            .add(request, now)
            .map_err(|error| match error {
                KeepError::Crowded(crowded) => BadInput::new(crowded.to_string()).into(),
                error @ KeepError::Database(_) => anyhow::Error::new(error),
            })?;
        let kept = &self.kept;
        kept.report("silenced", &silence, &zone, environment).await
    }
}

impl Remove {
    async fn run(self, environment: Environment) -> anyhow::Result<()> {
        let zone = self.kept.zone(environment.clone())?;
        let unknown = || {
            let id = self.id;
            BadInput::new(format!(
                "there is no silence {id}; `critwatch silence list --all` shows them"
            ))
        };
        let mut silences = self.kept.existing()?.ok_or_else(unknown)?;
        let ended = silences.expire(self.id, Pipeline::clock());
        let silence = ended
            .context("cannot end the silence")?
            .ok_or_else(unknown)?;
        // Its connection is closed before the database is read once more.
        drop(silences);
        let kept = &self.kept;
        kept.report("ended", &silence, &zone, environment).await
    }
}

fn row(silence: &Silence, now: Timestamp, zone: &TimeZone) -> Vec<String> {
    let minute = |at: Timestamp| {
        at.to_zoned(zone.clone())
            .strftime("%F %H:%M %Z")
            .to_string()
    };
    let asked = &silence.request;
    vec![
        silence.id.to_string(),
        silence.state(now).word().to_owned(),
        minute(asked.starts),
        minute(asked.ends),
        asked.author.clone(),
        matcher::print(&asked.matchers),
        asked.reason.clone(),
    ]
}

fn value(silence: &Silence, now: Timestamp) -> Value {
    let asked = &silence.request;
    let matchers = asked.matchers.iter().map(ToString::to_string);
    json!({
        "id": silence.id,
        "state": silence.state(now).word(),
        "matchers": matchers.collect::<Vec<_>>(),
        "startsAt": asked.starts,
        "endsAt": asked.ends,
        "createdBy": asked.author,
        "comment": asked.reason,
    })
}
