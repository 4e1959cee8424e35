//! Reads the settings and the incident files and tells all that is wrong.

pub mod live;

use std::process::ExitCode;

use clap::Args;
use jiff::Timestamp;

use crate::app::file_findings::checker::{CheckedSite, FileChecker, unusable};
use crate::command::check::live::LiveReport;
use crate::command::terminal::findings as told;
use crate::command::terminal::input::OutputFormat;
use crate::command::workspace::settings::{Files, Secrets, UnusableFiles};
use crate::config::Config;
use crate::config::reading::fault::ConfigError;
use crate::config::reading::reader::Environment;
use crate::incident::file::document::Document;
use crate::incident::file::head::DocumentError;
use crate::incident::findings::findings;
use crate::incident::findings::page::Checked;
use crate::incident::findings::repair::repair;
use crate::model::finding::{Finding, Weight};
use crate::model::text::difference::difference;
use crate::pipeline::stages::Pipeline;

/// A repair may uncover what can be repaired next.
const ROUNDS: usize = 4;

/// Every fault of the settings and the incident files, with its place.
#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option of the command line"
)]
#[command(after_help = "Exit codes:\n  0  no faults, but maybe warnings\n  \
    1  with --live: a collector or a notifier failed\n  2  at least one fault\n\n\
    Examples:\n  critwatch check --config alerts.toml --incidents incidents\n  \
    critwatch check --fix --dry-run\n  critwatch check --live\n  critwatch check --no-env --strict\n  critwatch check --format json | jq '.[].kind'")]
pub struct Check {
    #[command(flatten)]
    files: Files,
    /// Repair unambiguous errors, and show the changes
    #[arg(long)]
    fix: bool,
    /// Show what `--fix` would change, without writing it
    #[arg(long, requires = "fix")]
    dry_run: bool,
    /// Fail on warnings as well
    #[arg(long)]
    strict: bool,
    /// Print every finding on a terminal, instead of the first of each kind
    #[arg(long)]
    all: bool,
    /// Accept missing environment variables and secret files, for CI
    #[arg(long)]
    no_env: bool,
    /// Also scrape each collector once, evaluate every rule over the samples, and test each
    /// notifier without sending a message
    #[arg(long, conflicts_with = "no_env")]
    live: bool,
    /// Output format
    #[arg(long, value_enum, default_value_t = OutputFormat::Text)]
    format: OutputFormat,
}

impl Check {
    /// Tells every finding; succeeds if none of them is too grave.
    pub async fn run(mut self, environment: Environment) -> anyhow::Result<ExitCode> {
        let place = tempfile::tempdir()?;
        self.files.fetch(place.path(), &environment).await?;
        let settings = self.files.read_by(environment, self.secrets());
        let site = settings.as_ref().ok();
        let inside = site.and_then(|config| config.incidents.as_ref());
        let mut checker = FileChecker::new(CheckedSite::new(self.files.folder(inside), site));
        checker.know(site.into_iter().flat_map(|config| &config.components));
        if let Some(config) = site {
            checker.know_rules(config.rules.iter().map(|rule| rule.name().0));
        }
        // A service that has had no incident yet has no folder for them either.
        if checker.folder().path().exists() {
            checker.folder_mut().refresh().await;
        }
        let now = Pipeline::clock();
        let mut found = if self.fix {
            self.repair(&mut checker, now).await
        } else {
            Vec::new()
        };
        found.extend(checker.findings(now).await);
        let folder = checker.folder();
        let clean = folder.contents().incidents().count();
        let mut all = match &settings {
            // What is wrong with a cState site is told as findings below.
            Err(error) if !error.is::<UnusableFiles>() => {
                self.tell_settings(error);
                of_settings(error, &self.files.config.display().to_string())
            }
            _ => Vec::new(),
        };
        let told_from = if self.format == OutputFormat::Json {
            0
        } else {
            all.len()
        };
        found.extend(match &settings {
            Ok(config) => config.findings.clone(),
            Err(_) => self.files.cstate_findings(),
        });
        let live = self.live(settings.ok()).await?;
        found.extend(live.findings);
        found.sort_by(|one, other| (&one.file, one.line).cmp(&(&other.file, other.line)));
        all.extend(found);
        told::print(&all[told_from..], self.format, self.all)?;
        if self.format == OutputFormat::Text {
            let of = folder.path().display();
            let noun = if clean == 1 { "incident" } else { "incidents" };
            told::sum_up(&all, &format!("{clean} {noun} in {of}"));
        }
        Ok(self.exit(&all, live.failed))
    }

