//! The reference service as real processes on this machine, with faults on request.

use std::collections::BTreeSet;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::dice::database::connection::DATABASE_VARIABLE;
use crate::dice::fault::control::{ControlRequest, Reply};
use crate::dice::fault::error::RigError;
use crate::dice::fault::place::{self, DATABASE, REDIS_SOCKET};
use crate::dice::fault::process::{Starter, Tied};
use crate::dice::fault::settings::{Addresses, RigSettings};
use crate::dice::fault::switches::{self, Ballast, FaultSwitch};
use crate::dice::link::{self, RedisUrl};
use crate::dice::roll::throw::chance::SEED_VARIABLE;
use crate::dice::worker::child_pool::REDIS_VARIABLE;

/// How long Redis may take until it answers, and how long emptying it may take.
const REDIS_WITHIN: Duration = Duration::from_secs(10);
/// How long each process may take to end before it is killed.
pub(super) const END_WITHIN: Duration = Duration::from_secs(8);

/// The running reference service; started from the thread that blocks on the runtime (see
/// [`crate::dice::fault::parent_death`]).
pub struct Rig {
    pub(super) settings: RigSettings,
    pub(super) starter: Starter,
    pub(super) url: RedisUrl,
    pub(super) addresses: Addresses,
    redis: Tied,
    pub(super) api: Tied,
    pub(super) worker: Option<Tied>,
    faults: BTreeSet<FaultSwitch>,
    filling: JoinSet<()>,
    fill_stop: CancellationToken,
}

impl Rig {
    /// Starts Redis, the API and the worker, and returns once all three answer.
    pub async fn start(settings: RigSettings) -> Result<Self, RigError> {
        place::prepare(&settings.dir)?;
        let socket = settings.dir.join(REDIS_SOCKET);
        let url = RedisUrl::new(format!("unix://{}", socket.display()))?;
        let database = settings.dir.join(DATABASE);
        let starter = Starter {
            program: settings.program.clone(),
            dir: settings.dir.clone(),
            environment: [
                (REDIS_VARIABLE, url.expose().to_owned()),
                (DATABASE_VARIABLE, database.display().to_string()),
            ]
            .into_iter()
            .chain(settings.seed.map(|seed| (SEED_VARIABLE, seed.to_string())))
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
        };
        let redis = start_redis(&starter, &settings, &url).await?;
        let (api, api_at) = starter
            .start_own("api", settings.api_listen, &settings.api_arguments)
            .await?;
        let (worker, worker_at) = starter
            .start_own("worker", settings.worker_listen, &settings.worker_arguments)
            .await?;
        let addresses = Addresses {
            api: api_at,
            worker: worker_at,
            redis_url: url.expose().to_owned(),
            redis_socket: socket,
        };
        tracing::info!(api = %api_at, worker = %worker_at, "reference service started");
        Ok(Self {
            settings,
            starter,
            url,
            addresses,
            redis,
            api,
            worker: Some(worker),
            faults: BTreeSet::new(),
            filling: JoinSet::new(),
            fill_stop: CancellationToken::new(),
        })
    }

    /// Tells where the parts are; the worker keeps its port when it is started again.
    pub fn addresses(&self) -> &Addresses {
        &self.addresses
    }

    /// Makes a fault; one that is made already is left as it is.
    pub async fn apply(&mut self, fault: FaultSwitch) -> Result<(), RigError> {
        if self.faults.contains(&fault) {
            return Ok(());
        }
        // Its effects are seen while it is made, so it is told before.
        tracing::info!(kind = "fault", "{fault} is on");
        match fault {
            FaultSwitch::FillRedis => self.fill().await?,
            FaultSwitch::StopWorker => {
                if let Some(mut worker) = self.worker.take() {
                    worker.kill().await;
                }
            }
            FaultSwitch::SlowJobs => switches::slow_down(&self.url, switches::SLOW_BY).await?,
            FaultSwitch::HangRedis => {
                self.redis
                    .pause()
                    .map_err(|error| RigError::Process("redis", error))?;
            }
        }
        self.faults.insert(fault);
        Ok(())
    }

