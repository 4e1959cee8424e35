//! The API's one door to rolls: takes them, by the mode that is set, and finds their answers.

use std::sync::Arc;
use std::time::Duration;

use redis::aio::ConnectionManager;
use tokio::sync::{broadcast, watch};
use tokio::time::{Instant, sleep_until, timeout_at};
use uuid::Uuid;

use crate::dice::api::admission::{Admission, TurnedAway};
use crate::dice::api::roll_mode::RollMode;
use crate::dice::clock;
use crate::dice::database::connection::{Database, DatabaseError};
use crate::dice::database::rolls::{self, RollKey, RollState};
use crate::dice::metrics::ApiMetrics;
use crate::dice::queue::bookkeeping::Bookkeeping;
use crate::dice::queue::entry::QueueEntry;
use crate::dice::queue::name::QueueName;
use crate::dice::queue::producer::{self, OfferError};
use crate::dice::queue::waiters::Waiters;
use crate::dice::roll::computing::compute;
use crate::dice::roll::job::{RequestError, RollAnswer, RollJob};
use crate::dice::roll::throw::chance::DiceChance;

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
    /// The queue takes no more for now.
    #[error("the roll was not taken: {0}")]
    TurnedAway(#[from] TurnedAway),
    /// The queue refused it.
    #[error("the roll was not taken: the queue is full, try again later")]
    Refused,
    /// The queue cannot be reached.
    #[error("the roll was not taken: the queue cannot be reached")]
    Unreachable,
    /// The database does not store it.
    #[error("the roll was not taken: it cannot be stored at the moment")]
    Database(#[from] DatabaseError),
    /// The dice cannot be rolled.
    #[error(transparent)]
    Request(#[from] RequestError),
}

/// What [`Rolling`] uses.
#[derive(Clone, Debug)]
pub(crate) struct RollingSettings {
    /// How long a request waits for the worker.
    pub(crate) answer_within: Duration,
    /// How rolls are made at first.
    pub(crate) mode: RollMode,
    /// Whether each job has records beside the queue.
    pub(crate) bookkeeping: Option<Bookkeeping>,
    /// Where the dice get their chance from.
    pub(crate) chance: DiceChance,
}

/// The door to rolls.
#[derive(Clone)]
pub(crate) struct Rolling {
    link: ConnectionManager,
    database: Database,
    waiters: Waiters,
    admission: Admission,
    metrics: ApiMetrics,
    answer_within: Duration,
    bookkeeping: Option<Bookkeeping>,
    chance: DiceChance,
    mode: Arc<watch::Sender<RollMode>>,
}

enum Offered {
    Surely,
    Perhaps,
}

impl Rolling {
    /// Puts the door together.
    pub(crate) fn new(
        link: ConnectionManager,
        database: Database,
        waiters: Waiters,
        admission: Admission,
        metrics: ApiMetrics,
        settings: &RollingSettings,
    ) -> Self {
        let rolling = Self {
            link,
            database,
            waiters,
            admission,
            metrics,
            answer_within: settings.answer_within,
            bookkeeping: settings.bookkeeping,
            chance: settings.chance,
            mode: Arc::new(watch::Sender::new(settings.mode)),
        };
        rolling.set_mode(settings.mode);
        rolling
    }

    /// Tells how rolls are made at the moment.
    pub(crate) fn mode(&self) -> RollMode {
        *self.mode.borrow()
    }

    /// Makes rolls in another way from now on.
    pub(crate) fn set_mode(&self, mode: RollMode) {
        if self.mode.send_replace(mode) != mode {
            tracing::info!(roll.mode = mode.name(), "roll mode changed");
        }
        for one in RollMode::ALL {
            let value = i64::from(one == mode);
            self.metrics
                .mode
                .with_label_values(&[one.name()])
                .set(value);
        }
    }

    /// Hears of each roll that was answered; a listener that lags misses some.
    pub(crate) fn answered(&self) -> broadcast::Receiver<Uuid> {
        self.waiters.answered()
    }

    /// Tells what became of a roll; none if there is no such roll.
    pub(crate) async fn find(&self, uuid: Uuid) -> Result<Option<RollState>, DatabaseError> {
        rolls::find(&self.database, uuid).await
    }

    /// Makes a roll, or has it made.
    pub(crate) async fn take(&self, job: &RollJob) -> Result<Taken, TakeError> {
        let taken = match self.mode() {
            RollMode::Immediate => self.at_once(job).await,
            RollMode::Queued => self.queued(job).await,
            RollMode::Auto => self.queued_or_at_once(job).await,
        };
        match &taken {
            Ok(Taken::Answered(_)) => self.metrics.answered.inc(),
            Ok(Taken::Late | Taken::Unsure | Taken::Lost) => self.metrics.late.inc(),
            Err(_) => {}
        }
        taken
    }

    async fn queued_or_at_once(&self, job: &RollJob) -> Result<Taken, TakeError> {
        if self.admission.is_late(QueueName::Rolls, self.answer_within) {
            return self.at_once(job).await;
        }
        match self.queued(job).await {
            Err(TakeError::TurnedAway(_) | TakeError::Refused | TakeError::Unreachable)
            | Ok(Taken::Late | Taken::Unsure) => self.at_once(job).await,
            taken => taken,
        }
    }

    /// Computes the roll here; if the worker was faster, its answer holds.
    async fn at_once(&self, job: &RollJob) -> Result<Taken, TakeError> {
        let answer = RollAnswer::Rolled(compute(job, self.chance)?);
        let held = rolls::answer(&self.database, key(job), &answer, clock::now()).await?;
        let Some(held) = held else {
            return Ok(Taken::Lost);
        };
        self.metrics.immediate.inc();
        self.waiters.announce(job.uuid);
        Ok(Taken::Answered(held))
    }

    async fn queued(&self, job: &RollJob) -> Result<Taken, TakeError> {
        let woken = self.waiters.expect(job.uuid).await;
        let deadline = Instant::now() + self.answer_within;
        let offered = self.offer(job).await?;
        let is_sure = matches!(offered, Offered::Surely);
        let accepted = rolls::accept(&self.database, key(job), is_sure, clock::now()).await;
        if let Err(error) = accepted {
            // The job is in the queue, and a child writes the row as well.
            tracing::debug!(%error, roll.uuid = %job.uuid, "cannot store an accepted roll");
            return Ok(Taken::Unsure);
        }
        if is_sure {
            Ok(self.wait(job.uuid, woken, deadline).await)
        } else {
            Ok(Taken::Unsure)
        }
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

    async fn offer(&self, job: &RollJob) -> Result<Offered, TakeError> {
        self.metrics.offered.inc();
        let refused = |error: TakeError| {
            self.metrics.refused.inc();
            error
        };
        if let Err(why) = self.admission.admit(QueueName::Rolls) {
            self.metrics.turned_away.inc();
            return Err(refused(why.into()));
        }
        let entry = QueueEntry {
            queue: QueueName::Rolls,
            uuid: job.uuid,
            enqueued_at: job.enqueued_at.clone(),
            // A job always has a JSON form; an empty text would be put aside by the worker.
            text: serde_json::to_string(job).unwrap_or_default(),
            image: None,
        };
        match producer::offer(&mut self.link.clone(), &entry, self.bookkeeping).await {
            Ok(()) => Ok(Offered::Surely),
            Err(OfferError::Refused(error)) => {
                tracing::debug!(%error, roll.uuid = %job.uuid, "queue refused job");
                Err(refused(TakeError::Refused))
            }
            Err(OfferError::Unreachable(_)) => Err(refused(TakeError::Unreachable)),
            Err(OfferError::Unknown(_)) => Ok(Offered::Perhaps),
        }
    }
}

fn key(job: &RollJob) -> RollKey {
    RollKey {
        uuid: job.uuid,
        room: job.room.clone(),
    }
}