    /// How it ends: by the gravest finding, else by what did not answer.
    fn exit(&self, found: &[Finding], has_failed: bool) -> ExitCode {
        let limit = if self.strict {
            Weight::Warning
        } else {
            Weight::Fault
        };
        let is_grave = found.iter().any(|finding| finding.weight <= limit);
        ExitCode::from(match (is_grave, has_failed) {
            (true, _) => 2,
            (false, true) => 1,
            (false, false) => 0,
        })
    }

    fn secrets(&self) -> Secrets {
        if self.no_env {
            Secrets::Absent
        } else {
            Secrets::Needed
        }
    }

    /// Tries collectors, receivers and rules, if that is asked for.
    async fn live(&self, config: Option<Config>) -> anyhow::Result<LiveReport> {
        let Some(config) = config.filter(|_| self.live) else {
            return Ok(LiveReport::default());
        };
        live::look(config, &self.files.config, self.format).await
    }

    /// Repairs what is certain in every incident file, or shows that; returns what
    /// hindered it.
    async fn repair(&self, checker: &mut FileChecker, now: Timestamp) -> Vec<Finding> {
        let files = checker.folder().contents().files();
        let files: Vec<_> = files.map(|incident| incident.name.clone()).collect();
        let mut hindered = Vec::new();
        for file in files {
            // What cannot be read is found by the check.
            let Ok(document) = checker.folder().open(&file).await else {
                continue;
            };
            if let Err(reason) = self.mend(checker, (&file, document), now).await {
                let path = checker.folder().path().join(&file);
                hindered.push(unusable(&path.display().to_string(), reason));
            }
        }
        hindered
    }

    async fn mend(
        &self,
        checker: &mut FileChecker,
        (file, document): (&str, Document),
        now: Timestamp,
    ) -> Result<(), String> {
        let mended = mended(&document, file, checker.scene(now));
        let Some(mended) = mended.map_err(|error| error.to_string())? else {
            return Ok(());
        };
        let folder = checker.folder_mut();
        let path = folder.path().join(file).display().to_string();
        self.show(&difference(&path, document.bytes(), mended.bytes()));
        if self.dry_run {
            return Ok(());
        }
        let written = folder.write(file, Some(&document), mended).await;
        written.map(drop).map_err(|error| error.to_string())
    }

    /// The difference stands beside the findings, or out of a machine's way.
    #[expect(
        clippy::print_stdout,
        clippy::print_stderr,
        reason = "commands talk to the terminal"
    )]
    fn show(&self, difference: &str) {
        match self.format {
            OutputFormat::Text => print!("{difference}"),
            OutputFormat::Json => eprint!("{difference}"),
        }
    }

    #[expect(clippy::print_stderr, reason = "commands talk to the terminal")]
    fn tell_settings(&self, error: &anyhow::Error) {
        if self.format == OutputFormat::Text {
            let name = if error.is::<ConfigError>() {
                ""
            } else {
                "critwatch: "
            };
            eprintln!("{name}{error:#}");
        }
    }
}

/// A file with all repairs; `None` if there is nothing certain to repair.
fn mended(
    document: &Document,
    file: &str,
    scene: Checked<'_>,
) -> Result<Option<Document>, DocumentError> {
    let mut mended: Option<Document> = None;
    for _ in 0..ROUNDS {
        let now = mended.as_ref().unwrap_or(document);
        let Some(repaired) = repair(now, &findings(now, file, scene))? else {
            break;
        };
        mended = Some(repaired);
    }
    Ok(mended)
}

/// The faults of the settings in the form of findings.
fn of_settings(error: &anyhow::Error, file: &str) -> Vec<Finding> {
    let Some(error) = error.downcast_ref::<ConfigError>() else {
        return vec![Finding {
            kind: "settings",
            ..unusable(file, format!("{error:#}"))
        }];
    };
    let faults = error.faults.iter().map(|fault| Finding {
        kind: "settings",
        line: Some(fault.line),
        column: Some(fault.column),
        ..unusable(&error.file, fault.message.clone())
    });
    faults.collect()
}
