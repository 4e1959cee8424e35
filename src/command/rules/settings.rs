//! Where rules come from: the settings, without anything that asks or tells.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::command::workspace::settings::Files;
use crate::config::Config;
use crate::config::reading::reader::Environment;

/// Where the rules are.
#[derive(Clone, Debug, Args)]
pub struct RuleFile {
    /// Settings file with the rules
    #[arg(
        long,
        visible_alias = "alerts",
        value_name = "FILE",
        default_value = "alerts.toml",
        env = "CRITWATCH_CONFIG"
    )]
    pub config: PathBuf,
    /// Use the systems of this cState site as components
    #[arg(long, value_name = "DIR", env = "CRITWATCH_CSTATE")]
    cstate: Option<PathBuf>,
}

impl RuleFile {
    /// Reads the rules; secrets need not be there.
    pub fn read(&self, environment: Environment) -> anyhow::Result<Config> {
        self.read_from(&self.config, environment)
    }

    /// Reads the rules of another file for the same site.
    pub fn read_from(&self, path: &Path, environment: Environment) -> anyhow::Result<Config> {
        let files = Files {
            config: path.to_owned(),
            incidents: PathBuf::new(),
            cstate: self.cstate.clone(),
        };
        files.rules(environment)
    }
}
