//! Which of several monitors writes, as the settings name it.

use anyhow::Context as _;

use crate::app::git::GitParts;
use crate::app::metrics::OwnMetrics;
use crate::lease::holder::LeaseHolder;
use crate::lease::script::LeaseRedis;
use crate::lease::settings::LeaseSettings;
use crate::model::request::leadership::{Leadership, ReceiptsDoor};
use crate::pipeline::stages::Pipeline;

/// The parts that know whether this monitor is the one that writes.
#[derive(Debug, Default)]
pub(crate) struct LeaseParts {
    /// Whether it is.
    pub leadership: Leadership,
    /// Where monitors share what they announced.
    pub receipts: Option<ReceiptsDoor>,
    /// Holds the lease or waits for it.
    pub holder: Option<LeaseHolder>,
}

impl LeaseParts {
    /// The parts; without a lease this monitor always writes.
    pub(crate) fn new(
        settings: Option<&LeaseSettings>,
        history: Option<&GitParts>,
        metrics: &OwnMetrics,
    ) -> anyhow::Result<Self> {
        let Some(settings) = settings else {
            return Ok(Self::default());
        };
        let redis = LeaseRedis::new(settings).context("cannot use `redis` of `[lease]`")?;
        let sync = history.map(|history| history.door.clone());
        let tools = (metrics.troubles.clone(), Pipeline::clock as fn() -> _);
        let (holder, until, receipts) = LeaseHolder::new(redis, settings.ttl, sync, tools);
        Ok(Self {
            leadership: Leadership::by(until),
            receipts: Some(receipts),
            holder: Some(holder),
        })
    }
}
