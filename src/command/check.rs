//! Reads the settings and the incident files and prints every fault.

use std::fmt;

use clap::Args;

use crate::command::settings::Files;
use crate::config::reader::Environment;
use crate::incident::folder::Folder;
use crate::model::finding::Finding;

/// Every fault of the settings and the incident files, with its place.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  critwatch check --config alerts.toml --incidents incidents")]
pub struct Check {
    #[command(flatten)]
    files: Files,
}

/// Incident files that cannot be read.
#[derive(Debug)]
pub struct Findings(Vec<Finding>);

impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, fault) in self.0.iter().enumerate() {
            if number > 0 {
                writeln!(f)?;
            }
            write!(f, "{fault}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Findings {}

impl Check {
    /// Succeeds if there is nothing to complain about.
    #[expect(clippy::print_stdout, reason = "commands talk to the terminal")]
    pub async fn run(self, environment: Environment) -> anyhow::Result<()> {
        let config = self.files.read(environment)?;
        let mut folder = Folder::new(&self.files.incidents, &config.names.dates);
        folder.refresh().await;
        let faults: Vec<_> = folder.faults().cloned().collect();
        if !faults.is_empty() {
            return Err(Findings(faults).into());
        }
        println!(
            "{}: {} components, {} collectors, {} rules; {}: {} incidents; nothing to complain about",
            self.files.config.display(),
            config.components.len(),
            config.collectors.len(),
            config.rules.len(),
            self.files.incidents.display(),
            folder.incidents().count(),
        );
        Ok(())
    }
}
