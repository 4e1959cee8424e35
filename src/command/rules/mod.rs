//! `critwatch rules`: tests of rules, rules over a record, rules for Prometheus.

pub mod export;
pub mod list;
pub mod promfile;
pub mod replay;
pub mod settings;
pub mod test;

use std::process::ExitCode;

use clap::Subcommand;

use crate::config::reading::reader::Environment;

/// What can be done with rules; no server is needed, and nobody is asked.
#[derive(Debug, Subcommand)]
#[command(after_help = "Examples:\n  critwatch rules test alerts.test.yml\n  \
        critwatch rules replay record\n  critwatch rules export --out rules.yml")]
pub enum RulesCommand {
    /// List all rules with their expressions
    #[command(after_help = "Example:\n  critwatch rules list --format json")]
    List(list::ListRules),
    /// Run unit tests of rules, in promtool's format
    #[command(
        after_help = "Exit codes:\n  0  all passed\n  1  at least one failed\n  2  a file cannot be used\n\n\
        Examples:\n  critwatch rules test alerts.test.yml\n  \
        critwatch rules test --config new.toml tests/*.yml --format json"
    )]
    Test(test::TestRules),
    /// Evaluate rules over recorded samples and show the resulting incidents
    #[command(after_help = "Examples:\n  critwatch rules replay record\n  \
        critwatch rules replay record --rule queue-waiting --expr 'queue_oldest_job_age_seconds > 10'\n  \
        critwatch rules replay record --config new.toml --against alerts.toml")]
    Replay(replay::Replay),
    /// Export the rules as a Prometheus rule file
    #[command(after_help = "Example:\n  critwatch rules export --out rules.yml")]
    Export(export::ExportRules),
}

impl RulesCommand {
    /// Does what was asked.
    pub async fn run(self, environment: Environment) -> anyhow::Result<ExitCode> {
        match self {
            Self::List(list) => list.run(environment).map(|()| ExitCode::SUCCESS),
            Self::Test(test) => test.run(&environment),
            Self::Replay(replay) => replay.run(environment).await.map(|()| ExitCode::SUCCESS),
            Self::Export(export) => export.run(environment).map(|()| ExitCode::SUCCESS),
        }
    }
}
