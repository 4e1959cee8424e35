//! Reads the settings and the incident files and tells all that is wrong.

use std::process::ExitCode;

use clap::Args;
use jiff::tz::TimeZone;

use crate::command::live::{self, LiveReport};
use crate::command::terminal::findings as told;
use crate::command::terminal::input::OutputFormat;
use crate::command::workspace::settings::{Files, Secrets, UnusableFiles};
use crate::config::Config;
use crate::config::reading::fault::ConfigError;
use crate::config::reading::reader::Environment;
use crate::incident::file::document::Document;
use crate::incident::findings::files::{self, Own};
use crate::incident::findings::findings;
use crate::incident::findings::page::Checked;
use crate::incident::findings::repair::repair;
use crate::incident::folder::Folder;
use crate::incident::folder::translations::differences;
use crate::model::finding::{Finding, Weight};
use crate::model::text::difference::difference;
use crate::pipeline::stages::Pipeline;
use crate::web::files::statics;
use crate::web::site::Names;
use crate::web::table::Address;

/// A repair may uncover what can be repaired next.
const ROUNDS: usize = 4;

/// Every fault of the settings and the incident files, with its place.
#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option of the command line"
)]
#[command(after_help = "Exit codes:\n  0  nothing worse than a warning\n  \
    1  with --live: a collector or a receiver does not answer\n  2  at least one fault\n\n\
    Examples:\n  critwatch check --config alerts.toml --incidents incidents\n  \
    critwatch check --fix --dry-run\n  critwatch check --live\n  critwatch check --no-env --strict\n  critwatch check --format json | jq '.[].kind'")]
pub struct Check {
    #[command(flatten)]
    files: Files,
    /// Repair what is certain, after showing the difference
    #[arg(long)]
    fix: bool,
    /// Show what --fix would change, and change nothing
    #[arg(long, requires = "fix")]
    dry_run: bool,
    /// Let warnings fail, too
    #[arg(long)]
    strict: bool,
    /// Tell every finding on a terminal, too, instead of the first of each kind
    #[arg(long)]
    all: bool,
    /// Accept that variables and files of secrets are missing, as in CI
    #[arg(long)]
    no_env: bool,
    /// Ask each collector once and try every rule on what it answers; try each
    /// receiver without sending it anything
    #[arg(long, conflicts_with = "no_env")]
    live: bool,
    /// How findings are printed
    #[arg(long, value_enum, default_value_t = OutputFormat::Text)]
    format: OutputFormat,
}

impl Check {
    /// Tells every finding; succeeds if none of them is too grave.
    pub async fn run(mut self, environment: Environment) -> anyhow::Result<ExitCode> {
        let place = tempfile::tempdir()?;
        self.files.fetch(place.path(), &environment).await?;
        let settings = self.files.read_by(environment, self.secrets());
        let names: Vec<String> = settings.iter().flat_map(names).collect();
        let site = settings.as_ref().ok();
        let none = Names::new("", TimeZone::UTC);
        let site_names = site.map_or(&none, |config| &config.names);
        let build_future = site.is_none_or(|config| config.build_future);
        let inside = site.and_then(|config| config.incidents.as_ref());
        let mut folder = Folder::new(self.files.folder(inside), &site_names.dates)
            .with_days_in(&site_names.zone)
            .in_languages(&site_names.cstate.languages);
        // A service that has had no incident yet has no folder for them either.
        if folder.path().exists() {
            folder.refresh().await;
        }
        let scene = Checked {
            components: &names,
            now: Pipeline::clock(),
            build_future,
        };
        let mut found = self.incidents(&mut folder, scene).await;
        found.extend(missing(&folder, scene, site_names).await);
        let clean = folder.incidents().count();
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
        found.extend(settings.iter().flat_map(|config| config.findings.clone()));
        let live = self.live(settings.ok()).await?;
        found.extend(live.findings);
        found.extend(
            self.files
                .cstate_read()
                .into_iter()
                .flat_map(|read| read.findings),
        );
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
        let file = self.files.config.display().to_string();
        live::look(config, &file, self.format).await
    }

