//! `critwatch dice`: the reference service alone, and its faults.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use tokio::net::TcpListener;
use tokio::runtime::Builder;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::command::load::LoadArgs;
use crate::dice::api::admission::AdmissionLimits;
use crate::dice::api::limits::rate::RateSettings;
use crate::dice::api::realtime::hub_state::SocketLimits;
use crate::dice::api::roll_mode::RollMode;
use crate::dice::api::rolling::RollingSettings;
use crate::dice::database::connection::DATABASE_VARIABLE;
use crate::dice::fault::control::{self, ControlRequest};
use crate::dice::fault::{parent_death, place};
use crate::dice::link::RedisUrl;
use crate::dice::queue::bookkeeping::Bookkeeping;
use crate::dice::worker::child::{ChildSettings, CrewSettings, Ending};
use crate::dice::worker::child_pool::{MEMORY_EXIT, REDIS_VARIABLE};
use crate::dice::worker::main::WorkerSettings;
use crate::dice::{self, ApiSettings};

const MIB: u64 = 1024 * 1024;

/// What can be done with the reference service.
#[derive(Debug, Subcommand)]
pub enum Dice {
    /// Run the dice-rolling API
    #[command(after_help = "Example: critwatch dice api --redis unix:///tmp/redis.sock")]
    Api(Api),
    /// Run the worker that answers the rolls
    #[command(after_help = "Example: critwatch dice worker --children-max 3\n\n\
        To imitate a machine at a smaller scale, divide every size and time by the same factor:\n\
        children do not know of scales, they get the values. The worker of the outage at one\n\
        tenth is\n  critwatch dice worker --children-max 10 --main-memory-mib 154 \\\n    \
        --child-memory-mib 26 --restart-pause 6s --claim-after 9s --bookkeeping --keep-records 6m")]
    Worker(WorkerArgs),
    /// Let many people use an API, and count what becomes of their rolls
    #[command(after_help = "Example: critwatch dice load --rate 20 --for 30s")]
    Load(LoadArgs),
    /// Make a running demo fail on purpose, or heal it
    #[command(after_help = "Example: critwatch dice fault fill-redis")]
    Fault(FaultArgs),
    /// A child of the worker
    #[command(hide = true)]
    Child(Child),
    /// Runs a program that ends with the process that started it
    #[command(hide = true)]
    Tether(Tether),
}

#[derive(Debug, Args)]
struct Redis {
    /// Redis, as `redis://host:port` or `unix:///path`
    #[arg(
        long = "redis", value_name = "URL", env = REDIS_VARIABLE, hide_env_values = true,
        default_value = "redis://127.0.0.1:6379", value_parser = redis_url
    )]
    url: RedisUrl,
}

#[derive(Debug, Args)]
struct DatabaseFile {
    /// The service's database, which the API and the worker share
    #[arg(
        long = "database", value_name = "FILE", env = DATABASE_VARIABLE,
        default_value = "dice.db"
    )]
    path: PathBuf,
}

#[derive(Debug, Args)]
struct Records {
    /// Keep records of each job in Redis, as Horizon does: about 4 kB while a job is queued
    #[arg(long)]
    bookkeeping: bool,
    /// How long the records stay
    #[arg(long, value_name = "TIME", default_value = "60m", value_parser = duration)]
    keep_records: Duration,
}

impl Records {
    fn bookkeeping(&self) -> Option<Bookkeeping> {
        let keep = self.keep_records;
        self.bookkeeping.then_some(Bookkeeping { keep })
    }
}

#[derive(Clone, Copy, Debug)]
enum Switch {
    On,
    Off,
}

/// Arguments of the API.
#[derive(Debug, Args)]
pub struct Api {
    #[command(flatten)]
    redis: Redis,
    /// Where to listen; port 0 takes a free one
    #[arg(long, default_value = "127.0.0.1:8090")]
    listen: SocketAddr,
    #[command(flatten)]
    database: DatabaseFile,
    /// How rolls are made: queued (by the worker), immediate (by the API), or auto (queued, and
    /// by the API where the queue refuses, is late or is gone)
    #[arg(long, value_name = "MODE", default_value_t = RollMode::Queued)]
    roll_mode: RollMode,
    /// Whether the queue is closed when Redis is nearly full or the oldest job is old
    #[arg(long, value_name = "on|off", default_value = "on", value_parser = on_or_off)]
    admission: Switch,
    /// The share of Redis's memory, in percent, above which the queue is closed
    #[arg(long, value_name = "PERCENT", default_value_t = 80,
        value_parser = clap::value_parser!(u8).range(1..=100))]
    admit_memory: u8,
    /// The age of the oldest job above which the queue is closed
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = duration)]
    admit_age: Duration,
    /// How long a roll waits before it is looked for in the queue, and lost if it is not there
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = duration)]
    lost_after: Duration,
    #[command(flatten)]
    records: Records,
    /// How long a request waits for the worker
    #[arg(long, default_value = "2s", value_parser = duration)]
    answer_within: Duration,
    /// How long a session lives unused
    #[arg(long, default_value = "120m", value_parser = duration)]
    session_ttl: Duration,
    #[command(flatten)]
    limits: ApiLimits,
}

