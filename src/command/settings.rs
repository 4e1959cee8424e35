//! Options that several commands share, and the settings that they name.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::config::reader::Environment;
use crate::config::{self, Config};

/// Where the settings and the incidents are.
#[derive(Clone, Debug, Args)]
pub struct Files {
    /// The settings
    #[arg(
        long,
        value_name = "FILE",
        default_value = "alerts.toml",
        env = "CRITWATCH_CONFIG"
    )]
    pub config: PathBuf,
    /// The folder of the incident files
    #[arg(
        long,
        value_name = "DIR",
        default_value = "incidents",
        env = "CRITWATCH_INCIDENTS"
    )]
    pub incidents: PathBuf,
}

/// There are no settings to read.
#[derive(Debug, thiserror::Error)]
#[error("cannot read the settings {path}; name them with --config FILE: {source}")]
pub struct Unreadable {
    path: String,
    source: std::io::Error,
}

impl Files {
    /// Reads the settings.
    pub fn read(&self, environment: Environment) -> anyhow::Result<Config> {
        let name = self.config.display().to_string();
        let text = std::fs::read_to_string(&self.config).map_err(|source| Unreadable {
            path: name.clone(),
            source,
        })?;
        let folder = self.config.parent().unwrap_or(Path::new("."));
        Ok(config::read(&text, &name, folder, environment)?)
    }
}
