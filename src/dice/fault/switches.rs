//! Switches that make the guest fail on purpose.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use redis::aio::ConnectionManager;
use redis::{RedisResult, cmd};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::dice::keys;
use crate::dice::link::{self, RedisUrl};

/// How slow [`FaultSwitch::SlowJobs`] makes each job.
pub const SLOW_BY: Duration = Duration::from_secs(5);
/// Ballast comes in these sizes: large steps first, small ones into what is left.
///
/// Redis refuses what comes once it is over its limit, so the last large step decides how far
/// over it is: far enough that a closed connection's buffers do not make room again.
const SIZES: [usize; 4] = [512 * 1024, 64 * 1024, 1024, 64];
/// So many looks in a row must find Redis full before it counts as full.
const SETTLED: u32 = 3;
/// Between two looks whether Redis is still full.
const TOP_UP: Duration = Duration::from_millis(100);
const PATIENCE: Duration = Duration::from_secs(5);

/// Something that goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FaultSwitch {
    /// Redis is full: it reads and deletes, but takes nothing new.
    FillRedis,
    /// No worker runs.
    StopWorker,
    /// Every job takes long.
    SlowJobs,
    /// Redis keeps its connections and answers nothing.
    HangRedis,
}

/// Says that a text names no fault.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("no such fault: expected fill-redis, stop-worker, slow-jobs or hang-redis")]
pub struct UnknownFault;

/// Says why a fault could not be made or undone.
#[derive(Debug, thiserror::Error)]
pub enum FaultError {
    /// Redis refused or did not answer.
    #[error("redis does not let the fault be set")]
    Redis(#[from] redis::RedisError),
    /// There is nothing to fill.
    #[error("redis has no memory limit and cannot be filled")]
    NoLimit,
    /// The eviction policy makes room for ever more.
    #[error("redis evicts keys instead of refusing them and cannot be filled")]
    Evicts,
}

impl FaultSwitch {
    /// All faults.
    pub(crate) const ALL: [Self; 4] = [
        Self::FillRedis,
        Self::StopWorker,
        Self::SlowJobs,
        Self::HangRedis,
    ];

    /// Writes the fault as an operator types it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::FillRedis => "fill-redis",
            Self::StopWorker => "stop-worker",
            Self::SlowJobs => "slow-jobs",
            Self::HangRedis => "hang-redis",
        }
    }
}

impl fmt::Display for FaultSwitch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for FaultSwitch {
    type Err = UnknownFault;

    fn from_str(text: &str) -> Result<Self, UnknownFault> {
        Self::ALL
            .into_iter()
            .find(|fault| fault.name() == text)
            .ok_or(UnknownFault)
    }
}

/// Ballast in a Redis.
pub(crate) struct Ballast {
    link: ConnectionManager,
    next: u64,
}

impl Ballast {
    /// Makes a ballast without weight.
    pub(crate) fn new(redis: &RedisUrl) -> RedisResult<Self> {
        Ok(Self {
            link: redis.link(PATIENCE)?,
            next: 0,
        })
    }

    /// Adds keys until the smallest write is refused, and returns how many it added.
    pub(crate) async fn top_up(&mut self) -> Result<u64, FaultError> {
        let bound = self.limit().await?.saturating_mul(4);
        let (mut keys_added, mut bytes) = (0, 0_u64);
        for size in SIZES {
            while self.add(size).await? {
                keys_added += 1;
                bytes = bytes.saturating_add(u64::try_from(size).unwrap_or(u64::MAX));
                if bytes > bound {
                    return Err(FaultError::Evicts);
                }
            }
        }
        Ok(keys_added)
    }

    /// Adds keys until Redis stays full by itself.
    pub(crate) async fn settle(&mut self) -> Result<(), FaultError> {
        let mut full = 0;
        while full < SETTLED {
            full = if self.top_up().await? == 0 {
                full + 1
            } else {
                0
            };
            sleep(TOP_UP).await;
        }
        Ok(())
    }

    /// Keeps Redis full until stopped.
    pub(crate) async fn hold(mut self, stop: CancellationToken) {
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = sleep(TOP_UP) => {}
            }
            if let Err(error) = self.top_up().await {
                tracing::debug!(%error, "cannot top up ballast");
            }
        }
    }

    async fn add(&mut self, size: usize) -> RedisResult<bool> {
        // Redis makes the weight itself: sent values would lie in the buffer of this connection,
        // which counts as used memory and makes room again when Redis lets go of it.
        let mut set = cmd("SETRANGE");
        set.arg(format!("{}{}", keys::BALLAST, self.next))
            .arg(size - 1)
            .arg("x");
        match set.exec_async(&mut self.link).await {
            Ok(()) => {
                self.next += 1;
                Ok(true)
            }
            Err(error) if link::is_refusal(&error) => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn limit(&mut self) -> Result<u64, FaultError> {
        let info: String = link::ask(&mut self.link, cmd("INFO").arg("memory")).await?;
        let limit = info
            .lines()
            .find_map(|line| line.strip_prefix("maxmemory:"));
        match limit.and_then(|limit| limit.trim().parse().ok()) {
            Some(limit) if limit > 0 => Ok(limit),
            _ => Err(FaultError::NoLimit),
        }
    }
}

/// Removes all ballast; this works in a full Redis.
pub(crate) async fn empty(redis: &RedisUrl) -> Result<(), FaultError> {
    let mut link = redis.link(PATIENCE)?;
    let mut cursor = "0".to_owned();
    loop {
        let mut scan = cmd("SCAN");
        scan.arg(&cursor)
            .arg("MATCH")
            .arg(format!("{}*", keys::BALLAST))
            .arg("COUNT")
            .arg(1000);
        let (next, found): (String, Vec<String>) = link::ask(&mut link, &scan).await?;
        if !found.is_empty() {
            cmd("UNLINK").arg(found).exec_async(&mut link).await?;
        }
        if next == "0" {
            return Ok(());
        }
        cursor = next;
    }
}

/// Makes every job take that much longer; a full Redis refuses this.
pub async fn slow_down(redis: &RedisUrl, by: Duration) -> Result<(), FaultError> {
    let mut set = cmd("SET");
    set.arg(keys::SLOW)
        .arg(u64::try_from(by.as_millis()).unwrap_or(u64::MAX));
    Ok(set.exec_async(&mut redis.link(PATIENCE)?).await?)
}

/// Lets jobs run at their own speed again.
pub async fn speed_up(redis: &RedisUrl) -> Result<(), FaultError> {
    Ok(cmd("DEL")
        .arg(keys::SLOW)
        .exec_async(&mut redis.link(PATIENCE)?)
        .await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_reads_back_as_it_is_written() {
        for fault in FaultSwitch::ALL {
            assert_eq!(fault.to_string().parse(), Ok(fault));
        }
        assert_eq!("fill".parse::<FaultSwitch>(), Err(UnknownFault));
    }
}