/// How much the API takes from one caller.
#[derive(Debug, Args)]
struct ApiLimits {
    /// Requests that one user may send in a minute; 0 for no limit
    #[arg(long, value_name = "COUNT", default_value_t = 3_000)]
    account_limit: u64,
    /// Requests that may come from one address in a minute; 0 for no limit
    #[arg(long, value_name = "COUNT", default_value_t = 12_000)]
    address_limit: u64,
    /// Guests, sessions and devices that one address may make in a minute; 0 for no limit
    #[arg(long, value_name = "COUNT", default_value_t = 600)]
    guest_limit: u64,
    /// Sockets that may be open
    #[arg(long, value_name = "COUNT", default_value_t = 2_000)]
    sockets_max: usize,
    /// Sockets that may be open from one address
    #[arg(long, value_name = "COUNT", default_value_t = 500)]
    sockets_per_address: usize,
    /// How long a socket may be silent before it is asked for a sign of life
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = duration)]
    activity_timeout: Duration,
}

/// Arguments of the worker.
#[derive(Debug, Args)]
pub struct WorkerArgs {
    #[command(flatten)]
    redis: Redis,
    #[command(flatten)]
    database: DatabaseFile,
    /// Where to show metrics; port 0 takes a free one
    #[arg(long, default_value = "127.0.0.1:8091")]
    listen: SocketAddr,
    /// The fewest children
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=64))]
    children_min: u32,
    /// The most children
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=64))]
    children_max: u32,
    /// Resident memory at which the main process ends itself
    #[arg(long, value_name = "MIB", default_value_t = 256)]
    main_memory_mib: u64,
    /// Resident memory at which a child ends itself; looked at after each job
    #[arg(long, value_name = "MIB", default_value_t = 128)]
    child_memory_mib: u64,
    /// Let the kernel enforce the children's limit, by a control group or a resource limit
    #[arg(long)]
    hard_limit: bool,
    /// Jobs after which a child ends and another is started
    #[arg(long, value_name = "JOBS", value_parser = clap::value_parser!(u64).range(1..))]
    max_jobs: Option<u64>,
    /// Time after which a child ends and another is started
    #[arg(long, value_name = "TIME", value_parser = duration)]
    max_time: Option<Duration>,
    /// How long the work on a job may take; then it is done again after a pause
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = duration)]
    job_timeout: Duration,
    /// A child that ended is started again at once, and then not for this time
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = duration)]
    restart_pause: Duration,
    /// How long the worker's heartbeat in Redis lives
    #[arg(long, value_name = "TIME", default_value = "15s", value_parser = duration)]
    heartbeat_ttl: Duration,
    #[command(flatten)]
    records: Records,
    /// How long a job may lie untouched in a child's hands; also the longest pause before a job
    /// whose work failed is done again
    #[arg(long, default_value = "10s", value_parser = duration)]
    claim_after: Duration,
    /// How long children may finish their job when the worker stops; then they give it back
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
    /// fill-redis, stop-worker, slow-jobs or hang-redis; clear undoes all
    fault: ControlRequest,
    /// The folder of the demo
    #[arg(long, value_name = "DIR", default_value_os_t = place::usual())]
    dir: PathBuf,
}

/// Does what was asked; runs its own runtime, on the thread that it is called on.
pub fn run(command: Dice) -> anyhow::Result<ExitCode> {
    // A single-threaded runtime for all but the API: children are small, and processes are
    // started from the thread that lives as long as the program.
    match command {
        Dice::Api(api) => Builder::new_multi_thread()
            .enable_all()
            .build()?
            .block_on(run_api(api)),
        Dice::Worker(worker) => alone(run_worker(worker)),
        Dice::Load(load) => Builder::new_multi_thread()
            .enable_all()
            .build()?
            .block_on(load.run()),
        Dice::Fault(fault) => alone(run_fault(fault)),
        Dice::Child(child) => alone(run_child(child)),
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

fn alone(work: impl Future<Output = anyhow::Result<ExitCode>>) -> anyhow::Result<ExitCode> {
    Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(work)
}

async fn run_api(api: Api) -> anyhow::Result<ExitCode> {
    let listener = listen("dice api", api.listen).await?;
    let limits = api.limits;
    let settings = ApiSettings {
        redis: api.redis.url,
        database: api.database.path,
        rolling: RollingSettings {
            answer_within: api.answer_within,
            mode: api.roll_mode,
            bookkeeping: api.records.bookkeeping(),
        },
        admission: match api.admission {
            Switch::On => Some(AdmissionLimits {
                memory: f64::from(api.admit_memory) / 100.0,
                age: api.admit_age,
            }),
            Switch::Off => None,
        },
        lost_after: api.lost_after,
        session_ttl: api.session_ttl,
        rates: RateSettings {
            per_account: limits.account_limit,
            per_address: limits.address_limit,
            guests_per_address: limits.guest_limit,
        },
        sockets: SocketLimits {
            total: limits.sockets_max,
            per_address: limits.sockets_per_address,
        },
        activity_timeout: limits.activity_timeout,
    };
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
    let listener = listener.with_context(|| format!("cannot listen on {address}"))?;
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

fn on_or_off(text: &str) -> Result<Switch, &'static str> {
    match text {
        "on" => Ok(Switch::On),
        "off" => Ok(Switch::Off),
        _ => Err("expected on or off"),
    }
}

fn crew_settings(text: &str) -> serde_json::Result<CrewSettings> {
    serde_json::from_str(text)
}

fn redis_url(text: &str) -> Result<RedisUrl, String> {
    RedisUrl::new(text.to_owned()).map_err(|error| error.to_string())
}

fn duration(text: &str) -> Result<Duration, String> {
    let found: jiff::SignedDuration = text
        .parse()
        .map_err(|_| "expected a duration such as 500ms, 2s or 120m".to_owned())?;
    let found = Duration::try_from(found)
        .ok()
        .filter(|found| !found.is_zero());
    found.ok_or_else(|| "the duration must be longer than zero".to_owned())
}
