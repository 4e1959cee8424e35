//! What is true of the service: asked of Redis and of the users, not of the monitor.

use redis::aio::ConnectionManager;

use crate::dice::fault::vitals::RedisVitals;
use crate::dice::link::RedisUrl;
use crate::dice::load::generator::LoadGenerator;
use crate::dice::load::ledger::LedgerCounts;
use crate::drill::record::ServiceSeen;

/// Remembers the counters of the look before.
pub(crate) struct ServiceObserver {
    link: ConnectionManager,
    vitals: RedisVitals,
    counts: LedgerCounts,
}

impl ServiceObserver {
    /// Looks at a Redis; its counters start from the first look.
    pub(crate) fn new(redis: &RedisUrl) -> redis::RedisResult<Self> {
        Ok(Self {
            link: redis.link(std::time::Duration::from_millis(500))?,
            vitals: RedisVitals::default(),
            counts: LedgerCounts::default(),
        })
    }

    /// Looks once.
    #[expect(
        clippy::cast_precision_loss,
        clippy::as_conversions,
        reason = "a share of memory needs no more digits"
    )]
    pub(crate) async fn look(&mut self, load: &LoadGenerator) -> ServiceSeen {
        let vitals = RedisVitals::ask(&mut self.link).await.ok();
        let counts = load.counts();
        let seen = ServiceSeen {
            memory: vitals
                .filter(|vitals| vitals.limit > 0)
                .map(|vitals| vitals.used as f64 / vitals.limit as f64),
            refused: vitals.map_or(0, |now| now.refused.saturating_sub(self.vitals.refused)),
            evicted: vitals.map_or(0, |now| now.evicted.saturating_sub(self.vitals.evicted)),
            rolls_ok: counts.in_time.saturating_sub(self.counts.in_time),
            rolls_failed: counts.failed.saturating_sub(self.counts.failed),
            logged_out: counts.logged_out.saturating_sub(self.counts.logged_out),
            provider_trouble: false,
        };
        self.vitals = vitals.unwrap_or(self.vitals);
        self.counts = counts;
        seen
    }
}
