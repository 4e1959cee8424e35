//! Requests counted in fixed windows: in Redis, and in memory while Redis cannot be asked.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use quick_cache::sync::Cache;
use redis::RedisResult;
use redis::aio::ConnectionManager;
use tokio::sync::watch;
use tokio::time::{Instant, timeout};

use crate::dice::{clock, keys};

/// The length of a window in seconds.
pub(crate) const WINDOW: u64 = 60;
/// A limit must not delay what it limits.
const PATIENCE: Duration = Duration::from_millis(100);
/// How long Redis is left alone after it did not count.
const BLIND: Duration = Duration::from_secs(5);
/// So many counters are kept in memory.
const COUNTERS_MAX: usize = 10_000;

/// How many requests are allowed within a window; 0 sets no limit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RateSettings {
    /// Of one user.
    pub(crate) per_account: u64,
    /// From one address.
    pub(crate) per_address: u64,
    /// New guests and devices from one address.
    pub(crate) guests_per_address: u64,
}

/// One limit, and what it counts.
#[derive(Clone, Debug)]
pub(crate) struct RateRule {
    /// What is limited, for metrics.
    pub(crate) name: &'static str,
    /// Who sends the requests.
    pub(crate) who: String,
    /// How many are allowed.
    pub(crate) limit: u64,
}

/// How a rule stands after a request was counted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RateStanding {
    /// Its name.
    pub(crate) name: &'static str,
    /// How many are allowed.
    pub(crate) limit: u64,
    /// How many were sent in this window.
    pub(crate) count: u64,
    /// When the window ends, in seconds from now.
    pub(crate) resets_in: u64,
}

impl RateStanding {
    /// Tells how many more may be sent.
    pub(crate) fn remaining(&self) -> u64 {
        self.limit.saturating_sub(self.count)
    }

    /// Tells whether this request was one too many.
    pub(crate) fn is_exceeded(&self) -> bool {
        self.count > self.limit
    }
}

/// Counts requests.
#[derive(Clone)]
pub(crate) struct RateLimits {
    /// What is allowed.
    pub(crate) settings: RateSettings,
    link: ConnectionManager,
    memory: Arc<Cache<String, Arc<AtomicU64>>>,
    blind_until: Arc<watch::Sender<Option<Instant>>>,
}

impl RateLimits {
    /// Makes them, with nothing counted.
    pub(crate) fn new(settings: RateSettings, link: ConnectionManager) -> Self {
        Self {
            settings,
            link,
            memory: Arc::new(Cache::new(COUNTERS_MAX)),
            blind_until: Arc::new(watch::Sender::new(None)),
        }
    }

    /// Counts a request by all rules; the tightest comes first.
    pub(crate) async fn count(&self, rules: &[RateRule]) -> Vec<RateStanding> {
        let second = u64::try_from(clock::now().as_second()).unwrap_or(0);
        let window = second / WINDOW;
        let names: Vec<String> = rules
            .iter()
            .map(|rule| keys::limit(rule.name, &rule.who, window))
            .collect();
        let counts = match self.count_in_redis(&names).await {
            Some(counts) => counts,
            None => self.count_in_memory(&names),
        };
        let standing = |(rule, count): (&RateRule, u64)| RateStanding {
            name: rule.name,
            limit: rule.limit,
            count,
            resets_in: WINDOW - second % WINDOW,
        };
        let mut all: Vec<RateStanding> = rules.iter().zip(counts).map(standing).collect();
        all.sort_by_key(|one| (!one.is_exceeded(), one.remaining()));
        all
    }

    async fn count_in_redis(&self, names: &[String]) -> Option<Vec<u64>> {
        let is_blind = self
            .blind_until
            .borrow()
            .is_some_and(|until| Instant::now() < until);
        if is_blind || names.is_empty() {
            return None;
        }
        let mut all = redis::pipe();
        for name in names {
            all.cmd("INCR").arg(name);
            all.cmd("EXPIRE").arg(name).arg(2 * WINDOW).ignore();
        }
        let mut link = self.link.clone();
        let counted: Result<RedisResult<Vec<u64>>, _> =
            timeout(PATIENCE, all.query_async(&mut link)).await;
        if let Ok(Ok(counts)) = counted {
            return Some(counts);
        }
        self.blind_until.send_replace(Some(Instant::now() + BLIND));
        None
    }

    fn count_in_memory(&self, names: &[String]) -> Vec<u64> {
        let counter = |name: &String| {
            let made: Result<_, std::convert::Infallible> =
                self.memory.get_or_insert_with(name, || Ok(Arc::default()));
            let Ok(counter) = made;
            counter.fetch_add(1, Ordering::Relaxed) + 1
        };
        names.iter().map(counter).collect()
    }
}
