//! How the last attempts to exchange went, when the next one is due, and what operators
//! must know of it.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use crate::git::failure::GitError;
use crate::git::metrics::GitMetrics;
use crate::model::facts::trouble::{Trouble, Troubles};
use crate::model::time::duration::{elapsed, short};

/// How long to wait after the first failure; twice as long after each further one.
const FIRST_PAUSE: Duration = Duration::from_secs(2);

/// The longest such pause.
const LONGEST_PAUSE: Duration = Duration::from_mins(5);

/// After how long without success operators are told.
const TOLD_AFTER: Duration = Duration::from_mins(10);

/// For how long operators are told of changes that gave way.
const KEPT_FOR: Duration = Duration::from_hours(24);

/// How the last attempts went.
#[derive(Debug)]
pub(crate) struct ExchangeProgress {
    /// Attempts without success, one after the other.
    pub failures: u32,
    /// When the remote is asked next.
    pub next_fetch: Instant,
    /// When is pushed next, if anything waits.
    pub next_push: Instant,
    /// When the folder is looked at again.
    pub look_again: Option<Instant>,
    since: Option<Timestamp>,
    kept: Option<Timestamp>,
    interval: Duration,
    metrics: GitMetrics,
    troubles: Troubles,
    clock: fn() -> Timestamp,
}

impl ExchangeProgress {
    /// Everything is due.
    pub(crate) fn new(
        interval: Duration,
        metrics: GitMetrics,
        troubles: Troubles,
        clock: fn() -> Timestamp,
    ) -> Self {
        let now = Instant::now();
        Self {
            failures: 0,
            next_fetch: now,
            next_push: now,
            look_again: None,
            since: None,
            kept: None,
            interval,
            metrics,
            troubles,
            clock,
        }
    }

    /// Nothing is left to push, and nothing to fetch if that was due.
    pub(crate) fn succeeds(&mut self, is_fetched: bool) {
        let now = (self.clock)();
        if self.next_push <= Instant::now() || is_fetched {
            self.metrics.pushed(now);
            if self.failures > 0 {
                tracing::info!("exchanging incidents with the git remote recovered");
            }
            (self.failures, self.since) = (0, None);
            self.troubles.put("git", None);
        }
        if self.kept.is_some_and(|at| elapsed(at, now) >= KEPT_FOR) {
            self.kept = None;
            self.troubles.put("git-kept", None);
        }
        if is_fetched {
            self.next_fetch = Instant::now() + self.interval;
        }
        self.next_push = self.next_fetch;
    }

    /// An attempt failed.
    pub(crate) fn fails(&mut self, error: &GitError) {
        let now = (self.clock)();
        self.metrics.failed(error);
        if self.failures == 0 {
            tracing::warn!(%error, "cannot exchange incidents with the git remote; trying again");
        }
        let doubled = FIRST_PAUSE.saturating_mul(1 << self.failures.min(10));
        let pause = doubled
            .min(LONGEST_PAUSE)
            .min(self.interval.max(FIRST_PAUSE));
        self.failures = self.failures.saturating_add(1);
        let again = Instant::now() + pause;
        (self.next_fetch, self.next_push) = (again, again);
        let since = *self.since.get_or_insert(now);
        let is_refused = matches!(error, GitError::Refused(_) | GitError::Missing);
        if is_refused || elapsed(since, now) >= TOLD_AFTER {
            tell(&self.troubles, error, since, now);
        }
    }

    /// Some of our changes gave way, and are kept under a name.
    pub(crate) fn keeps(&mut self, name: &str, lost: &[String], now: Timestamp) {
        self.kept = Some(now);
        let trouble = Trouble {
            since: now,
            title: "The git repository overruled some of our changes".to_owned(),
            text: format!(
                "{}. They are kept as {name} in the folder git of the state.",
                lost.join("; ")
            ),
        };
        self.troubles.put("git-kept", Some(trouble));
    }
}

/// Tells operators what does not work.
pub(crate) fn tell(troubles: &Troubles, error: &GitError, since: Timestamp, now: Timestamp) {
    let trouble = Trouble {
        since,
        title: "Incidents are not exchanged with the git repository".to_owned(),
        text: format!(
            "{error}. The page keeps working, and changes are pushed as soon as possible. \
             critwatch has been trying for {}.",
            short(elapsed(since, now)),
        ),
    };
    troubles.put("git", Some(trouble));
}
