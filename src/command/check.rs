//! Reads the settings and the incident files and prints every fault.

use clap::Args;

use crate::command::settings::{Files, Findings};
use crate::config::reader::Environment;
use crate::incident::folder::Folder;

/// Every fault of the settings and the incident files, with its place.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  critwatch check --config alerts.toml --incidents incidents")]
pub struct Check {
    #[command(flatten)]
    files: Files,
}

impl Check {
    /// Succeeds if there is nothing to complain about.
    #[expect(clippy::print_stdout, reason = "commands talk to the terminal")]
    pub async fn run(self, environment: Environment) -> anyhow::Result<()> {
        let config = self.files.read(environment)?;
        let incidents = self.files.folder(config.incidents.as_ref());
        let mut folder = Folder::new(&incidents, &config.names.dates);
        // A service that has had no incident yet has no folder for them either.
        if incidents.exists() {
            folder.refresh().await;
        }
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
            incidents.display(),
            folder.incidents().count(),
        );
        Ok(())
    }
}
