//! The children as processes: started, heard, ended, started again.

use std::collections::BTreeMap;
use std::os::unix::process::ExitStatusExt as _;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::dice::link::RedisUrl;
use crate::dice::metrics::{Reason, WorkerMetrics};
use crate::dice::worker::pace;
use crate::dice::worker::report::ChildReport;

/// Exit code of a process that reached its memory ceiling.
pub(crate) const MEMORY_EXIT: u8 = 12;
/// The variable in which a child finds the address of Redis; arguments are seen by everybody.
pub(crate) const REDIS_VARIABLE: &str = "DICE_REDIS";

/// How a child is started.
#[derive(Clone, Debug)]
pub(crate) struct Recipe {
    /// The program.
    pub(crate) program: PathBuf,
    /// Its first arguments.
    pub(crate) arguments: Vec<String>,
    /// Handed over in the environment.
    pub(crate) redis: RedisUrl,
    /// The child's memory ceiling.
    pub(crate) memory_mib: u64,
    /// Handed over as an argument.
    pub(crate) claim_after: Duration,
    /// How long a child may finish its job when asked to end.
    pub(crate) grace: Duration,
}

struct Running {
    since: Instant,
    end: CancellationToken,
}

struct RestartPause {
    until: Instant,
    young_deaths: u32,
}

/// All children of one worker.
pub(crate) struct Crew {
    recipe: Recipe,
    metrics: WorkerMetrics,
    running: BTreeMap<u32, Running>,
    paused: BTreeMap<u32, RestartPause>,
    ended: JoinSet<(u32, std::io::Result<ExitStatus>)>,
    report: mpsc::Sender<(u32, ChildReport)>,
    reports: mpsc::Receiver<(u32, ChildReport)>,
}

/// Something that a child did.
pub(crate) enum ChildEvent {
    /// It reported.
    Report(u32, ChildReport),
    /// It ended.
    End(u32, std::io::Result<ExitStatus>),
}

impl Crew {
    /// Makes a crew without children.
    pub(crate) fn new(recipe: Recipe, metrics: WorkerMetrics) -> Self {
        let (report, reports) = mpsc::channel(256);
        Self {
            recipe,
            metrics,
            running: BTreeMap::new(),
            paused: BTreeMap::new(),
            ended: JoinSet::new(),
            report,
            reports,
        }
    }

    /// Waits for the next sign of a child; waits forever when there is none.
    pub(crate) async fn sign(&mut self) -> ChildEvent {
        tokio::select! {
            Some((child, report)) = self.reports.recv() => ChildEvent::Report(child, report),
            Some(Ok((child, status))) = self.ended.join_next() => ChildEvent::End(child, status),
            else => std::future::pending().await,
        }
    }

    /// Takes note of a sign.
    pub(crate) fn note(&mut self, sign: ChildEvent) {
        match sign {
            ChildEvent::Report(child, report) => {
                self.metrics.child_memory(child, report.resident_bytes());
                match report {
                    ChildReport::Completed { seconds, .. } => {
                        self.metrics.completed.inc();
                        self.metrics.job(seconds);
                    }
                    ChildReport::Failed { seconds, .. } => {
                        self.metrics.failed.inc();
                        self.metrics.job(seconds);
                    }
                    ChildReport::Alive { .. } => {}
                }
            }
            ChildEvent::End(child, status) => self.note_end(child, &status),
        }
    }

    /// Starts and ends children until there are so many, or as many as the pauses allow.
    pub(crate) fn fill(&mut self, wanted: u32) {
        for child in 1..=wanted {
            let rests = self
                .paused
                .get(&child)
                .is_some_and(|rest| Instant::now() < rest.until);
            if !rests && !self.running.contains_key(&child) {
                self.start(child);
            }
        }
        for (_, running) in self.running.range(wanted.saturating_add(1)..) {
            running.end.cancel();
        }
    }

    /// Asks all children to end and waits until they have.
    pub(crate) async fn end(&mut self) {
        self.running
            .values()
            .for_each(|running| running.end.cancel());
        while !self.running.is_empty() {
            let sign = self.sign().await;
            self.note(sign);
        }
        // A report can be behind the end of its child.
        while let Ok((child, report)) = self.reports.try_recv() {
            self.note(ChildEvent::Report(child, report));
        }
    }

