//! The task that records, fetches and pushes. Nothing waits for it.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{Instant, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

use crate::git::exchange::sync::Synchronizer;
use crate::git::failure::GitError;
use crate::git::metrics::GitMetrics;
use crate::git::plumbing::repository::RepositoryLock;
use crate::git::progress::{self, ExchangeProgress};
use crate::model::board::Board;
use crate::model::facts::trouble::Troubles;
use crate::model::request::reload::Reload;
use crate::model::request::sync::SyncRequest;

/// How soon a file that is away, or a lock of another monitor, is looked for again.
const SOON: Duration = Duration::from_secs(1);

/// How often others may push before us, or save before us, within one attempt.
const ROUNDS: usize = 8;

/// How long the last push may take when we stop.
const LAST_PUSH: Duration = Duration::from_secs(3);

/// The task, before it runs.
#[derive(Debug)]
pub(crate) struct GitTask {
    /// What keeps the folder and the repository in accord.
    pub sync: Synchronizer,
    /// How often the remote is asked.
    pub interval: Duration,
    /// Each board tells whether files have changed.
    pub boards: watch::Receiver<Arc<Board>>,
    /// Wishes to look now.
    pub requests: mpsc::Receiver<SyncRequest>,
    /// Has the settings read again when others changed them.
    pub reloads: mpsc::Sender<Reload>,
    /// What is counted.
    pub metrics: GitMetrics,
    /// What operators must know.
    pub troubles: Troubles,
    /// Tells the moment of a commit (law 8).
    pub clock: fn() -> Timestamp,
}

impl GitTask {
    /// Keeps both in accord until told to stop.
    pub(crate) async fn run(mut self, stop: CancellationToken) {
        self.metrics.begin();
        let Some(_lock) = self.open(&stop).await else {
            return;
        };
        let mut progress = ExchangeProgress::new(
            self.interval,
            self.metrics.clone(),
            self.troubles.clone(),
            self.clock,
        );
        let mut asked: Vec<oneshot::Sender<()>> = Vec::new();
        loop {
            self.look(&mut progress).await;
            let is_due = progress.next_fetch <= Instant::now() || !asked.is_empty();
            self.exchange(&mut progress, is_due).await;
            // Who asked may have gone away.
            asked
                .drain(..)
                .for_each(|answer| answer.send(()).unwrap_or_default());
            let due = progress.next_fetch.min(progress.next_push);
            let due = progress.look_again.map_or(due, |again| again.min(due));
            tokio::select! {
                () = stop.cancelled() => break,
                () = changed(&mut self.boards) => {}
                Some(request) = self.requests.recv() => asked.push(request.answer),
                () = sleep_until(due) => {}
            }
        }
        self.look(&mut progress).await;
        // What is left is pushed by the next run.
        let _ = timeout(LAST_PUSH, self.push()).await;
    }

    /// Opens the repository, as soon as no other monitor uses it.
    async fn open(&mut self, stop: &CancellationToken) -> Option<RepositoryLock> {
        let mut since = None;
        loop {
            let opened = match self.sync.repository.lock() {
                Ok(lock) => self.sync.repository.open().await.map(|()| lock),
                Err(error) => Err(error),
            };
            match opened {
                Ok(lock) => {
                    self.troubles.put("git", None);
                    return Some(lock);
                }
                Err(GitError::Busy(_)) => {}
                Err(error) => {
                    let now = (self.clock)();
                    if since.is_none() {
                        tracing::error!(%error, "cannot open the repository of incidents");
                    }
                    self.metrics.failed(&error);
                    progress::tell(&self.troubles, &error, *since.get_or_insert(now), now);
                }
            }
            let again = Instant::now() + SOON;
            loop {
                tokio::select! {
                    () = stop.cancelled() => return None,
                    Some(request) = self.requests.recv() => request.answer.send(()).unwrap_or_default(),
                    () = sleep_until(again) => break,
                }
            }
        }
    }

    /// Records what changed in the folder.
    async fn look(&mut self, progress: &mut ExchangeProgress) {
        let recorded = self.sync.record((self.clock)()).await;
        let is_away = match recorded {
            Ok(recorded) => {
                if recorded.has_commits {
                    self.count().await;
                    if progress.failures == 0 {
                        progress.next_push = Instant::now();
                    }
                }
                recorded.is_away
            }
            Err(error) => {
                progress.fails(&error);
                true
            }
        };
        progress.look_again = is_away.then(|| Instant::now() + SOON);
    }

