//! `critwatch dice`: the reference service alone, and its faults.

pub(crate) mod api;
pub(crate) mod load;
pub(crate) mod options;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::pin::{Pin, pin};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use tokio::net::TcpListener;
use tokio::runtime::Builder;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::command::dice::api::Api;
use crate::command::dice::load::LoadArgs;
use crate::command::dice::options::{DatabaseFile, DrillSeed, Records, Redis, duration};
use crate::command::terminal::input::listen_address;
use crate::dice;
use crate::dice::fault::control::{self, ControlRequest};
use crate::dice::fault::{parent_death, place};
use crate::dice::worker::child::{ChildSettings, CrewSettings, Ending};
use crate::dice::worker::child_pool::MEMORY_EXIT;
use crate::dice::worker::main::WorkerSettings;

const MIB: u64 = 1024 * 1024;

/// What can be done with the reference service.
#[derive(Debug, Subcommand)]
pub enum Dice {
    /// Run the API
    #[command(after_help = "Example: critwatch dice api --redis unix:///tmp/redis.sock")]
    Api(Api),
    /// Run the worker
    #[command(after_help = "Example: critwatch dice worker --children-max 3\n\n\
        To imitate a machine at a smaller scale, divide every size and time by the same factor:\n\
        children do not know of scales, they get the values. The worker of the outage at one\n\
        tenth is\n  critwatch dice worker --children-max 10 --main-memory-mib 154 \\\n    \
        --child-memory-mib 26 --restart-pause 6s --claim-after 9s --bookkeeping --keep-records 6m")]
    Worker(WorkerArgs),
    /// Generate load on the API and count the results
    #[command(after_help = "Example: critwatch dice load --rate 20 --for 30s")]
    Load(LoadArgs),
    /// Inject a fault into a running demo, or clear all faults
    #[command(after_help = "Example: critwatch dice fault fill-redis")]
    Fault(FaultArgs),
    /// A child of the worker
    #[command(hide = true)]
    Child(Child),
    /// Runs a program that ends with the process that started it
    #[command(hide = true)]
    Tether(Tether),
}

/// Arguments of the worker.
#[derive(Debug, Args)]
pub struct WorkerArgs {
    #[command(flatten)]
    redis: Redis,
    #[command(flatten)]
    database: DatabaseFile,
    /// Listen address for metrics; port 0 chooses a free one
    #[arg(long, default_value = "127.0.0.1:8091", value_parser = listen_address)]
    listen: SocketAddr,
    /// Minimum number of children
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=64))]
    children_min: u32,
    /// Maximum number of children
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=64))]
    children_max: u32,
    /// Resident memory, in MiB, at which the main process exits
    #[arg(long, value_name = "MIB", default_value_t = 256)]
    main_memory_mib: u64,
    /// Resident memory, in MiB, at which a child exits; checked after each job
    #[arg(long, value_name = "MIB", default_value_t = 128)]
    child_memory_mib: u64,
    /// Enforce the limit of the children by a control group or a resource limit
    #[arg(long)]
    hard_limit: bool,
    /// Number of jobs after which a child is replaced [default: no limit]
    #[arg(long, value_name = "JOBS", value_parser = clap::value_parser!(u64).range(1..))]
    max_jobs: Option<u64>,
    /// Time after which a child is replaced [default: no limit]
    #[arg(long, value_name = "TIME", value_parser = duration)]
    max_time: Option<Duration>,
    /// Timeout of a job; it is then retried after a pause
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = duration)]
    job_timeout: Duration,
    /// Minimum time between two restarts of a child
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = duration)]
    restart_pause: Duration,
    /// Lifetime of the worker's heartbeat in Redis
    #[arg(long, value_name = "TIME", default_value = "15s", value_parser = duration)]
    heartbeat_ttl: Duration,
    #[command(flatten)]
    records: Records,
    #[command(flatten)]
    seed: DrillSeed,
    /// Time after which an untouched job is given to another child; also the longest pause before a
    /// retry
    #[arg(long, default_value = "10s", value_parser = duration)]
    claim_after: Duration,
    /// Time for children to finish their jobs when the worker stops; unfinished jobs return to the
    /// queue
    #[arg(long, default_value = "20s", value_parser = duration)]
    grace: Duration,
}

/// Arguments of a child.
#[derive(Debug, Args)]
pub struct Child {
    #[command(flatten)]
    redis: Redis,
    #[arg(long)]
    id: u32,
    #[arg(long)]
    parent: u32,
    #[arg(long, value_parser = crew_settings)]
    settings: CrewSettings,
}