    /// Undoes every fault; what fails stays noted and is tried again at the next call.
    pub async fn clear(&mut self) -> Result<(), RigError> {
        // A hanging Redis first: the others are undone through it.
        for fault in [
            FaultSwitch::HangRedis,
            FaultSwitch::FillRedis,
            FaultSwitch::SlowJobs,
            FaultSwitch::StopWorker,
        ] {
            if self.faults.contains(&fault) {
                self.undo(fault).await?;
                self.faults.remove(&fault);
                tracing::info!(kind = "fault", "{fault} is off");
            }
        }
        Ok(())
    }

    /// Does what came over the control socket.
    pub async fn obey(&mut self, request: ControlRequest) -> Reply {
        let done = match request {
            ControlRequest::Apply(fault) => {
                self.apply(fault).await.map(|()| format!("{fault} is on"))
            }
            ControlRequest::Clear => self.clear().await.map(|()| "all faults are off".to_owned()),
        };
        done.map_err(|error| match std::error::Error::source(&error) {
            Some(cause) => format!("{error}: {cause}"),
            None => error.to_string(),
        })
    }

    /// Ends everything that was started, in order, within a bounded time.
    pub async fn stop(mut self) {
        self.fill_stop.cancel();
        self.filling.shutdown().await;
        // A process that is paused ends only once it goes on.
        self.redis.go_on().ok();
        self.api.go_on().ok();
        if let Some(mut worker) = self.worker.take() {
            worker.end(END_WITHIN).await;
        }
        self.api.end(END_WITHIN).await;
        self.redis.end(END_WITHIN).await;
        tracing::info!("reference service stopped");
    }

    async fn fill(&mut self) -> Result<(), RigError> {
        let mut ballast = Ballast::new(&self.url)?;
        ballast.settle().await?;
        self.fill_stop = CancellationToken::new();
        self.filling.spawn(ballast.hold(self.fill_stop.clone()));
        Ok(())
    }

    async fn undo(&mut self, fault: FaultSwitch) -> Result<(), RigError> {
        match fault {
            FaultSwitch::HangRedis => {
                self.redis
                    .go_on()
                    .map_err(|error| RigError::Process("redis", error))?;
                wait_for_redis(&self.url)
                    .await
                    .ok_or_else(|| self.starter.not_up("redis"))?;
            }
            FaultSwitch::FillRedis => {
                self.fill_stop.cancel();
                while self.filling.join_next().await.is_some() {}
                switches::empty(&self.url).await?;
            }
            FaultSwitch::SlowJobs => switches::speed_up(&self.url).await?,
            FaultSwitch::StopWorker => {
                let arguments = &self.settings.worker_arguments;
                let started = self
                    .starter
                    .start_own("worker", self.addresses.worker, arguments)
                    .await?;
                self.worker = Some(started.0);
            }
        }
        Ok(())
    }
}

async fn start_redis(
    starter: &Starter,
    settings: &RigSettings,
    url: &RedisUrl,
) -> Result<Tied, RigError> {
    let server = starter.find(&["redis-server", "valkey-server"]).await;
    let server = server.ok_or(RigError::NoRedis)?;
    let dir = settings.dir.display().to_string();
    let socket = settings.dir.join(REDIS_SOCKET);
    // Left behind by a rig that was killed; the new server could not listen.
    std::fs::remove_file(&socket).ok();
    let limit = settings.redis_maxmemory.to_string();
    let socket = socket.display().to_string();
    let arguments: Vec<String> = [
        &[
            "--port",
            "0",
            "--unixsocket",
            &socket,
            "--unixsocketperm",
            "700",
        ][..],
        &[
            "--save",
            "",
            "--appendonly",
            "no",
            "--daemonize",
            "no",
            "--dir",
            &dir,
        ],
        &[
            "--maxmemory",
            &limit,
            "--maxmemory-policy",
            &settings.redis_policy,
        ],
    ]
    .concat()
    .into_iter()
    .map(str::to_owned)
    .collect();
    let redis = starter.start("redis", server, &arguments)?;
    wait_for_redis(url)
        .await
        .ok_or_else(|| starter.not_up("redis"))?;
    Ok(redis)
}

async fn wait_for_redis(url: &RedisUrl) -> Option<()> {
    let mut link = url.link(link::PATIENCE).ok()?;
    let answers = async {
        while redis::cmd("PING").exec_async(&mut link).await.is_err() {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(REDIS_WITHIN, answers).await.ok()
}
