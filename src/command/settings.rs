//! Options that several commands share, and the settings that they name.

use std::fmt;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::config::cstate::{self, CstateRead};
use crate::config::reader::Environment;
use crate::config::{self, Config};
use crate::model::finding::{Finding, Weight};

/// Where the settings are looked for.
const CONFIG: &str = "alerts.toml";

/// Where the incidents are looked for.
const INCIDENTS: &str = "incidents";

/// Where the settings and the incidents are.
#[derive(Clone, Debug, Args)]
pub struct Files {
    /// The settings
    #[arg(long, value_name = "FILE", default_value = CONFIG, env = "CRITWATCH_CONFIG")]
    pub config: PathBuf,
    /// The folder of the incident files
    #[arg(long, value_name = "DIR", default_value = INCIDENTS, env = "CRITWATCH_INCIDENTS")]
    pub incidents: PathBuf,
    /// An existing cState site: its settings and incidents are taken as they
    /// are, and alerts.toml in its folder, if there is one, adds what is watched
    #[arg(long, value_name = "DIR", env = "CRITWATCH_CSTATE")]
    pub cstate: Option<PathBuf>,
}

/// There are no settings to read.
#[derive(Debug, thiserror::Error)]
#[error("cannot read the settings {path}; name them with --config FILE: {source}")]
pub struct Unreadable {
    path: String,
    source: std::io::Error,
}

/// Files that cannot be used, and why.
#[derive(Debug)]
pub struct Findings(pub Vec<Finding>);

impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, finding) in self.0.iter().enumerate() {
            if number > 0 {
                writeln!(f)?;
            }
            write!(f, "{finding}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Findings {}

impl Files {
    /// Reads the settings; of a cState site, what is no fault is logged.
    pub fn read(&self, environment: Environment) -> anyhow::Result<Config> {
        let Some(dir) = &self.cstate else {
            return Self::read_with(&self.config, environment, None);
        };
        let CstateRead { site, findings } = cstate::read(dir);
        let Some(site) = site else {
            return Err(Findings(findings).into());
        };
        for finding in findings
            .iter()
            .filter(|finding| finding.weight != Weight::Hint)
        {
            tracing::warn!("{finding}");
        }
        let config = self.cstate_config(dir);
        let config = config.map_or_else(
            || {
                Ok(config::read(
                    "",
                    CONFIG,
                    dir,
                    Environment::new(),
                    Some(&site),
                )?)
            },
            |path| Self::read_with(&path, environment, Some(&site)),
        )?;
        Ok(Config {
            incidents: Some(site.incidents),
            ..config
        })
    }

    /// The folder of the incidents: the one asked for, else that of the cState site.
    pub fn folder(&self, config: &Config) -> PathBuf {
        let asked = self.incidents != Path::new(INCIDENTS);
        config
            .incidents
            .clone()
            .filter(|_| !asked)
            .unwrap_or_else(|| self.incidents.clone())
    }

    /// The settings that go with a cState site: those asked for, else its own.
    fn cstate_config(&self, dir: &Path) -> Option<PathBuf> {
        let own = dir.join(CONFIG);
        if self.config == Path::new(CONFIG) {
            own.exists().then_some(own)
        } else {
            Some(self.config.clone())
        }
    }

    fn read_with(
        path: &Path,
        environment: Environment,
        site: Option<&cstate::site::CstateSite>,
    ) -> anyhow::Result<Config> {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|source| Unreadable {
            path: name.clone(),
            source,
        })?;
        let folder = path.parent().unwrap_or(Path::new("."));
        Ok(config::read(&text, &name, folder, environment, site)?)
    }
}
