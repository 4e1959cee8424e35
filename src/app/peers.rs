//! What this monitor has to do with others of the same page: a repository in which they
//! all have the incidents, and a lease that says which of them writes.

use anyhow::Context as _;
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use crate::app::generations::supervisor::Supervisor;
use crate::app::git::GitParts;
use crate::app::metrics::OwnMetrics;
use crate::app::paths::Paths;
use crate::config::Config;
use crate::lease::holder::LeaseHolder;
use crate::lease::script::LeaseRedis;
use crate::model::request::incidents::authorship::Authors;
use crate::model::request::leadership::{Leadership, ReceiptsDoor};
use crate::pipeline::stages::Pipeline;
use crate::runtime::tasks::{Tasks, ending};
use crate::web::export::state::ExportTools;
use crate::web::ops::git_webhook::GitWebhook;

/// What this monitor has to do with others of the same page.
#[derive(Debug)]
pub(crate) struct Peers {
    /// Whether this monitor is the one that writes; without a lease it always is.
    pub leadership: Leadership,
    /// Where monitors share what they announced.
    pub receipts: Option<ReceiptsDoor>,
    history: Option<GitParts>,
    holder: Option<LeaseHolder>,
}

impl Peers {
    /// The parts that the settings name.
    pub(crate) fn new(
        config: &Config,
        places: &Paths,
        metrics: &OwnMetrics,
    ) -> anyhow::Result<Self> {
        let alone = Self {
            leadership: Leadership::default(),
            receipts: None,
            history: GitParts::new(config, places)?,
            holder: None,
        };
        let Some(settings) = &config.lease else {
            return Ok(alone);
        };
        let redis = LeaseRedis::new(settings).context("cannot use `redis` of `[lease]`")?;
        let sync = alone.history.as_ref().map(|history| history.door.clone());
        let clock: fn() -> Timestamp = Pipeline::clock;
        let tools = (metrics.troubles.clone(), clock);
        let (holder, until, receipts) = LeaseHolder::new(redis, settings.ttl, sync, tools);
        Ok(Self {
            leadership: Leadership::by(until),
            receipts: Some(receipts),
            holder: Some(holder),
            ..alone
        })
    }

    /// Takes what git hosts say.
    pub(crate) fn webhook(&self) -> Option<GitWebhook> {
        self.history.as_ref()?.webhook.clone()
    }

    /// Takes who writes files through us, for the history.
    pub(crate) fn authors(&self) -> Authors {
        let history = self.history.as_ref();
        history.map_or_else(Authors::default, |history| history.authors.clone())
    }

    /// What an export needs: several monitors may have a store in common.
    pub(crate) fn exporting(&self, metrics: &OwnMetrics) -> ExportTools {
        ExportTools {
            metrics: metrics.exports.clone(),
            troubles: metrics.troubles.clone(),
            leadership: self.leadership.clone(),
        }
    }

    /// Starts the tasks.
    pub(crate) fn start(
        self,
        tasks: &mut Tasks,
        supervisor: &Supervisor,
        stop: &CancellationToken,
    ) -> anyhow::Result<()> {
        if let Some(history) = self.history {
            let task = history.task(supervisor)?;
            tasks.start("git", ending(task.run(stop.clone())));
        }
        if let Some(holder) = self.holder {
            tasks.start("lease", ending(holder.run(stop.clone())));
        }
        Ok(())
    }
}
