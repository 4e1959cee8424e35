//! Processes that the rig starts: tied to it, in groups of their own, ended by their ids.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

use crate::dice::fault::error::RigError;

/// How long a part may take until it tells its address.
const UP_WITHIN: Duration = Duration::from_secs(10);

/// Starts the parts of a rig.
#[derive(Clone, Debug)]
pub(crate) struct Starter {
    /// The critwatch program.
    pub(crate) program: PathBuf,
    /// Where logs go.
    pub(crate) dir: PathBuf,
    /// What every part finds in its environment.
    pub(crate) environment: Vec<(String, String)>,
}

/// A started process and everything in its group.
#[derive(Debug)]
pub(crate) struct Tied {
    name: &'static str,
    child: Child,
    group: Option<Pid>,
    /// Read once, then kept open, so that a late line does not end the process.
    output: Option<BufReader<ChildStdout>>,
}

impl Starter {
    /// Finds the first of some programs that is installed.
    pub(crate) async fn find(&self, names: &[&'static str]) -> Option<&'static str> {
        for name in names {
            let version = Command::new(name)
                .arg("--version")
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status();
            if version.await.is_ok_and(|status| status.success()) {
                return Some(name);
            }
        }
        None
    }

    /// Starts a program that tells nothing.
    pub(crate) fn start(
        &self,
        name: &'static str,
        program: &str,
        arguments: &[String],
    ) -> Result<Tied, RigError> {
        self.spawn(name, program, arguments, false)
            .map_err(|error| RigError::Process(name, error))
    }

    /// Starts a part of our own and reads the address that it tells.
    pub(crate) async fn start_own(
        &self,
        name: &'static str,
        listen: SocketAddr,
        arguments: &[String],
    ) -> Result<(Tied, SocketAddr), RigError> {
        let mut all = vec!["dice".to_owned(), name.to_owned()];
        all.extend(["--listen".to_owned(), listen.to_string()]);
        all.extend_from_slice(arguments);
        let (tied, [address]) = self.start_telling(name, &all).await?;
        Ok((tied, address))
    }

    /// Starts the critwatch program and reads the addresses that it tells, a line each.
    pub(crate) async fn start_telling<const LINES: usize>(
        &self,
        name: &'static str,
        arguments: &[String],
    ) -> Result<(Tied, [SocketAddr; LINES]), RigError> {
        let program = self.program.display().to_string();
        let mut tied = self
            .spawn(name, &program, arguments, true)
            .map_err(|error| RigError::Process(name, error))?;
        let mut addresses = [None; LINES];
        if let Some(output) = &mut tied.output {
            for address in &mut addresses {
                let mut line = String::new();
                timeout(UP_WITHIN, output.read_line(&mut line)).await.ok();
                let at = line.trim().rsplit_once("http://");
                *address = at.and_then(|(_, at)| at.parse().ok());
            }
        }
        let mut told = [SocketAddr::from(([0, 0, 0, 0], 0)); LINES];
        for (told, address) in told.iter_mut().zip(addresses) {
            *told = address.ok_or_else(|| self.not_up(name))?;
        }
        Ok((tied, told))
    }

    /// Says that a part did not come up, and where to look.
    pub(crate) fn not_up(&self, part: &'static str) -> RigError {
        RigError::NotUp {
            part,
            log: self.log(part),
        }
    }

    fn log(&self, name: &str) -> PathBuf {
        self.dir.join(format!("{name}.log"))
    }

    fn spawn(
        &self,
        name: &'static str,
        program: &str,
        arguments: &[String],
        reports: bool,
    ) -> std::io::Result<Tied> {
        // A part that is started again goes on with its log.
        let log = std::fs::File::options()
            .create(true)
            .append(true)
            .open(self.log(name))?;
        let output = if reports {
            Stdio::piped()
        } else {
            Stdio::from(log.try_clone()?)
        };
        let mut child = Command::new(&self.program)
            .args([
                "dice",
                "tether",
                "--parent",
                &std::process::id().to_string(),
                "--",
                program,
            ])
            .args(arguments)
            .envs(self.environment.iter().cloned())
            .stdin(Stdio::null())
            .stdout(output)
            .stderr(log)
            .process_group(0)
            .kill_on_drop(true)
            .spawn()?;
        let group = child
            .id()
            .and_then(|pid| i32::try_from(pid).ok())
            .and_then(Pid::from_raw);
        let output = child.stdout.take().map(BufReader::new);
        Ok(Tied {
            name,
            child,
            group,
            output,
        })
    }
}

impl Tied {
    /// Stops the process in its tracks, connections and all.
    pub(crate) fn pause(&self) -> std::io::Result<()> {
        self.signal(Signal::STOP)
    }

    /// Lets it go on.
    pub(crate) fn go_on(&self) -> std::io::Result<()> {
        self.signal(Signal::CONT)
    }

    /// Kills the whole group and waits for the process.
    pub(crate) async fn kill(&mut self) {
        self.signal(Signal::KILL).ok();
        self.child.wait().await.ok();
    }

    /// Asks the process to end, waits, and kills what is left of its group.
    pub(crate) async fn end(&mut self, within: Duration) {
        self.signal(Signal::TERM).ok();
        if timeout(within, self.child.wait()).await.is_err() {
            tracing::warn!(part = self.name, "part did not end in time and is killed");
            self.kill().await;
        }
    }

    fn signal(&self, signal: Signal) -> std::io::Result<()> {
        // Once the process was waited for it has no id, and the group's may be a stranger's.
        match (self.child.id(), self.group) {
            (Some(_), Some(group)) => Ok(kill_process_group(group, signal)?),
            _ => Ok(()),
        }
    }
}
