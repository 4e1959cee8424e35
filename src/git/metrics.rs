//! What is counted of the repository.

use jiff::Timestamp;
use prometheus::{IntCounterVec, IntGauge, Opts, Registry};

use crate::git::failure::{GitError, REASONS};

/// Counts what git does.
#[derive(Clone, Debug)]
pub(crate) struct GitMetrics {
    fetched: IntGauge,
    pushed: IntGauge,
    pending: IntGauge,
    failures: IntCounterVec,
}

impl GitMetrics {
    /// Makes them part of our own metrics.
    pub(crate) fn register(registry: &Registry) -> prometheus::Result<Self> {
        let fetched = IntGauge::new(
            "critwatch_git_last_fetch_success_timestamp_seconds",
            "Time of the last successful fetch from the remote of [git], in Unix time; 0 if never.",
        )?;
        let pushed = IntGauge::new(
            "critwatch_git_last_push_success_timestamp_seconds",
            "Time at which the remote of [git] last had all commits, in Unix time; 0 if never.",
        )?;
        let pending = IntGauge::new(
            "critwatch_git_pending_commits",
            "Commits that the remote of [git] does not have yet.",
        )?;
        let failures = IntCounterVec::new(
            Opts::new(
                "critwatch_git_failures_total",
                "Failed attempts of git, by reason.",
            ),
            &["reason"],
        )?;
        registry.register(Box::new(fetched.clone()))?;
        registry.register(Box::new(pushed.clone()))?;
        registry.register(Box::new(pending.clone()))?;
        registry.register(Box::new(failures.clone()))?;
        Ok(Self {
            fetched,
            pushed,
            pending,
            failures,
        })
    }

    /// Lets every reason count from zero.
    pub(crate) fn begin(&self) {
        for reason in REASONS {
            self.failures.with_label_values(&[reason]);
        }
    }

    /// The remote was asked.
    pub(crate) fn fetched(&self, at: Timestamp) {
        self.fetched.set(at.as_second());
    }

    /// The remote has everything.
    pub(crate) fn pushed(&self, at: Timestamp) {
        self.pushed.set(at.as_second());
    }

    /// So many commits wait.
    pub(crate) fn pending(&self, commits: usize) {
        self.pending.set(i64::try_from(commits).unwrap_or(i64::MAX));
    }

    /// Something failed.
    pub(crate) fn failed(&self, error: &GitError) {
        self.failures.with_label_values(&[error.reason()]).inc();
    }
}
