//! The children as processes: started, heard, ended, started again.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::os::unix::process::ExitStatusExt as _;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, ChildStdin, Command};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::dice::link::RedisUrl;
use crate::dice::queue::name::QueueName;
use crate::dice::worker::child::CrewSettings;
use crate::dice::worker::metrics::{Reason, WorkerMetrics};
use crate::dice::worker::pace;
use crate::dice::worker::report::{ChildNews, ChildReport};

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
    /// Handed over as an argument.
    pub(crate) crew: CrewSettings,
    /// How long after its last restart a child is started again at the earliest.
    pub(crate) restart_pause: Duration,
}

struct Running {
    end: CancellationToken,
    first: watch::Sender<QueueName>,
    is_recycled: bool,
}

/// All children of one worker.
pub(crate) struct Crew {
    recipe: Recipe,
    metrics: WorkerMetrics,
    running: BTreeMap<u32, Running>,
    /// Children that ended unasked, and from when on each may be started once more.
    paused: BTreeMap<u32, Instant>,
    /// The mean time of a job of each queue, in seconds.
    means: [Option<f64>; 2],
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
            means: [None; 2],
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
            ChildEvent::Report(child, report) => self.note_report(child, report),
            ChildEvent::End(child, status) => self.note_end(child, &status),
        }
    }

    /// Starts and ends children until there are so many, or as many as the pauses allow; the
    /// first ones take rolls first.
    pub(crate) fn fill(&mut self, wanted: u32, for_rolls: u32) {
        for child in 1..=wanted {
            let first = if child <= for_rolls {
                QueueName::Rolls
            } else {
                QueueName::Assets
            };
            let until = self.paused.get(&child);
            let rests = until.is_some_and(|until| Instant::now() < *until);
            if let Some(running) = self.running.get(&child) {
                running.first.send_if_modified(|now| {
                    let is_other = *now != first;
                    *now = first;
                    is_other
                });
            } else if !rests {
                self.start(child, first);
            }
        }
        for (_, running) in self.running.range(wanted.saturating_add(1)..) {
            running.end.cancel();
        }
    }

    /// Tells how long a queue with so many jobs takes until it is empty.
    pub(crate) fn time_to_clear(&self, queue: QueueName, jobs: u64) -> Duration {
        // Before the first job of a queue is done, each is taken for a millisecond.
        let mean = self.means.get(queue.index()).copied().flatten();
        let mean = Duration::try_from_secs_f64(mean.unwrap_or(0.001)).unwrap_or(Duration::MAX);
        let children = u32::try_from(self.running.len()).unwrap_or(u32::MAX).max(1);
        mean.saturating_mul(u32::try_from(jobs).unwrap_or(u32::MAX)) / children
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

    fn start(&mut self, id: u32, first: QueueName) {
        // A child that is started again rests before it is started once more.
        if let Some(until) = self.paused.get_mut(&id) {
            *until = Instant::now() + self.recipe.restart_pause;
        }
        match self.spawn(id) {
            Ok(child) => {
                tracing::info!(child.id = id, child.pid = child.id(), "child started");
                let end = CancellationToken::new();
                let (orders, ordered) = watch::channel(first);
                let attended = Attended {
                    child,
                    report: self.report.clone(),
                    end: end.clone(),
                    first: ordered,
                    grace: self.recipe.crew.grace,
                };
                self.ended
                    .spawn(async move { (id, attended.run(id).await) });
                let running = Running {
                    end,
                    first: orders,
                    is_recycled: false,
                };
                self.running.insert(id, running);
                self.count();
            }
            Err(error) => {
                tracing::error!(child.id = id, %error, "cannot start child");
                let until = Instant::now() + self.recipe.restart_pause;
                self.paused.insert(id, until);
            }
        }
    }

    fn spawn(&self, id: u32) -> std::io::Result<Child> {
        let recipe = &self.recipe;
        let settings = serde_json::to_string(&recipe.crew)?;
        Command::new(&recipe.program)
            .args(&recipe.arguments)
            .args(["--id", &id.to_string()])
            .args(["--parent", &std::process::id().to_string()])
            .args(["--settings", &settings])
            .env(REDIS_VARIABLE, recipe.redis.expose())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
    }

    fn note_report(&mut self, child: u32, report: ChildReport) {
        let metrics = &self.metrics;
        metrics.child_memory(child, report.resident_bytes);
        match report.news {
            ChildNews::Completed { queue, seconds } => {
                metrics.completed.inc();
                metrics.job(seconds);
                if let Some(mean) = self.means.get_mut(queue.index()) {
                    *mean = Some(pace::mean(*mean, seconds));
                }
            }
            ChildNews::Failed { seconds } => {
                metrics.failed.inc();
                metrics.job(seconds);
            }
            ChildNews::Retried => metrics.retried.inc(),
            ChildNews::Recycled => {
                if let Some(running) = self.running.get_mut(&child) {
                    running.is_recycled = true;
                }
            }
            ChildNews::Alive => {}
        }
    }

    fn note_end(&mut self, id: u32, status: &std::io::Result<ExitStatus>) {
        // What the child said last can be behind its end.
        while let Ok((child, report)) = self.reports.try_recv() {
            self.note_report(child, report);
        }
        let Some(running) = self.running.remove(&id) else {
            return;
        };
        self.count();
        self.metrics.child_ended(id);
        if running.end.is_cancelled() {
            tracing::info!(child.id = id, "child ended as asked");
            return;
        }
        if running.is_recycled {
            tracing::debug!(child.id = id, "child has done its part");
            self.metrics.recycled.inc();
            return;
        }
        let reason = reason(status.as_ref().ok());
        tracing::warn!(
            child.id = id,
            reason = reason.name(),
            "child ended unexpectedly"
        );
        self.metrics.restart(reason);
        self.paused.entry(id).or_insert_with(Instant::now);
    }

    fn count(&self) {
        self.metrics
            .children
            .set(i64::try_from(self.running.len()).unwrap_or(i64::MAX));
    }
}

/// A child and what its task needs; this task alone knows the child's process id, so no signal
/// can reach a stranger that got the same id later.
struct Attended {
    child: Child,
    report: mpsc::Sender<(u32, ChildReport)>,
    end: CancellationToken,
    first: watch::Receiver<QueueName>,
    grace: Duration,
}

impl Attended {
    /// Hears the child, passes on what it is to take first, and waits for its end.
    async fn run(self, id: u32) -> std::io::Result<ExitStatus> {
        let Self {
            mut child,
            report,
            end,
            first,
            grace,
        } = self;
        // Held open: its end is what tells the child, where no signal does, that we are gone.
        let input = child.stdin.take();
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
        let ended = async { tokio::join!(wait, receive).0 };
        tokio::select! {
            status = ended => status,
            never = pass_on(input, first) => match never {},
        }
    }
}

/// Tells a child which queue it takes from first, each time that this changes.
async fn pass_on(
    mut input: Option<ChildStdin>,
    mut first: watch::Receiver<QueueName>,
) -> Infallible {
    while let Some(input) = &mut input {
        let line = format!("{}\n", first.borrow_and_update().label());
        let written = input.write_all(line.as_bytes()).await;
        if written.is_err() || first.changed().await.is_err() {
            break;
        }
    }
    std::future::pending().await
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