/// Arguments of a tied program.
#[derive(Debug, Args)]
pub struct Tether {
    #[arg(long)]
    parent: u32,
    program: String,
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

/// Arguments of a fault.
#[derive(Debug, Args)]
pub struct FaultArgs {
    /// fill-redis, stop-worker, slow-jobs, hang-redis, or clear to end all faults
    fault: ControlRequest,
    /// Folder of the demo
    #[arg(long, value_name = "DIR", default_value_os_t = place::usual())]
    dir: PathBuf,
}

/// Does what was asked; runs its own runtime, on the thread that it is called on.
pub fn run(command: Dice) -> anyhow::Result<ExitCode> {
    // A single-threaded runtime for all but the API: children are small, and processes are
    // started from the thread that lives as long as the program.
    let (several, one) = (Builder::new_multi_thread, Builder::new_current_thread);
    match command {
        Dice::Api(api) => finish(several(), pin!(run_api(api))),
        Dice::Worker(worker) => finish(one(), pin!(run_worker(worker))),
        Dice::Load(load) => finish(several(), pin!(load.run())),
        Dice::Fault(fault) => finish(one(), pin!(run_fault(fault))),
        Dice::Child(child) => finish(one(), pin!(run_child(child))),
        Dice::Tether(Tether {
            parent,
            program,
            arguments,
        }) => {
            let error = parent_death::exec(parent, &program, &arguments);
            Err(error).with_context(|| format!("cannot start {program}"))
        }
    }
}

/// Does some work on a runtime; a runtime of its own kind for each would be compiled
/// three times.
fn finish(
    mut runtime: Builder,
    work: Pin<&mut dyn Future<Output = anyhow::Result<ExitCode>>>,
) -> anyhow::Result<ExitCode> {
    runtime.enable_all().build()?.block_on(work)
}

async fn run_api(api: Api) -> anyhow::Result<ExitCode> {
    if !api.seed.allows(api.listen) {
        return Ok(ExitCode::from(2));
    }
    let listener = listen("dice api", api.listen).await?;
    let settings = api.settings();
    let stop = CancellationToken::new();
    let run = Box::pin(dice::run_api(settings, listener, stop.clone()));
    until_signal(&stop, run).await??;
    Ok(ExitCode::SUCCESS)
}

async fn run_worker(worker: WorkerArgs) -> anyhow::Result<ExitCode> {
    if worker.children_min > worker.children_max {
        tracing::error!("--children-min is larger than --children-max");
        return Ok(ExitCode::from(2));
    }
    if !worker.seed.allows(worker.listen) {
        return Ok(ExitCode::from(2));
    }
    let listener = listen("dice worker", worker.listen).await?;
    let settings = WorkerSettings {
        redis: worker.redis.url,
        children_min: worker.children_min,
        children_max: worker.children_max,
        main_memory_mib: worker.main_memory_mib,
        crew: CrewSettings {
            database: worker.database.path,
            memory_bytes: worker.child_memory_mib.saturating_mul(MIB),
            hard_limit: worker.hard_limit,
            claim_after: worker.claim_after,
            job_timeout: worker.job_timeout,
            grace: worker.grace,
            max_jobs: worker.max_jobs,
            max_time: worker.max_time,
            bookkeeping: worker.records.bookkeeping(),
            seed: worker.seed.seed,
        },
        restart_pause: worker.restart_pause,
        heartbeat_ttl: worker.heartbeat_ttl,
        program: std::env::current_exe().context("cannot find the own program")?,
        arguments: vec!["dice".to_owned(), "child".to_owned()],
    };
    let stop = CancellationToken::new();
    let ending = until_signal(&stop, dice::run_worker(settings, listener, stop.clone())).await??;
    Ok(exit(ending))
}

async fn run_child(child: Child) -> anyhow::Result<ExitCode> {
    let settings = ChildSettings {
        redis: child.redis.url,
        id: child.id,
        crew: child.settings,
    };
    let stop = CancellationToken::new();
    let run = dice::run_child(settings, child.parent, stop.clone());
    Ok(exit(until_signal(&stop, run).await??))
}

async fn run_fault(fault: FaultArgs) -> anyhow::Result<ExitCode> {
    let done = control::ask(&fault.dir, fault.fault).await?;
    say(&done);
    Ok(ExitCode::SUCCESS)
}

fn exit(ending: Ending) -> ExitCode {
    match ending {
        Ending::Stopped => ExitCode::SUCCESS,
        Ending::Memory => ExitCode::from(MEMORY_EXIT),
    }
}

async fn listen(name: &str, address: SocketAddr) -> anyhow::Result<TcpListener> {
    let listener = TcpListener::bind(address).await;
    let listener = listener
        .with_context(|| format!("cannot listen on {address}; `--listen` takes another address"))?;
    let address = listener.local_addr()?;
    say(&format!("{name} listening on http://{address}"));
    Ok(listener)
}

/// Runs something that ends soon after `stop`, which SIGTERM and SIGINT mean.
async fn until_signal<T>(
    stop: &CancellationToken,
    work: impl Future<Output = T>,
) -> anyhow::Result<T> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let told = async {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        stop.cancel();
        std::future::pending::<Infallible>().await
    };
    tokio::select! {
        done = work => Ok(done),
        never = told => match never {},
    }
}

#[expect(clippy::print_stdout, reason = "programs and people read this line")]
fn say(line: &str) {
    println!("{line}");
}

fn crew_settings(text: &str) -> serde_json::Result<CrewSettings> {
    serde_json::from_str(text)
}
