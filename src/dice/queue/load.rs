//! How the queues and their Redis are doing, in one look.

use std::time::Duration;

use redis::RedisResult;
use redis::aio::ConnectionManager;
use redis::streams::StreamRangeReply;

use crate::dice::link;
use crate::dice::queue::name::QueueName;

/// How one queue is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct QueueLoad {
    /// Jobs that wait or are in hand.
    pub(crate) jobs: u64,
    /// How long the oldest of them has been there.
    pub(crate) oldest: Duration,
}

/// How Redis and both queues are doing.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct LoadSnapshot {
    /// Memory in use over the most that is allowed; none without a limit.
    pub(crate) memory: Option<f64>,
    queues: [QueueLoad; 2],
}

impl LoadSnapshot {
    /// Makes a snapshot of values.
    #[cfg(test)]
    pub(crate) fn new(memory: Option<f64>, rolls: QueueLoad, assets: QueueLoad) -> Self {
        Self {
            memory,
            queues: [rolls, assets],
        }
    }

    /// Jobs in both queues.
    pub(crate) fn jobs(&self) -> u64 {
        self.queues.iter().map(|queue| queue.jobs).sum()
    }

    /// How one queue is doing.
    pub(crate) fn queue(&self, queue: QueueName) -> QueueLoad {
        self.queues.get(queue.index()).copied().unwrap_or_default()
    }
}

/// Redis's clock and memory, and of each queue its length and oldest entry.
type LookReply = (
    (u64, u64),
    String,
    u64,
    StreamRangeReply,
    u64,
    StreamRangeReply,
);

/// Looks once.
pub(crate) async fn look(link: &mut ConnectionManager) -> RedisResult<LoadSnapshot> {
    let mut all = redis::pipe();
    all.cmd("TIME");
    all.cmd("INFO").arg("memory");
    for queue in QueueName::ALL {
        all.cmd("XLEN").arg(queue.stream());
        all.cmd("XRANGE").arg(queue.stream()).arg("-").arg("+");
        all.arg("COUNT").arg(1);
    }
    let ((seconds, micros), info, rolls, oldest_roll, assets, oldest_asset): LookReply =
        link::ask_all(link, &all).await?;
    let now = seconds * 1000 + micros / 1000;
    let load = |jobs, oldest: StreamRangeReply| QueueLoad {
        jobs,
        oldest: oldest
            .ids
            .first()
            .and_then(|entry| entry.id.split_once('-')?.0.parse().ok())
            .map_or(Duration::ZERO, |at: u64| {
                Duration::from_millis(now.saturating_sub(at))
            }),
    };
    Ok(LoadSnapshot {
        memory: memory(&info),
        queues: [load(rolls, oldest_roll), load(assets, oldest_asset)],
    })
}

fn memory(info: &str) -> Option<f64> {
    let field = |name: &str| -> Option<f64> {
        let line = info.lines().find_map(|line| line.strip_prefix(name))?;
        line.trim().parse().ok()
    };
    let limit = field("maxmemory:").filter(|limit| *limit > 0.0)?;
    Some(field("used_memory:")? / limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_a_share_of_the_limit() {
        let info = |limit| format!("used_memory:50\r\nused_memory_rss:70\r\nmaxmemory:{limit}\r\n");
        assert_eq!(memory(&info(200)), Some(0.25));
        assert_eq!(memory(&info(0)), None);
    }
}
