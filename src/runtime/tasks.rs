//! Named tasks; the only place where tasks are started.

use std::collections::BTreeSet;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use anyhow::anyhow;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// How long tasks may take to end once they are told to.
const GRACE: Duration = Duration::from_secs(10);

/// The tasks of a running program, and the token that tells them to stop.
///
/// All of them are essential: one that ends before it is told to stops the
/// others, in order, and the program fails, so that the host restarts it.
#[derive(Debug, Default)]
pub struct Tasks {
    set: JoinSet<(String, anyhow::Result<()>)>,
    names: BTreeSet<String>,
    stop: CancellationToken,
}

impl Tasks {
    /// Starts with no task.
    pub fn new() -> Self {
        Self::default()
    }

    /// The token that tells every task to stop.
    pub fn stop(&self) -> CancellationToken {
        self.stop.clone()
    }

    /// Starts a task.
    pub fn start<F>(&mut self, name: impl Into<String>, task: F)
    where
        F: Future<Output = anyhow::Result<()>> + Send + 'static,
    {
        self.start_boxed(name.into(), Box::pin(task));
    }

    /// The same for all tasks, compiled once: what runs a task is larger than most.
    fn start_boxed(
        &mut self,
        name: String,
        task: Pin<Box<dyn Future<Output = anyhow::Result<()>> + Send>>,
    ) {
        self.names.insert(name.clone());
        self.set.spawn(async move { (name, task.await) });
    }

    /// Starts a task that waits for the disk, on a thread of its own; it ends
    /// when nobody sends to it any more.
    pub fn start_blocking(
        &mut self,
        name: impl Into<String>,
        task: impl FnOnce() + Send + 'static,
    ) {
        self.start_boxed_blocking(name.into(), Box::new(task));
    }

    fn start_boxed_blocking(&mut self, name: String, task: Box<dyn FnOnce() + Send>) {
        self.names.insert(name.clone());
        self.set.spawn_blocking(move || {
            task();
            (name, Ok(()))
        });
    }

    /// Waits until the program is to stop or a task ends early, then ends all.
    pub async fn run(mut self, until: impl Future<Output = ()>) -> anyhow::Result<()> {
        let early = tokio::select! {
            // Who ended just before the program is to stop did not end too early.
            biased;
            () = until => Ok(()),
            () = self.stop.cancelled() => Ok(()),
            Some(ended) = self.set.join_next() => Err(self.early(ended)),
        };
        self.stop.cancel();
        let rest = tokio::time::timeout(GRACE, async {
            let mut failed = Ok(());
            while let Some(ended) = self.set.join_next().await {
                failed = failed.and(self.ended(ended));
            }
            failed
        })
        .await;
        let late = || {
            let names: Vec<_> = self.names.iter().map(String::as_str).collect();
            Err(anyhow!("did not stop in time: {}", names.join(", ")))
        };
        early.and(rest.unwrap_or_else(|_| late()))
    }

    /// Waits for something while the tasks run. Tasks that other tasks replace may end
    /// meanwhile; one that fails is an error.
    pub async fn meanwhile<T>(&mut self, until: impl Future<Output = T>) -> anyhow::Result<T> {
        let mut until = std::pin::pin!(until);
        loop {
            tokio::select! {
                there = &mut until => return Ok(there),
                Some(ended) = self.set.join_next() => self.ended(ended)?,
            }
        }
    }

    fn early(
        &mut self,
        ended: Result<(String, anyhow::Result<()>), tokio::task::JoinError>,
    ) -> anyhow::Error {
        match ended {
            Ok((name, Ok(()))) => {
                self.names.remove(&name);
                anyhow!("{name} ended by itself")
            }
            other => match self.ended(other) {
                Err(error) => error,
                Ok(()) => anyhow!("a task ended by itself"),
            },
        }
    }

    fn ended(
        &mut self,
        ended: Result<(String, anyhow::Result<()>), tokio::task::JoinError>,
    ) -> anyhow::Result<()> {
        match ended {
            Ok((name, result)) => {
                self.names.remove(&name);
                result.map_err(|error| error.context(format!("{name} failed")))
            }
            Err(error) => Err(anyhow!(error).context("a task panicked")),
        }
    }
}

/// A task that has nothing to tell when it ends.
pub async fn ending(task: impl Future<Output = ()>) -> anyhow::Result<()> {
    task.await;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_task_that_ends_early_stops_the_others() {
        let mut tasks = Tasks::new();
        let stop = tasks.stop();
        tasks.start("patient", async move {
            stop.cancelled().await;
            Ok(())
        });
        tasks.start("hasty", async { Err(anyhow!("no reason")) });
        let error = tasks.run(std::future::pending()).await.unwrap_err();
        assert_eq!(format!("{error:#}"), "hasty failed: no reason");
    }

    #[tokio::test]
    async fn a_task_may_end_while_others_replace_it_but_not_fail() {
        let mut tasks = Tasks::new();
        tasks.start("replaced", ending(std::future::ready(())));
        let waited = tokio::task::yield_now();
        assert!(tasks.meanwhile(waited).await.is_ok());
        tasks.start("hasty", async { Err(anyhow!("no reason")) });
        let error = tasks.meanwhile(std::future::pending::<()>()).await;
        assert_eq!(
            format!("{:#}", error.unwrap_err()),
            "hasty failed: no reason"
        );
    }

    #[tokio::test]
    async fn a_task_that_was_replaced_just_before_the_stop_ended_in_order() {
        for _ in 0..64 {
            let mut tasks = Tasks::new();
            tasks.start("replaced", ending(std::future::ready(())));
            tokio::task::yield_now().await;
            let ended = tasks.run(std::future::ready(())).await;
            assert_eq!(ended.map_err(|error| format!("{error:#}")), Ok(()));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn who_does_not_stop_in_time_is_named() {
        let mut tasks = Tasks::new();
        tasks.start("stubborn", std::future::pending());
        let error = tasks.run(std::future::ready(())).await.unwrap_err();
        assert_eq!(error.to_string(), "did not stop in time: stubborn");
    }
}
