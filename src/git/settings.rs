//! The settings of `[git]`.

use std::time::Duration;

use schemars::JsonSchema;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use crate::model::text::shape::{DurationText, SecretText};
use crate::model::time::duration;

/// A shorter secret can be guessed.
const SHORTEST: usize = 16;

/// The table `[git]`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GitSettings {
    /// The URL of the repository: `https://…`, `ssh://…`, `git@host:path` or `file://…`.
    #[serde(default)]
    pub(crate) remote: String,
    /// The branch to pull from and push to; by default `main`, with `--cstate URL` the
    /// remote's own.
    pub(crate) branch: Option<String>,
    /// Time between pulls.
    #[serde(default = "every_minute", deserialize_with = "duration::deserialize")]
    #[schemars(with = "DurationText")]
    pub(crate) interval: Duration,
    /// The committer: `Name <address>`.
    #[serde(default = "critwatch")]
    pub(crate) author: String,
    /// The private key for SSH.
    #[schemars(with = "Option<SecretText>")]
    pub(crate) key: Option<SecretString>,
    /// The only trusted host keys, in the format of `known_hosts`.
    pub(crate) known_hosts: Option<String>,
    /// The password for https: an access token.
    #[schemars(with = "Option<SecretText>")]
    pub(crate) token: Option<SecretString>,
    /// The user of the token.
    pub(crate) user: Option<String>,
    /// The folder of the incident files within the repository.
    #[serde(default)]
    pub(crate) path: String,
    /// The secret with which the git host signs webhooks.
    #[schemars(with = "Option<SecretText>")]
    pub(crate) webhook_secret: Option<SecretString>,
}

fn every_minute() -> Duration {
    Duration::from_mins(1)
}

fn critwatch() -> String {
    "critwatch <critwatch@localhost>".to_owned()
}

impl GitSettings {
    /// Settings of a repository of which nothing else is known.
    pub(crate) fn of(remote: &str) -> Self {
        Self {
            remote: remote.to_owned(),
            branch: None,
            interval: every_minute(),
            author: critwatch(),
            key: None,
            known_hosts: None,
            token: None,
            user: None,
            path: String::new(),
            webhook_secret: None,
        }
    }

    /// These settings for a site that was fetched: where from is known, and with which
    /// key, unless these name another one.
    pub(crate) fn of_fetched(self, fetched: &Self) -> Self {
        let has_key = self.key.is_some() || self.token.is_some();
        let keys = if has_key { &self } else { fetched };
        let (key, token, user) = (keys.key.clone(), keys.token.clone(), keys.user.clone());
        Self {
            remote: fetched.remote.clone(),
            branch: fetched.branch.clone(),
            known_hosts: self
                .known_hosts
                .clone()
                .or_else(|| fetched.known_hosts.clone()),
            key,
            token,
            user,
            ..self
        }
    }

    /// What cannot work, each by its key.
    pub(crate) fn faults(&self, needs_remote: bool) -> Vec<(&'static str, String)> {
        let mut faults = Vec::new();
        let mut fault = |key, message: &str| faults.push((key, message.to_owned()));
        if self.remote.is_empty() && needs_remote {
            fault(
                "remote",
                "name the repository: `remote = \"git@github.com:you/status.git\"`",
            );
        } else if !self.remote.is_empty()
            && let Err(message) = check_remote(&self.remote)
        {
            fault("remote", message);
        }
        if let Some(branch) = &self.branch
            && !is_branch(branch)
        {
            fault(
                "branch",
                "this cannot be the name of a branch; write it as in `main`",
            );
        }
        if self.interval < Duration::from_secs(1) {
            fault("interval", "a remote is asked once a second at most");
        }
        if person(&self.author).is_none() {
            fault(
                "author",
                "write a name and an address: `Status <status@example.org>`",
            );
        }
        if !is_path(&self.path) {
            fault(
                "path",
                "write the folder within the repository: `content/issues`",
            );
        }
        if let Some(message) = self.credentials_fault() {
            let key = if self.token.is_some() { "token" } else { "key" };
            fault(key, message);
        }
        let secret = self.webhook_secret.as_ref();
        if secret.is_some_and(|secret| secret.expose_secret().len() < SHORTEST) {
            fault(
                "webhook_secret",
                "a secret has at least 16 characters; make one with `openssl rand -hex 32`",
            );
        }
        faults
    }