    fn start(&mut self, id: u32) {
        let recipe = &self.recipe;
        let started = Command::new(&recipe.program)
            .args(&recipe.arguments)
            .args(["--id", &id.to_string()])
            .args(["--parent", &std::process::id().to_string()])
            .args(["--memory-mib", &recipe.memory_mib.to_string()])
            .args([
                "--claim-after-ms",
                &recipe.claim_after.as_millis().to_string(),
            ])
            .env(REDIS_VARIABLE, recipe.redis.expose())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn();
        match started {
            Ok(child) => {
                tracing::info!(child.id = id, child.pid = child.id(), "child started");
                let end = CancellationToken::new();
                let (report, grace) = (self.report.clone(), recipe.grace);
                self.ended
                    .spawn(attend(id, child, report, end.clone(), grace));
                self.running.insert(
                    id,
                    Running {
                        since: Instant::now(),
                        end,
                    },
                );
                self.count();
            }
            Err(error) => {
                tracing::error!(child.id = id, %error, "cannot start child");
                self.rest(id, true);
            }
        }
    }

    fn note_end(&mut self, id: u32, status: &std::io::Result<ExitStatus>) {
        let Some(running) = self.running.remove(&id) else {
            return;
        };
        self.count();
        self.metrics.child_ended(id);
        if running.end.is_cancelled() {
            tracing::info!(child.id = id, "child ended as asked");
            return;
        }
        let reason = reason(status.as_ref().ok());
        let lived = running.since.elapsed();
        tracing::warn!(
            child.id = id,
            reason = reason.name(),
            lived_ms = u64::try_from(lived.as_millis()).unwrap_or(u64::MAX),
            "child ended unexpectedly"
        );
        self.metrics.restart(reason);
        self.rest(id, lived < pace::YOUNG);
    }

    fn rest(&mut self, id: u32, is_young: bool) {
        let before = self.paused.get(&id).map_or(0, |rest| rest.young_deaths);
        let young_deaths = if is_young {
            before.saturating_add(1)
        } else {
            0
        };
        let until = Instant::now() + pace::pause(young_deaths);
        self.paused.insert(
            id,
            RestartPause {
                until,
                young_deaths,
            },
        );
    }

    fn count(&self) {
        self.metrics
            .children
            .set(i64::try_from(self.running.len()).unwrap_or(i64::MAX));
    }
}

/// Hears a child and waits for its end; this task alone knows the child's process id, so no
/// signal can reach a stranger that got the same id later.
async fn attend(
    id: u32,
    mut child: Child,
    report: mpsc::Sender<(u32, ChildReport)>,
    end: CancellationToken,
    grace: Duration,
) -> (u32, std::io::Result<ExitStatus>) {
    // Held open: its end is what tells the child, where no signal does, that we are gone.
    let _input = child.stdin.take();
    let output = child.stdout.take();
    let receive = async {
        let Some(output) = output else { return };
        let mut lines = BufReader::new(output).lines();
        while let Ok(Some(line)) = lines.next_line().await {
            if let Some(received) = ChildReport::read(&line) {
                report.send((id, received)).await.ok();
            }
        }
    };
    let wait = async {
        tokio::select! {
            status = child.wait() => return status,
            () = end.cancelled() => {}
        }
        terminate(&child)?;
        if let Ok(status) = timeout(grace, child.wait()).await {
            return status;
        }
        tracing::warn!(child.id = id, "child did not end in time and is killed");
        child.start_kill()?;
        child.wait().await
    };
    let (status, ()) = tokio::join!(wait, receive);
    (id, status)
}

fn terminate(child: &Child) -> std::io::Result<()> {
    let pid = child
        .id()
        .and_then(|pid| i32::try_from(pid).ok())
        .and_then(Pid::from_raw);
    match pid {
        Some(pid) => Ok(kill_process(pid, Signal::TERM)?),
        None => Ok(()),
    }
}

fn reason(status: Option<&ExitStatus>) -> Reason {
    match status {
        Some(status) if status.signal().is_some() => Reason::Killed,
        Some(status) if status.code() == Some(i32::from(MEMORY_EXIT)) => Reason::Memory,
        Some(status) if status.success() => Reason::Other,
        _ => Reason::Error,
    }
}
