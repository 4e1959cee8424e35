//! `critwatch rules test`: unit tests of rules.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use serde::Serialize;

use crate::app::rule_tests::suite::Suite;
use crate::app::rule_tests::trial;
use crate::command::rules::settings::RuleFile;
use crate::command::terminal::input::{BadInput, OutputFormat};
use crate::command::terminal::output::{plain, print, print_json};
use crate::config::reading::reader::Environment;
use crate::files;
use crate::model::facts::rule_tests::TestOutcome;

/// Arguments of `test`.
#[derive(Debug, Args)]
pub struct TestRules {
    /// Test files, in promtool's format
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    rules: RuleFile,
    /// Print all comparisons, not only failed ones
    #[arg(long)]
    all: bool,
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    format: OutputFormat,
}

/// A comparison with the file that it stands in.
#[derive(Serialize)]
struct FileComparison {
    file: String,
    #[serde(flatten)]
    outcome: TestOutcome,
}

impl TestRules {
    /// Runs all tests; succeeds if every one passes.
    pub fn run(self, environment: &Environment) -> anyhow::Result<ExitCode> {
        let mut told = Vec::new();
        for file in &self.files {
            let name = file.display().to_string();
            let text = files::settings(file)
                .map_err(|error| BadInput::new(format!("cannot read {name}: {error}")))?;
            let suite =
                Suite::parse(&text, &name).map_err(|error| BadInput::new(error.to_string()))?;
            let config = self
                .rules
                .read_from(&self.settings_of(&suite, file), environment.clone())?;
            let outcomes = trial::run(&suite, &config.rules);
            told.extend(outcomes.into_iter().map(|outcome| FileComparison {
                file: name.clone(),
                outcome,
            }));
        }
        let failed = told.iter().filter(|told| !told.outcome.passed).count();
        match self.format {
            OutputFormat::Json => print_json(&told)?,
            OutputFormat::Text => {
                let shown = told.iter().filter(|told| self.all || !told.outcome.passed);
                let mut lines: Vec<_> = shown.map(in_words).collect();
                lines.push(format!("{} passed, {failed} failed", told.len() - failed));
                print(&lines.join("\n"))?;
            }
        }
        Ok(ExitCode::from(u8::from(failed > 0)))
    }

    /// The settings that the tests name themselves, beside them, else those asked for.
    fn settings_of(&self, suite: &Suite, file: &Path) -> PathBuf {
        let own = suite.rule_files.iter().find(|name| is_toml(name));
        match own {
            Some(name) => file.parent().unwrap_or(Path::new(".")).join(name),
            None => self.rules.config.clone(),
        }
    }
}

/// Whether it names settings of ours; other rule files are Prometheus' own.
fn is_toml(name: &str) -> bool {
    Path::new(name)
        .extension()
        .is_some_and(|ending| ending == "toml")
}

fn in_words(told: &FileComparison) -> String {
    let TestOutcome {
        line,
        test,
        what,
        at,
        passed,
        expected,
        got,
    } = &told.outcome;
    let place = format!("{}:{line}: {test}: {what} at {at}", told.file);
    plain(&if *passed {
        format!("{place}: passed ({got})")
    } else {
        format!("{place}: failed\n  expected  {expected}\n  got       {got}")
    })
}
