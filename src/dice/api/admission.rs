//! Whether the queue may take more, measured in the background and not for each request.

use std::time::Duration;

use redis::aio::ConnectionManager;
use tokio::sync::watch;
use tokio::time::sleep;

use crate::dice::queue::load::{self, LoadSnapshot};
use crate::dice::queue::name::QueueName;

/// Between two measurements.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// From when on the queue takes no more.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AdmissionLimits {
    /// The largest share of Redis's memory that may be in use.
    pub(crate) memory: f64,
    /// The longest that the oldest job may have been there.
    pub(crate) age: Duration,
}

/// Says why a job is not offered to the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TurnedAway {
    /// Redis is nearly full.
    #[error("the queue is nearly full, try again later")]
    Full,
    /// The worker is behind.
    #[error("the queue is too long, try again later")]
    Late,
}

/// Measures, for [`Admission`] to read.
pub(crate) async fn measure(
    mut link: ConnectionManager,
    seen: watch::Sender<Option<LoadSnapshot>>,
) -> std::convert::Infallible {
    loop {
        seen.send_replace(load::look(&mut link).await.ok());
        sleep(LOOK_EVERY).await;
    }
}

/// Decides what may be offered to the queues.
#[derive(Clone, Debug)]
pub(crate) struct Admission {
    seen: watch::Receiver<Option<LoadSnapshot>>,
    limits: Option<AdmissionLimits>,
}

impl Admission {
    /// Makes an admission; without limits everything is offered.
    pub(crate) fn new(
        seen: watch::Receiver<Option<LoadSnapshot>>,
        limits: Option<AdmissionLimits>,
    ) -> Self {
        Self { seen, limits }
    }

    /// Tells whether a queue may take one more job.
    pub(crate) fn admit(&self, queue: QueueName) -> Result<(), TurnedAway> {
        match (self.limits, *self.seen.borrow()) {
            (Some(limits), Some(seen)) => judge(&seen, queue, limits),
            // What is not known is found out by the offer itself.
            _ => Ok(()),
        }
    }

    /// Tells whether a job would surely wait for longer than this, or Redis does not answer.
    pub(crate) fn is_late(&self, queue: QueueName, patience: Duration) -> bool {
        let seen = *self.seen.borrow();
        seen.is_none_or(|seen| seen.queue(queue).oldest > patience)
    }
}

fn judge(seen: &LoadSnapshot, queue: QueueName, limits: AdmissionLimits) -> Result<(), TurnedAway> {
    if seen.memory.is_some_and(|share| share > limits.memory) {
        return Err(TurnedAway::Full);
    }
    if seen.queue(queue).oldest > limits.age {
        return Err(TurnedAway::Late);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dice::queue::load::QueueLoad;

    #[test]
    fn a_queue_is_closed_by_memory_or_by_its_own_age() {
        let limits = AdmissionLimits {
            memory: 0.8,
            age: Duration::from_secs(30),
        };
        let load = |seconds| QueueLoad {
            jobs: 5,
            oldest: Duration::from_secs(seconds),
        };
        for (memory, rolls, assets, expected) in [
            (Some(0.8), 30, 90, Ok(())),
            (None, 0, 0, Ok(())),
            (Some(0.81), 0, 0, Err(TurnedAway::Full)),
            (Some(0.1), 31, 0, Err(TurnedAway::Late)),
        ] {
            let seen = LoadSnapshot::new(memory, load(rolls), load(assets));
            assert_eq!(judge(&seen, QueueName::Rolls, limits), expected);
        }
    }
}