    /// What is wrong with the key or the token.
    fn credentials_fault(&self) -> Option<&'static str> {
        let key = self
            .key
            .as_ref()
            .map(|key| key.expose_secret().contains("PRIVATE KEY"));
        match (&self.token, key) {
            (Some(_), Some(_)) => Some("keep one of `token` and `key_file`"),
            (Some(_), None) if !self.remote.is_empty() && !self.remote.starts_with("https://") => {
                Some("a token is for `https://`; SSH needs a `key_file`")
            }
            (None, Some(false)) => Some("this is not a private key; name its file as `key_file`"),
            (None, Some(true)) if !self.remote.is_empty() && !is_ssh(&self.remote) => {
                Some("a key is for SSH; `https://` needs a `token`")
            }
            _ => None,
        }
    }

    /// The user of the token: what GitHub and GitLab expect, unless it is named.
    pub(crate) fn token_user(&self) -> &str {
        match &self.user {
            Some(user) => user,
            None if self.remote.contains("gitlab") => "oauth2",
            None => "x-access-token",
        }
    }
}

/// Whether this names a repository elsewhere rather than a folder.
pub(crate) fn is_remote(text: &str) -> bool {
    ["https://", "http://", "ssh://", "file://"]
        .iter()
        .any(|scheme| text.starts_with(scheme))
        || is_scp(text)
}

/// Whether it is reached by SSH.
pub(crate) fn is_ssh(remote: &str) -> bool {
    remote.starts_with("ssh://") || is_scp(remote)
}

/// `git@host:path`, as in scp.
fn is_scp(text: &str) -> bool {
    let head = text.split_once(':').map(|(head, _)| head);
    head.is_some_and(|head| head.contains('@') && !head.contains('/') && !head.starts_with('-'))
}

/// What is wrong with an address of a repository.
pub(crate) fn check_remote(remote: &str) -> Result<(), &'static str> {
    if !is_remote(remote) || !is_plain(remote) {
        return Err("write the address as `https://…`, `ssh://…`, `git@host:path` or `file://…`");
    }
    if let Some(rest) = remote.strip_prefix("http://") {
        let host = rest.split(['/', ':']).next().unwrap_or_default();
        if !["127.0.0.1", "localhost"].contains(&host) {
            return Err("only `https://` keeps a token secret on the way");
        }
    }
    let authority = remote.split_once("://").map_or("", |(_, rest)| rest);
    let authority = authority.split('/').next().unwrap_or_default();
    if remote.starts_with("http") && authority.contains('@') {
        return Err(
            "an address is shown and logged; put the password into `token` or `token_file`",
        );
    }
    if is_ssh(remote) && authority.starts_with('-') {
        return Err("a host does not begin with a dash");
    }
    Ok(())
}

/// The name and the address of `Name <address>`.
pub(crate) fn person(text: &str) -> Option<(&str, &str)> {
    let (name, rest) = text.split_once('<')?;
    let (address, end) = rest.split_once('>')?;
    let name = name.trim();
    let is_sound = !name.is_empty()
        && end.trim().is_empty()
        && is_plain(text)
        && !address.contains(['<', '>', ' '])
        && !address.is_empty();
    is_sound.then_some((name, address))
}

/// Whether git takes it for the name of a branch.
pub(crate) fn is_branch(name: &str) -> bool {
    let bad = ["..", "@{", "//", "\\", " ", "~", "^", ":", "?", "*", "["];
    !name.is_empty()
        && is_plain(name)
        && !name.starts_with(['-', '/', '.'])
        && !name.ends_with(['/', '.'])
        && std::path::Path::new(name)
            .extension()
            .is_none_or(|end| end != "lock")
        && !bad.iter().any(|bad| name.contains(bad))
}

/// Whether it is a folder within the repository, or all of it.
fn is_path(path: &str) -> bool {
    let path = path.trim_matches('/');
    let mut parts = path.split('/');
    path.is_empty()
        || (is_plain(path) && !parts.any(|part| part.is_empty() || part.starts_with('.')))
}

fn is_plain(text: &str) -> bool {
    !text.contains(['\'', '"', '\n']) && !text.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_leak_or_run_something_are_refused() {
        for good in [
            "https://github.com/you/status.git",
            "git@github.com:you/status.git",
            "ssh://git@host:22/you/status.git",
            "file:///srv/status.git",
            "http://127.0.0.1:3000/you/status.git",
        ] {
            assert_eq!(check_remote(good), Ok(()), "{good}");
        }
        for bad in [
            "https://you:secret@github.com/you/status.git",
            "https://ghp_secret@github.com/you/status.git",
            "http://example.org/status.git",
            "ext::sh -c id",
            "-u@host:x",
            "ssh://-oProxyCommand=id/x",
            "/srv/status.git",
            "file:///srv/'x'",
        ] {
            assert!(check_remote(bad).is_err(), "{bad}");
        }
        for bad in [
            "", "-x", "a..b", "a b", "a.lock", "/a", "a/", "a@{b", "a\nb",
        ] {
            assert!(!is_branch(bad), "{bad}");
        }
        assert!(is_branch("cms/drafts-2"));
        assert_eq!(person("A B <a@b>"), Some(("A B", "a@b")));
        for bad in ["A", "<a@b>", "A <>", "A <a> b", "A\n <a@b>"] {
            assert_eq!(person(bad), None, "{bad}");
        }
    }
}
