//! Runs `git` with a bounded environment, a time limit and a bounded answer.

use std::ffi::OsString;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, Command};

use crate::files;
use crate::git::failure::GitError;
use crate::git::settings::GitSettings;

/// How long git may take for what it does on this machine.
const LOCAL: Duration = Duration::from_mins(1);

/// How long it may take for what it does with the remote.
const REMOTE: Duration = Duration::from_mins(2);

/// Longer answers are none: a history of incidents is not that large.
const ANSWER: u64 = 512 * 1024 * 1024;

/// What git may complain about at length.
const COMPLAINT: u64 = 64 * 1024;

/// Variables that git and SSH may see: how to find programs, keys and proxies. All
/// others may hold secrets of ours, or change what git does.
const INHERITED: [&str; 14] = [
    "PATH",
    "HOME",
    "USER",
    "XDG_CONFIG_HOME",
    "SSH_AUTH_SOCK",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "GIT_SSL_CAINFO",
    "HTTPS_PROXY",
    "https_proxy",
    "ALL_PROXY",
    "all_proxy",
    "NO_PROXY",
    "no_proxy",
];

/// The private key, and the host keys that are trusted, within the repository's folder.
const KEY: &str = "critwatch-key";
const HOSTS: &str = "critwatch-known-hosts";

/// Asks our environment for the token, so that it stands neither in a command line nor
/// in a file.
const HELPER: &str = "!f() { test \"$1\" = get && printf 'username=%s\\npassword=%s\\n' \
    \"$CRITWATCH_GIT_USER\" \"$CRITWATCH_GIT_TOKEN\"; }; f";

/// The program `git` on one repository.
#[derive(Clone, Debug)]
pub(crate) struct Git {
    repository: PathBuf,
    settings: Vec<String>,
    environment: Vec<(OsString, OsString)>,
    token: Option<SecretString>,
    limits: (Duration, Duration),
}

impl Git {
    /// The program on a bare repository, with the credentials of its remote.
    pub(crate) fn new(repository: &Path, settings: &GitSettings) -> Self {
        let mut config: Vec<String> = [
            // Whatever hooks and settings of the user do, they do not belong here.
            "core.hooksPath=/dev/null",
            "core.quotePath=false",
            "gc.autoDetach=false",
            "maintenance.autoDetach=false",
            "http.lowSpeedLimit=100",
            "http.lowSpeedTime=20",
            "submodule.recurse=false",
            "push.gpgSign=false",
        ]
        .map(str::to_owned)
        .into();
        let mut environment = inherited();
        let mut add = |name: &str, value: &str| environment.push((name.into(), value.into()));
        add("LC_ALL", "C");
        add("GIT_TERMINAL_PROMPT", "0");
        add("GIT_ASKPASS", "true");
        add("SSH_ASKPASS", "true");
        add("GIT_ALLOW_PROTOCOL", "https:http:ssh:file");
        add("GIT_OPTIONAL_LOCKS", "0");
        add("GIT_SSH_COMMAND", &ssh(repository));
        if settings.token.is_some() {
            let host = settings
                .remote
                .splitn(4, '/')
                .take(3)
                .collect::<Vec<_>>()
                .join("/");
            // No other helper is asked, and ours answers for that host alone.
            config.push("credential.helper=".to_owned());
            config.push(format!("credential.{host}.helper={HELPER}"));
            add("CRITWATCH_GIT_USER", settings.token_user());
        }
        Self {
            repository: repository.to_owned(),
            settings: config,
            environment,
            token: settings.token.clone(),
            limits: (LOCAL, REMOTE),
        }
    }

    /// Does something on this machine; returns what git printed.
    pub(crate) async fn run(&self, arguments: &[&str], input: &[u8]) -> Result<Vec<u8>, GitError> {
        self.run_within(self.limits.0, arguments, input).await
    }

    /// Does something with the remote.
    pub(crate) async fn talk(&self, arguments: &[&str]) -> Result<Vec<u8>, GitError> {
        self.run_within(self.limits.1, arguments, b"").await
    }

