//! The alarm clock: cron jobs that wake whoever has something to do at a time.
//!
//! Nothing rests on its ticks: they may come late or be lost. Whoever is woken
//! looks at the moment, and does so now and then without being woken.

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use tokio::sync::{mpsc, watch};
use tokio_cron_scheduler::{Job, JobScheduler, JobSchedulerError};
use tokio_util::sync::CancellationToken;

/// When the night's work is done, in UTC.
const NIGHTLY: &str = "0 30 3 * * *";

/// Wakes at moments that change, and every night.
#[derive(Debug)]
pub struct Alarm {
    /// When to wake next.
    pub due: watch::Receiver<Option<Timestamp>>,
    /// Who is woken then.
    pub wake: mpsc::Sender<()>,
    /// Who is woken every night.
    pub night: std::sync::mpsc::Sender<()>,
}

impl Alarm {
    /// Runs until it is told to stop; what cannot be set is logged, as everybody
    /// does without it.
    pub async fn run(mut self, stop: CancellationToken) {
        let ended = tokio::select! {
            () = stop.cancelled() => return,
            ended = self.ring() => ended,
        };
        if let Err(error) = ended {
            tracing::error!(%error, "cannot set the alarm; planned work is begun at the next look");
        }
        stop.cancelled().await;
    }

    async fn ring(&mut self) -> Result<(), JobSchedulerError> {
        let mut scheduler = JobScheduler::new().await?;
        let night = self.night.clone();
        let nightly = Job::new(NIGHTLY, move |_, _| {
            // Who has gone away has nothing to do at night.
            let _ = night.send(());
        })?;
        scheduler.add(nightly).await?;
        scheduler.start().await?;
        let mut set = None;
        loop {
            let due = *self.due.borrow_and_update();
            if let Some(before) = set.take() {
                scheduler.remove(&before).await?;
            }
            if let Some(cron) = due.and_then(cron) {
                let wake = self.wake.clone();
                let job = Job::new(cron.as_str(), move |_, _| {
                    // Who is about to look anyway needs no second knock.
                    let _ = wake.try_send(());
                })?;
                set = Some(scheduler.add(job).await?);
            }
            if self.due.changed().await.is_err() {
                return scheduler.shutdown().await;
            }
        }
    }
}

/// The second of a moment as a cron expression in UTC: it rings then, or a year
/// later, when nobody listens any more.
fn cron(at: Timestamp) -> Option<String> {
    // A part of a second is rung out.
    let up = i32::from(at.subsec_nanosecond() > 0);
    let at = at.checked_add(up.seconds()).ok()?;
    let at = at.to_zoned(TimeZone::UTC);
    // Before the calendar begins nothing is due.
    (at.year() > 1970).then(|| at.strftime("%-S %-M %-H %-d %-m *").to_string())
}

#[cfg(test)]
mod tests {
    use crate::runtime::tasks::Tasks;

    use super::*;

    #[test]
    fn a_moment_becomes_an_expression_of_its_second() {
        for (at, expected) in [
            ("2026-03-02T12:05:09Z", Some("9 5 12 2 3 *")),
            ("2026-12-31T23:59:59.2Z", Some("0 0 0 1 1 *")),
            ("1970-01-01T00:00:00Z", None),
        ] {
            assert_eq!(cron(at.parse().unwrap()).as_deref(), expected, "{at}");
        }
        assert_eq!(cron(Timestamp::MIN), None);
    }

    #[tokio::test]
    async fn whoever_is_due_is_woken_and_the_alarm_can_be_put_off() {
        #[expect(
            clippy::disallowed_methods,
            reason = "the alarm rings by the real clock"
        )]
        let now = Timestamp::now();
        let (due, moments) = watch::channel(Some(now + 1.hour()));
        let (wake, mut woken) = mpsc::channel(1);
        let (night, _errands) = std::sync::mpsc::channel();
        let alarm = Alarm {
            due: moments,
            wake,
            night,
        };
        let mut tasks = Tasks::new();
        let stop = tasks.stop();
        tasks.start("alarm", async move {
            alarm.run(stop).await;
            Ok(())
        });
        due.send_replace(Some(now + 2.seconds()));
        let rings = async { assert_eq!(woken.recv().await, Some(())) };
        tasks.run(rings).await.unwrap();
    }
}