    /// Fetches if that is due, and pushes what waits.
    async fn exchange(&mut self, progress: &mut ExchangeProgress, is_fetch_due: bool) {
        let mut fetch = is_fetch_due;
        for _ in 0..ROUNDS {
            let done = self.round(progress, fetch).await;
            match done {
                Ok(true) => {}
                Ok(false) => {
                    progress.succeeds(fetch || is_fetch_due);
                    return;
                }
                Err(GitError::Behind) => {
                    fetch = true;
                    continue;
                }
                // Somebody saved a file: it is recorded first.
                Err(GitError::Busy(_)) => {
                    self.look(progress).await;
                    continue;
                }
                Err(error) => {
                    progress.fails(&error);
                    return;
                }
            }
            fetch = false;
        }
        let error = GitError::Busy("others push or save faster than we can follow".to_owned());
        progress.fails(&error);
    }

    /// One attempt; returns whether something was pushed and more may wait.
    async fn round(
        &mut self,
        progress: &mut ExchangeProgress,
        fetch: bool,
    ) -> Result<bool, GitError> {
        if fetch {
            let repository = self.sync.repository.clone();
            let remote = self.meanwhile(progress, repository.fetch()).await?;
            let was_empty = std::mem::replace(&mut self.sync.is_remote_empty, remote.is_none());
            self.metrics.fetched((self.clock)());
            if remote.is_none() && !was_empty {
                self.look(progress).await;
            }
            self.integrate(progress).await?;
            // What a first look joined, or a merge left in the folder, is ours to commit.
            self.look(progress).await;
        } else if progress.next_push > Instant::now() {
            return Ok(false);
        }
        let refs = self.sync.repository.refs().await?;
        let waiting = self.sync.repository.waiting(&refs).await?;
        self.metrics.pending(waiting.len());
        let Some(last) = waiting.last().cloned() else {
            return Ok(false);
        };
        let repository = self.sync.repository.clone();
        self.meanwhile(progress, repository.push(&last)).await?;
        Ok(true)
    }

    async fn integrate(&mut self, progress: &mut ExchangeProgress) -> Result<(), GitError> {
        let now = (self.clock)();
        let brought = self.sync.integrate(now).await?;
        if brought.has_others {
            let (answer, _) = oneshot::channel();
            // Settings that cannot be used are told in the log.
            let _ = self.reloads.try_send(Reload { answer });
        }
        if let Some((name, lost)) = brought.kept {
            progress.keeps(&name, &lost, now);
        }
        Ok(())
    }

    /// Waits for the remote, and records meanwhile what changes in the folder.
    async fn meanwhile<T>(
        &mut self,
        progress: &mut ExchangeProgress,
        remote: impl Future<Output = Result<T, GitError>>,
    ) -> Result<T, GitError> {
        let mut remote = pin!(remote);
        loop {
            tokio::select! {
                done = &mut remote => return done,
                () = changed(&mut self.boards) => self.look(progress).await,
            }
        }
    }

    /// Counts what waits, also while the remote is away.
    async fn count(&self) {
        let refs = self.sync.repository.refs().await;
        if let Ok(refs) = refs
            && let Ok(waiting) = self.sync.repository.waiting(&refs).await
        {
            self.metrics.pending(waiting.len());
        }
    }

    async fn push(&self) -> Result<(), GitError> {
        let refs = self.sync.repository.refs().await?;
        match self.sync.repository.waiting(&refs).await?.last() {
            Some(last) => self.sync.repository.push(last).await,
            None => Ok(()),
        }
    }
}

/// Waits until files have changed, or cannot be read.
async fn changed(boards: &mut watch::Receiver<Arc<Board>>) {
    let files = |board: &Board| {
        (
            Arc::clone(&board.facts.incidents),
            Arc::clone(&board.facts.faults),
        )
    };
    let before = files(&boards.borrow_and_update());
    loop {
        if boards.changed().await.is_err() {
            // No more boards: we are stopping.
            std::future::pending::<()>().await;
        }
        let now = files(&boards.borrow_and_update());
        if !Arc::ptr_eq(&now.0, &before.0) || !Arc::ptr_eq(&now.1, &before.1) {
            return;
        }
    }
}
