//! The cron schedule: work that is done once a night.
//!
//! Nothing rests on its ticks: they may come late or be lost. Whoever is woken makes
//! up for a night that was missed at the next start.

use std::sync::mpsc::Sender;

use tokio_cron_scheduler::{Job, JobScheduler, JobSchedulerError};
use tokio_util::sync::CancellationToken;

/// When the night's work is done, in UTC.
const NIGHTLY: &str = "0 30 3 * * *";

/// Runs the schedule until it is told to stop, and wakes `night` once a night.
///
/// A schedule that cannot be set up is logged, as everybody does without it.
pub async fn run(night: Sender<()>, stop: CancellationToken) {
    match start(NIGHTLY, night).await {
        Ok(mut scheduler) => {
            stop.cancelled().await;
            if let Err(error) = scheduler.shutdown().await {
                tracing::debug!(%error, "the schedule did not stop cleanly");
            }
        }
        Err(error) => {
            tracing::error!(%error, "cannot set up the schedule; nightly work waits for the next start");
            stop.cancelled().await;
        }
    }
}

async fn start(cron: &str, night: Sender<()>) -> Result<JobScheduler, JobSchedulerError> {
    let scheduler = JobScheduler::new().await?;
    let nightly = Job::new(cron, move |_, _| {
        // Who has gone away has nothing to do at night.
        let _ = night.send(());
    })?;
    scheduler.add(nightly).await?;
    scheduler.start().await?;
    Ok(scheduler)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn whoever_waits_for_the_schedule_is_woken() {
        let (night, woken) = mpsc::channel();
        // Every second, as no test waits for the night.
        let mut scheduler = start("* * * * * *", night).await.unwrap();
        let woken = tokio::task::spawn_blocking(move || woken.recv());
        assert_eq!(woken.await.unwrap(), Ok(()));
        scheduler.shutdown().await.unwrap();
    }

    #[tokio::test]
    async fn the_night_can_be_scheduled() {
        let (night, _woken) = mpsc::channel();
        let mut scheduler = start(NIGHTLY, night).await.unwrap();
        scheduler.shutdown().await.unwrap();
    }
}
