//! The API's one door to rolls: takes them, and finds their answers.

use std::time::Duration;

use redis::aio::ConnectionManager;
use tokio::sync::broadcast;
use tokio::time::{Instant, sleep_until, timeout_at};
use uuid::Uuid;

use crate::dice::api::queue::{self, OfferError, RollLookup};
use crate::dice::api::waiters::Waiters;
use crate::dice::clock;
use crate::dice::database::connection::{Database, DatabaseError};
use crate::dice::database::rolls::{self, RollKey, RollState};
use crate::dice::metrics::ApiMetrics;
use crate::dice::roll::job::{RollAnswer, RollJob};

/// Between two looks for an answer that nobody announces.
const LOOK: Duration = Duration::from_millis(100);

/// What became of a roll that was taken.
#[derive(Debug)]
pub(crate) enum Taken {
    /// It has its answer.
    Answered(RollAnswer),
    /// It is in the queue, and may be answered later.
    Late,
    /// It may be in the queue, and may be answered later.
    Unsure,
    /// It was in the queue, which has lost it.
    Lost,
}

/// Says why a roll was not taken.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TakeError {
    /// The queue refused it.
    #[error("the roll was not taken: the queue is full, try again later")]
    Refused,
    /// The queue cannot be reached.
    #[error("the roll was not taken: the queue cannot be reached")]
    Unreachable,
}

/// The door to rolls.
#[derive(Clone)]
pub(crate) struct Rolling {
    /// The way to the queue.
    pub(crate) link: ConnectionManager,
    /// Where answers are.
    pub(crate) database: Database,
    /// Where requests wait for answers.
    pub(crate) waiters: Waiters,
    /// What is counted.
    pub(crate) metrics: ApiMetrics,
    /// How long a request waits for the worker.
    pub(crate) answer_within: Duration,
}

impl Rolling {
    /// Hears of each roll that was answered; a listener that lags misses some.
    pub(crate) fn answered(&self) -> broadcast::Receiver<Uuid> {
        self.waiters.answered()
    }

    /// Tells what became of a roll; none if there is no such roll.
    pub(crate) async fn find(&self, uuid: Uuid) -> Result<Option<RollState>, DatabaseError> {
        if let Some(found) = rolls::find(&self.database, uuid).await? {
            return Ok(Some(found));
        }
        match queue::look_up(&mut self.link.clone(), uuid).await {
            Ok(RollLookup::Answered(answer)) => {
                let room = match &answer {
                    RollAnswer::Rolled(roll) => roll["room"]["slug"].as_str().map(str::to_owned),
                    RollAnswer::Failed(_) => None,
                };
                let key = RollKey { uuid, room };
                let held = rolls::answer(&self.database, key, &answer, clock::now()).await?;
                Ok(held.map(RollState::Answered))
            }
            Ok(RollLookup::Waiting) => Ok(Some(RollState::Waiting)),
            Ok(RollLookup::Unknown) => Ok(None),
            Err(_) => Err(DatabaseError::Busy),
        }
    }

    /// Has a roll made.
    pub(crate) async fn take(&self, job: &RollJob) -> Result<Taken, TakeError> {
        let woken = self.waiters.expect(job.uuid).await;
        let deadline = Instant::now() + self.answer_within;
        self.metrics.offered.inc();
        let refused = |error| {
            self.metrics.refused.inc();
            Err(error)
        };
        let taken = match queue::offer(&mut self.link.clone(), job).await {
            Ok(()) => self.wait(job.uuid, woken, deadline).await,
            Err(OfferError::Unknown(_)) => Taken::Unsure,
            Err(OfferError::Refused(_)) => return refused(TakeError::Refused),
            Err(OfferError::Unreachable(_)) => return refused(TakeError::Unreachable),
        };
        match &taken {
            Taken::Answered(_) => self.metrics.answered.inc(),
            Taken::Late | Taken::Unsure | Taken::Lost => self.metrics.late.inc(),
        }
        Ok(taken)
    }

    async fn wait(
        &self,
        uuid: Uuid,
        mut woken: tokio::sync::oneshot::Receiver<()>,
        deadline: Instant,
    ) -> Taken {
        loop {
            let wake = timeout_at(deadline, &mut woken).await;
            let is_last = wake.is_err();
            if matches!(wake, Ok(Err(_))) {
                // Nobody wakes us any more, so look for the answer now and then.
                sleep_until(deadline.min(Instant::now() + LOOK)).await;
            }
            match self.find(uuid).await {
                Ok(Some(RollState::Answered(answer))) => return Taken::Answered(answer),
                Ok(Some(RollState::Lost | RollState::Refused)) => return Taken::Lost,
                Ok(Some(RollState::Waiting) | None) if !is_last => {
                    woken = self.waiters.expect(uuid).await;
                }
                Ok(Some(RollState::Waiting) | None) | Err(_) => return Taken::Late,
            }
        }
    }
}