    async fn run_within(
        &self,
        limit: Duration,
        arguments: &[&str],
        input: &[u8],
    ) -> Result<Vec<u8>, GitError> {
        let act = arguments.first().copied().unwrap_or_default();
        let failed = |error: std::io::Error| match error.kind() {
            std::io::ErrorKind::NotFound => GitError::Missing,
            _ => GitError::of(act, &error.to_string()),
        };
        let mut child = self.command(arguments).spawn().map_err(failed)?;
        let group = child.id();
        let done = tokio::time::timeout(limit, finish(&mut child, input)).await;
        let Ok(done) = done else {
            end(group);
            let act = act.to_owned();
            return Err(GitError::Timeout { act, limit });
        };
        let (code, answer, complaint) = done.map_err(failed)?;
        if code == Some(0) {
            return Ok(answer);
        }
        let said = [&answer[answer.len().saturating_sub(4096)..], &complaint].concat();
        Err(GitError::of(act, &String::from_utf8_lossy(&said)))
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        command.env_clear().envs(self.environment.iter().cloned());
        if let Some(token) = &self.token {
            command.env("CRITWATCH_GIT_TOKEN", token.expose_secret());
        }
        command.arg("--git-dir").arg(&self.repository);
        for setting in &self.settings {
            command.args(["-c", setting]);
        }
        command
            .args(arguments)
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            // What git starts ends with it.
            .process_group(0)
            .kill_on_drop(true);
        command
    }
}

/// Gives git its input and waits for its answers.
async fn finish(
    child: &mut Child,
    input: &[u8],
) -> std::io::Result<(Option<i32>, Vec<u8>, Vec<u8>)> {
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let write = async {
        if let Some(mut stdin) = stdin {
            // Who has read enough has closed it.
            let _ = stdin.write_all(input).await;
        }
    };
    let ((), answer, complaint) =
        tokio::join!(write, bounded(stdout, ANSWER), bounded(stderr, COMPLAINT));
    let status = child.wait().await?;
    Ok((status.code(), answer?, complaint?))
}

/// Reads all, and keeps what is within the limit.
async fn bounded(from: Option<impl AsyncRead + Unpin>, most: u64) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if let Some(mut from) = from {
        (&mut from).take(most).read_to_end(&mut bytes).await?;
        tokio::io::copy(&mut from, &mut tokio::io::sink()).await?;
    }
    Ok(bytes)
}

/// Ends git and what it started.
fn end(group: Option<u32>) {
    let pid = group.and_then(|id| i32::try_from(id).ok());
    if let Some(pid) = pid.and_then(Pid::from_raw) {
        // It may have ended just now.
        let _ = kill_process_group(pid, Signal::KILL);
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the program is found and reaches its remote as the user's own does"
)]
fn inherited() -> Vec<(OsString, OsString)> {
    let values = INHERITED.iter().map(|name| (name, std::env::var_os(name)));
    let there = values.filter_map(|(name, value)| Some(((*name).into(), value?)));
    there.collect()
}

/// How git speaks SSH: it asks nobody, and trusts no host that it does not know.
fn ssh(repository: &Path) -> String {
    let mut command = "ssh -o BatchMode=yes -o ConnectTimeout=10 -o ServerAliveInterval=5 \
        -o ServerAliveCountMax=3 -o StrictHostKeyChecking=yes"
        .to_owned();
    let quoted = |name: &str| {
        let path = repository.join(name).display().to_string();
        format!("'{}'", path.replace('\'', "'\\''"))
    };
    if repository.join(KEY).exists() {
        command.extend([" -o IdentitiesOnly=yes -i ", &quoted(KEY)]);
    }
    if repository.join(HOSTS).exists() {
        command.extend([" -o UserKnownHostsFile=", &quoted(HOSTS)]);
    }
    command
}

/// Puts a key and host keys where SSH finds them, for our user's eyes alone.
pub(crate) fn put_keys(repository: &Path, settings: &GitSettings) -> std::io::Result<()> {
    let key = settings.key.as_ref().map(SecretString::expose_secret);
    for (name, text) in [(KEY, key), (HOSTS, settings.known_hosts.as_deref())] {
        let place = repository.join(name);
        match text {
            Some(text) => {
                // A temporary file is private from the first byte on.
                let mut beside = files::beside(repository)?;
                beside.write_all(text.trim().as_bytes())?;
                beside.write_all(b"\n")?;
                beside.persist(place).map_err(|error| error.error)?;
            }
            None if place.exists() => std::fs::remove_file(place)?,
            None => {}
        }
    }
    Ok(())
}
