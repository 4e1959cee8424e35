//! `--cstate URL`: a cState site that is fetched from its git repository.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use secrecy::SecretString;

use crate::app::git::MEANING;
use crate::command::terminal::input::BadInput;
use crate::command::workspace::settings::Files;
use crate::config::git;
use crate::config::reading::reader::Environment;
use crate::files;
use crate::git::checkout;
use crate::git::failure::GitError;
use crate::git::settings::{GitSettings, check_remote, is_remote};
use crate::pipeline::stages::Pipeline;

/// Variables with the key or the token of a site whose settings nobody has yet.
const KEY_FILE: &str = "CRITWATCH_GIT_KEY_FILE";
const HOSTS_FILE: &str = "CRITWATCH_GIT_KNOWN_HOSTS_FILE";
const TOKEN: &str = "CRITWATCH_GIT_TOKEN";
const USER: &str = "CRITWATCH_GIT_USER";

impl Files {
    /// Fetches the site into a folder if it is named by the address of a repository, and
    /// goes on with what came; with its folder and where it came from.
    pub(crate) async fn fetch(
        &mut self,
        folder: &Path,
        environment: &Environment,
    ) -> anyhow::Result<Option<(PathBuf, GitSettings)>> {
        let named = self.cstate.as_deref().and_then(Path::to_str);
        let Some(url) = named.filter(|named| is_remote(named)) else {
            return Ok(None);
        };
        check_remote(url).map_err(|why| BadInput::new(format!("--cstate {url}: {why}")))?;
        let mut settings = self.git_settings(url, environment)?;
        let folder = std::path::absolute(folder)?;
        let fetched = checkout::fetch(settings.clone(), &folder, MEANING, Pipeline::clock()).await;
        let (site, branch) = fetched.map_err(|error| match error {
            GitError::Refused(_) => anyhow::Error::from(error).context(format!(
                "cannot fetch {url}; give a key in {KEY_FILE} or a token in {TOKEN}, or both in \
                 `[git]` of the file that --config names"
            )),
            error => anyhow::Error::from(error).context(format!("cannot fetch {url}")),
        })?;
        settings.branch = Some(branch);
        self.cstate = Some(site.clone());
        Ok(Some((site, settings)))
    }

    /// How the repository is reached: as settings outside of it say, else the environment.
    fn git_settings(&self, url: &str, environment: &Environment) -> anyhow::Result<GitSettings> {
        let text = files::settings(&self.config).unwrap_or_default();
        let name = self.config.display().to_string();
        let folder = self.config.parent().unwrap_or(Path::new("."));
        let own = git::read(&text, &name, folder, environment.clone())?;
        let fetched = GitSettings::of(url);
        if let Some(own) = own {
            let branch = own.branch.clone();
            return Ok(GitSettings {
                branch,
                ..own.of_fetched(&fetched)
            });
        }
        let file = |name: &str| {
            let path = environment.get(name);
            let read = path.map(|path| files::secret(Path::new(path)));
            read.transpose()
                .with_context(|| format!("cannot read the file of {name}"))
        };
        Ok(GitSettings {
            key: file(KEY_FILE)?.map(SecretString::from),
            known_hosts: file(HOSTS_FILE)?,
            token: environment.get(TOKEN).cloned().map(SecretString::from),
            user: environment.get(USER).cloned(),
            ..fetched
        })
    }
}
