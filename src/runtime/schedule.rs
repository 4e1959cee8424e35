//! The cron schedule: hands jobs over when they are due.
//!
//! Nothing rests on its ticks: they may come late or be lost.

use std::time::Duration;

use tokio_cron_scheduler::{Job, JobScheduler, JobSchedulerError};
use tokio_util::sync::CancellationToken;

/// How often the jobs are planned anew. The scheduler knows the next moment of each
/// job alone, and after the clock was set back that moment may be a year away.
const PLANNED_ANEW: Duration = Duration::from_hours(1);

/// Hands each job over when its cron expression says, in UTC, until it is told to stop.
///
/// A schedule that cannot be set up is logged, as everybody does without it.
pub async fn run<J: Copy + Send + Sync + 'static>(
    jobs: &[(&str, J)],
    due: impl Fn(J) + Clone + Send + Sync + 'static,
    stop: CancellationToken,
) {
    let planning = async {
        let mut scheduler = JobScheduler::new().await?;
        scheduler.start().await?;
        while !stop.is_cancelled() {
            let planned = plan(&scheduler, jobs, &due).await?;
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(PLANNED_ANEW) => {}
            }
            for job in &planned {
                scheduler.remove(job).await?;
            }
        }
        scheduler.shutdown().await
    };
    if let Err(error) = planning.await {
        tracing::error!(%error, "the schedule failed; its jobs wait for the next start");
        stop.cancelled().await;
    }
}

/// Adds all jobs; returns their names.
async fn plan<J: Copy + Send + Sync + 'static>(
    scheduler: &JobScheduler,
    jobs: &[(&str, J)],
    due: &(impl Fn(J) + Clone + Send + Sync + 'static),
) -> Result<Vec<uuid::Uuid>, JobSchedulerError> {
    let mut planned = Vec::new();
    for (cron, job) in jobs {
        let (due, job) = (due.clone(), *job);
        let job = Job::new(*cron, move |_, _| due(job))?;
        planned.push(scheduler.add(job).await?);
    }
    Ok(planned)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn a_job_comes_again_and_again_until_the_schedule_is_stopped() {
        let (due, jobs) = mpsc::channel();
        let stop = CancellationToken::new();
        // Every second, as no test waits for long.
        let schedule = [("* * * * * *", 7)];
        let waiting = async {
            let twice = tokio::task::spawn_blocking(move || [jobs.recv(), jobs.recv()]);
            assert_eq!(twice.await.unwrap(), [Ok(7), Ok(7)]);
            stop.cancel();
        };
        let hand = move |job| {
            let _ = due.send(job);
        };
        tokio::join!(waiting, run(&schedule, hand, stop.clone()));
    }
}
