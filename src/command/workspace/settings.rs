//! Options that several commands share, and the settings that they name.

use std::fmt;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::command::terminal::input::BadInput;
use crate::config::cstate::site::CstateSite;
use crate::config::cstate::{self, CstateRead};
use crate::config::reading::reader::Environment;
use crate::config::{self, Config};
use crate::evaluate::text::bytes::ByteSize;
use crate::files;
use crate::git::settings::is_remote;
use crate::model::component::Component;
use crate::model::finding::Finding;
use crate::web::site::Names;

/// Where the settings are looked for.
const CONFIG: &str = "alerts.toml";

/// Where the incidents are looked for.
const INCIDENTS: &str = "incidents";

/// Where the settings and the incidents are.
#[derive(Clone, Debug, Args)]
pub struct Files {
    /// Settings file
    #[arg(long, value_name = "FILE", default_value = CONFIG, env = "CRITWATCH_CONFIG")]
    pub config: PathBuf,
    /// Folder of the incident files
    #[arg(long, value_name = "DIR", default_value = INCIDENTS, env = "CRITWATCH_INCIDENTS")]
    pub incidents: PathBuf,
    /// Use the settings and incidents of this cState site, and the `alerts.toml` in its folder, if
    /// there is one; `serve`, `check` and `export` also accept the URL of its git repository
    #[arg(long, value_name = "DIR|URL", env = "CRITWATCH_CSTATE")]
    pub cstate: Option<PathBuf>,
}

/// Where the database is.
#[derive(Clone, Debug, Args)]
pub struct StateFolder {
    /// Folder of the database
    #[arg(
        long,
        value_name = "DIR",
        default_value = "state",
        env = "CRITWATCH_STATE"
    )]
    pub state: PathBuf,
}

/// Where everything that is measured is recorded, for `rules replay`.
#[derive(Clone, Debug, Args)]
pub struct Recorded {
    /// Record all samples in this folder
    #[arg(long, value_name = "DIR", env = "CRITWATCH_RECORD")]
    record: Option<PathBuf>,
    /// Maximum size of the recording; the oldest samples are deleted first
    #[arg(
        long,
        value_name = "SIZE",
        default_value = "256MiB",
        value_parser = |text: &str| ByteSize::parse(text).map(|size| size.0),
        requires = "record"
    )]
    record_limit: u64,
}

impl Recorded {
    /// The folder, and up to how many bytes it may grow.
    pub fn place(self) -> Option<(PathBuf, u64)> {
        self.record.map(|folder| (folder, self.record_limit))
    }
}

/// Whether the variables and files of secrets must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secrets {
    /// Each of them.
    Needed,
    /// What is missing is no fault.
    Absent,
}

/// There are no settings to read.
#[derive(Debug, thiserror::Error)]
pub enum UnreadableFiles {
    /// No file is there.
    #[error(
        "there is no {0}; create it with `critwatch init`, or name another file with --config FILE"
    )]
    Missing(String),
    /// It is there.
    #[error("cannot read the settings {path}; name another file with --config FILE")]
    Unreadable {
        /// The file.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
}

impl UnreadableFiles {
    fn new(path: &Path, source: std::io::Error) -> Self {
        let path = path.display().to_string();
        if source.kind() == std::io::ErrorKind::NotFound {
            Self::Missing(path)
        } else {
            Self::Unreadable { path, source }
        }
    }
}

/// Files that cannot be used, and why.
#[derive(Debug)]
pub struct UnusableFiles(pub Vec<Finding>);

impl fmt::Display for UnusableFiles {
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

impl std::error::Error for UnusableFiles {}

/// What those who write by hand need to know of a site.
#[derive(Debug)]
pub struct SiteRead {
    /// The site's own words.
    pub names: Names,
    /// Its components.
    pub components: Vec<Component>,
    /// Where a cState site keeps its incidents.
    pub incidents: Option<PathBuf>,
}

impl Files {
    /// The settings file: that of the site, if it has one.
    pub fn settings(&self) -> PathBuf {
        let own = self.cstate.as_ref().and_then(|dir| self.cstate_config(dir));
        own.unwrap_or_else(|| self.config.clone())
    }

    /// The settings alone, for who needs no incidents.
    pub(crate) fn alone(config: &Path) -> Self {
        Self {
            config: config.to_owned(),
            incidents: PathBuf::new(),
            cstate: None,
        }
    }