    /// Checks every incident file, after repairing it if that is asked for.
    async fn incidents(&self, folder: &mut Folder, scene: Checked<'_>) -> Vec<Finding> {
        let mut found: Vec<_> = folder.faults().cloned().collect();
        let files: Vec<_> = folder
            .files()
            .map(|incident| incident.name.clone())
            .collect();
        for file in files {
            match folder.open(&file).await {
                Ok(document) => found.extend(self.file(folder, &file, document, scene).await),
                Err(error) => found.push(unusable(&file, error.to_string())),
            }
        }
        found.extend(
            folder
                .incidents()
                .flat_map(|incident| differences(incident)),
        );
        let whole = folder.path().display().to_string();
        for finding in found.iter_mut().filter(|finding| finding.file != whole) {
            finding.file = folder.path().join(&finding.file).display().to_string();
        }
        found
    }

    async fn file(
        &self,
        folder: &mut Folder,
        file: &str,
        document: Document,
        scene: Checked<'_>,
    ) -> Vec<Finding> {
        let found = findings(&document, file, scene);
        if !self.fix {
            return found;
        }
        let (repaired, mut left) = match mend(&document, file, scene, &found) {
            Ok(Some(mended)) => mended,
            Ok(None) => return found,
            Err(reason) => return [found, vec![unusable(file, reason)]].concat(),
        };
        let path = folder.path().join(file).display().to_string();
        self.show(&difference(&path, document.bytes(), repaired.bytes()));
        if self.dry_run {
            return found;
        }
        if let Err(error) = folder.write(file, Some(&document), repaired).await {
            return [found, vec![unusable(file, error.to_string())]].concat();
        }
        // What counts is what stands on the disk now.
        match folder.open(file).await {
            Ok(document) => left = findings(&document, file, scene),
            Err(error) => left.push(unusable(file, error.to_string())),
        }
        left
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

/// The files that incidents name and the site lacks.
async fn missing(folder: &Folder, scene: Checked<'_>, names: &Names) -> Vec<Finding> {
    let own = Own {
        url: names.url.as_deref(),
        base: names.base(),
        // Whether a page is there is another matter.
        has: &|path| {
            let file = path.trim_start_matches('/');
            statics::has(&names.statics, file) || Address::parse(path).is_some()
        },
    };
    let mut found = Vec::new();
    for incident in folder.incidents() {
        // What cannot be read is told already.
        if let Ok(document) = folder.open(&incident.name).await {
            let path = folder.path().join(&incident.name).display().to_string();
            found.extend(files::check(&document, &path, scene, own));
        }
    }
    found
}

/// A file with its repairs and what is left to find in it.
type Mended = (Document, Vec<Finding>);

/// Repairs a file until nothing certain is left; `None` if there was nothing.
fn mend(
    document: &Document,
    file: &str,
    scene: Checked<'_>,
    found: &[Finding],
) -> Result<Option<Mended>, String> {
    let mut mended: Option<Mended> = None;
    for _ in 0..ROUNDS {
        let (now, left) = match &mended {
            Some((document, left)) => (document, left.as_slice()),
            None => (document, found),
        };
        let Some(repaired) = repair(now, left).map_err(|error| error.to_string())? else {
            break;
        };
        let left = findings(&repaired, file, scene);
        mended = Some((repaired, left));
    }
    Ok(mended)
}

fn names(config: &Config) -> Vec<String> {
    let components = config.components.iter();
    components.map(|component| component.name.clone()).collect()
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

fn unusable(file: &str, message: String) -> Finding {
    Finding {
        weight: Weight::Fault,
        kind: "unusable",
        file: file.to_owned(),
        line: None,
        column: None,
        message,
        fix: None,
    }
}
