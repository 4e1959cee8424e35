//! `critwatch silence add`: checked, so that it silences what is meant.

use anyhow::Context as _;
use clap::Args;

use crate::command::silence::store::SilenceStore;
use crate::command::terminal::input::BadInput;
use crate::command::terminal::output::note;
use crate::config::reading::reader::Environment;
use crate::history::samples::series;
use crate::history::silences::table::KeepError;
use crate::model::facts::silence_scope::{SilencedRule, mistake, rules_meant};
use crate::model::series::matcher::LabelMatcher;
use crate::model::silence::SilenceRequest;
use crate::model::time::{duration, moment};
use crate::pipeline::stages::Pipeline;

/// Arguments of `add`.
#[derive(Debug, Args)]
pub struct AddSilence {
    /// Label matchers, for example `rule=queue-stuck` or `component=~"api|cache"`
    #[arg(required = true, value_name = "MATCHER")]
    matchers: Vec<String>,
    /// Duration, for example `2h`
    #[arg(
        long = "for",
        value_name = "DURATION",
        required_unless_present = "until",
        conflicts_with = "until"
    )]
    lasts: Option<String>,
    /// End, for example `in 2h` or `2027-03-01 20:00`
    #[arg(long, value_name = "WHEN")]
    until: Option<String>,
    /// Start, for example `in 1h` or `2027-03-01 20:00`
    #[arg(long, value_name = "WHEN", default_value = "now")]
    from: String,
    /// Reason
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// Author [default: the current user]
    #[arg(long, value_name = "NAME", env = "CRITWATCH_BY")]
    by: Option<String>,
    /// Accept matchers that match no rule of the settings
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    kept: SilenceStore,
}

impl AddSilence {
    /// Who asks: the name that was given, else that of the user.
    fn author(&self, environment: &Environment) -> Result<String, BadInput> {
        let user = ["USER", "LOGNAME"].map(|name| environment.get(name));
        let mut authors = self.by.iter().chain(user.into_iter().flatten());
        let author = authors.find(|name| !name.trim().is_empty());
        author
            .cloned()
            .ok_or_else(|| BadInput::new("name the author: --by NAME, or CRITWATCH_BY"))
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
        if let Some(why) = mistake(matchers, &rules, &series) {
            if !self.force {
                return Err(BadInput::new(format!(
                    "{why}; with --force it is silenced all the same"
                ))
                .into());
            }
            note(&why);
        } else {
            let meant = rules_meant(matchers, &rules);
            let meant: Vec<_> = meant.iter().map(|rule| &*rule.0).collect();
            note(&format!("it matches {}", meant.join(", ")));
        }
        Ok(())
    }

    /// Does what was asked.
    pub(crate) async fn run(self, environment: Environment) -> anyhow::Result<()> {
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