    /// Reads the site's words and its components; `None` if there are no settings.
    ///
    /// With the folder of its incidents, if it is a cState site.
    pub fn site(&self, environment: Environment) -> anyhow::Result<Option<SiteRead>> {
        let cstate = self.cstate_site()?;
        let config = match &self.cstate {
            Some(dir) => self.cstate_config(dir),
            None => Some(self.config.clone()),
        };
        let text = match config.as_deref().map(files::settings) {
            Some(Ok(text)) => text,
            Some(Err(error)) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Some(Err(source)) => {
                let path = config.unwrap_or_default();
                return Err(UnreadableFiles::new(&path, source).into());
            }
            None => String::new(),
        };
        let path = config.unwrap_or_else(|| PathBuf::from(CONFIG));
        let folder = path.parent().unwrap_or(Path::new("."));
        let name = path.display().to_string();
        let read = config::read_site(&text, &name, folder, environment, cstate.as_ref())?;
        let (names, components) = read;
        let incidents = cstate.map(|site| site.incidents);
        Ok(Some(SiteRead {
            names,
            components,
            incidents,
        }))
    }

    /// Reads the settings.
    pub fn read(&self, environment: Environment) -> anyhow::Result<Config> {
        self.read_by(environment, Secrets::Needed)
    }

    /// Reads the settings, for whoever may lack the secrets.
    pub fn read_by(&self, environment: Environment, secrets: Secrets) -> anyhow::Result<Config> {
        let Some((site, findings)) = self.cstate_usable()? else {
            return Self::read_with(&self.config, environment, secrets, None);
        };
        let own = self
            .cstate
            .as_deref()
            .and_then(|dir| self.cstate_config(dir));
        let config = match own {
            Some(path) => Self::read_with(&path, environment, secrets, Some(&site))?,
            None => config::read("", CONFIG, Path::new("."), environment, Some(&site))?,
        };
        Ok(Config {
            incidents: Some(site.incidents),
            findings: [findings, config.findings].concat(),
            ..config
        })
    }

    /// Reads what is judged, and nothing that is asked or told: secrets may be missing.
    pub fn rules(&self, environment: Environment) -> anyhow::Result<Config> {
        let site = self.cstate_site()?;
        let path = self.settings();
        let name = path.display().to_string();
        let text = files::settings(&path).map_err(|source| UnreadableFiles::new(&path, source))?;
        let folder = path.parent().unwrap_or(Path::new("."));
        let read = config::read_rules(&text, &name, folder, environment, site.as_ref());
        Ok(read?)
    }

    /// Reads what can be shown without asking or telling anybody: secrets may be missing.
    pub fn still(&self, environment: Environment) -> anyhow::Result<Config> {
        let dir = self.cstate.as_deref();
        if dir.is_some_and(|dir| self.cstate_config(dir).is_none()) {
            return self.read(environment);
        }
        let config = self.rules(environment)?;
        let incidents = self.cstate_site()?.map(|site| site.incidents);
        Ok(Config {
            incidents,
            ..config
        })
    }

    /// All that is to be said of the cState site, if one is named.
    pub fn cstate_findings(&self) -> Vec<Finding> {
        let read = self.cstate_read();
        read.map_or_else(Vec::new, |read| read.findings)
    }

    fn cstate_read(&self) -> Option<CstateRead> {
        let dir = self.cstate.as_ref()?;
        let mut read = cstate::read(dir);
        for finding in &mut read.findings {
            finding.file = dir.join(&finding.file).display().to_string();
        }
        Some(read)
    }

    fn cstate_site(&self) -> anyhow::Result<Option<CstateSite>> {
        let usable = self.cstate_usable()?;
        Ok(usable.map(|(site, _)| site))
    }

    /// The cState site, if one is named and can be shown, and what is worth a look in it.
    fn cstate_usable(&self) -> anyhow::Result<Option<(CstateSite, Vec<Finding>)>> {
        let named = self.cstate.as_deref().and_then(Path::to_str);
        if named.is_some_and(is_remote) {
            let message = "only serve, check and export fetch a repository; name the folder into \
                which serve fetched it: --cstate STATE/site";
            return Err(BadInput::new(message).into());
        }
        match self.cstate_read() {
            None => Ok(None),
            Some(CstateRead {
                site: Some(site),
                findings,
            }) => Ok(Some((site, findings))),
            Some(CstateRead { findings, .. }) => Err(UnusableFiles(findings).into()),
        }
    }

    /// The folder of the incidents: the one asked for, else that of the cState site.
    pub fn folder(&self, cstate: Option<&PathBuf>) -> PathBuf {
        let asked = self.incidents != Path::new(INCIDENTS);
        cstate.filter(|_| !asked).unwrap_or(&self.incidents).clone()
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
        secrets: Secrets,
        site: Option<&CstateSite>,
    ) -> anyhow::Result<Config> {
        let name = path.display().to_string();
        let text = files::settings(path).map_err(|source| UnreadableFiles::new(path, source))?;
        let folder = path.parent().unwrap_or(Path::new("."));
        let read = match secrets {
            Secrets::Needed => config::read,
            Secrets::Absent => config::read_without_secrets,
        };
        Ok(read(&text, &name, folder, environment, site)?)
    }
}
