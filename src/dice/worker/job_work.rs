//! One job from its delivery to its end: answered, given up, left for later or given back.

use std::fmt::Display;
use std::time::Duration;

use redis::RedisError;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::dice::clock;
use crate::dice::database::connection::{Database, DatabaseError};
use crate::dice::database::rolls::{self, RollKey, RollState};
use crate::dice::link;
use crate::dice::queue::consumer::JobConsumer;
use crate::dice::queue::entry::Delivery;
use crate::dice::queue::name::QueueName;
use crate::dice::queue::retry::{self, DELIVERIES_MAX};
use crate::dice::roll::computing::compute;
use crate::dice::roll::job::{RollAnswer, RollJob};
use crate::dice::roll::throw::chance::DiceChance;
use crate::dice::worker::thumbnail::thumbnail;

/// Pauses between attempts to store what is done.
const STORE_AGAIN: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(1));
/// How long a child rests when its records are refused, as Horizon's workers do.
const STALL: Duration = Duration::from_secs(1);
/// The slowest that a child can be made.
const SLOW_MAX: Duration = Duration::from_mins(10);

/// How a job ended for this child.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum JobEnd {
    /// It was answered.
    Answered,
    /// It had been answered by another child.
    AnsweredBefore,
    /// It was given up.
    Failed,
    /// Its work failed, and is done again after a pause.
    Retried,
    /// Another child can take it.
    GivenBack,
    /// It stays in this child's name until it is claimed.
    Stalled,
}

/// What a child needs for its jobs.
#[derive(Clone)]
pub(crate) struct JobWork {
    /// Its end of the queue.
    pub(crate) consumer: JobConsumer,
    /// Where answers are stored.
    pub(crate) database: Database,
    /// How long the work on a job may take.
    pub(crate) job_timeout: Duration,
    /// After which time a job that lies untouched is claimed.
    pub(crate) claim_after: Duration,
    /// Where the dice get their chance from.
    pub(crate) chance: DiceChance,
}

/// What the work on a job brought.
enum JobResult {
    Roll(RollKey, RollAnswer),
    Thumbnail(Uuid, Result<Vec<u8>, String>),
}

/// Why the work on a job brought nothing.
enum WorkFault {
    /// It would fail again.
    Lasting(String),
    /// It may work later.
    Passing(String),
}

/// The child is to stop before its attempts came to an end.
struct Interrupted;

impl JobWork {
    /// Brings a job to an end; what fails before that leaves the job in the queue.
    pub(crate) async fn handle(&mut self, delivery: &Delivery, stop: &CancellationToken) -> JobEnd {
        let Ok(end) = self.work(delivery, stop).await else {
            self.consumer.give_back(delivery).await.ok();
            return JobEnd::GivenBack;
        };
        match end {
            JobEnd::Answered | JobEnd::AnsweredBefore | JobEnd::Failed => {
                if let Err(error) = self.consumer.finish(delivery).await {
                    tracing::debug!(%error, "cannot acknowledge job; it will be delivered again");
                }
            }
            JobEnd::Retried | JobEnd::GivenBack | JobEnd::Stalled => {}
        }
        end
    }

    async fn work(
        &self,
        delivery: &Delivery,
        stop: &CancellationToken,
    ) -> Result<JobEnd, Interrupted> {
        let uuid = delivery.uuid();
        if let Some(uuid) = uuid {
            match self.consumer.clone().note_reserved(uuid).await {
                // As with Horizon: the job has used one attempt, and lies until it is claimed.
                Err(error) if link::is_refusal(&error) => {
                    tracing::debug!(%error, "redis refuses the record of a job");
                    sleep(STALL).await;
                    return Ok(JobEnd::Stalled);
                }
                _ => {}
            }
            if delivery.queue == QueueName::Rolls && self.is_over(uuid, stop).await? {
                return Ok(JobEnd::AnsweredBefore);
            }
        }
        if delivery.count > DELIVERIES_MAX {
            return self.give_up(delivery, "delivered too often", stop).await;
        }
        let result = timeout(self.job_timeout, self.compute(delivery, stop)).await;
        let result = match result {
            Ok(result) => result?,
            Err(_) => Err(WorkFault::Passing("the job took too long".to_owned())),
        };
        match result {
            Ok(result) => self.store(&result, stop).await,
            Err(WorkFault::Lasting(why)) => self.give_up(delivery, &why, stop).await,
            Err(WorkFault::Passing(why)) => match retry::pause(delivery.count, self.claim_after) {
                Some(pause) => {
                    tracing::debug!(entry.id = delivery.id, why, "job is done again later");
                    // If this fails, the job is claimed after the usual time.
                    self.consumer.clone().rest(delivery, pause).await.ok();
                    Ok(JobEnd::Retried)
                }
                None => self.give_up(delivery, &why, stop).await,
            },
        }
    }

    async fn is_over(&self, uuid: Uuid, stop: &CancellationToken) -> Result<bool, Interrupted> {
        let find = async || rolls::find(&self.database, uuid).await;
        let found = again(stop, "look at a roll", find).await?;
        Ok(matches!(
            found,
            Some(RollState::Answered(_) | RollState::Lost)
        ))
    }

    async fn compute(
        &self,
        delivery: &Delivery,
        stop: &CancellationToken,
    ) -> Result<Result<JobResult, WorkFault>, Interrupted> {
        let slow = async || self.consumer.clone().slow_ms().await;
        let slow = again(stop, "ask redis", slow).await?;
        sleep(Duration::from_millis(slow).min(SLOW_MAX)).await;
        match delivery.queue {
            QueueName::Rolls => Ok(roll(&delivery.text, self.chance).map_err(WorkFault::Lasting)),
            QueueName::Assets => self.thumbnail(delivery, stop).await,
        }
    }

    async fn thumbnail(
        &self,
        delivery: &Delivery,
        stop: &CancellationToken,
    ) -> Result<Result<JobResult, WorkFault>, Interrupted> {
        let Some(uuid) = delivery.uuid() else {
            let why = "the job cannot be read".to_owned();
            return Ok(Err(WorkFault::Lasting(why)));
        };
        let image = async || self.consumer.clone().image(uuid).await;
        let Some(image) = again(stop, "fetch an image", image).await? else {
            let why = "the image is gone".to_owned();
            return Ok(Err(WorkFault::Lasting(why)));
        };
        // On a thread of its own, so that the job is still kept meanwhile.
        let made = tokio::task::spawn_blocking(move || thumbnail(&image)).await;
        Ok(match made {
            Ok(Ok(bytes)) => Ok(JobResult::Thumbnail(uuid, Ok(bytes))),
            Ok(Err(why)) => Err(WorkFault::Lasting(why)),
            Err(error) => Err(WorkFault::Passing(error.to_string())),
        })
    }

    /// Stores a result; a result that cannot be stored stays in hand until it can.
    async fn store(
        &self,
        result: &JobResult,
        stop: &CancellationToken,
    ) -> Result<JobEnd, Interrupted> {
        match result {
            JobResult::Roll(key, answer) => {
                let write =
                    async || rolls::answer(&self.database, key.clone(), answer, clock::now()).await;
                again::<_, DatabaseError>(stop, "store an answer", write).await?;
                // Who misses this finds the answer at the end of its wait.
                self.consumer.clone().announce(key.uuid).await.ok();
            }
            JobResult::Thumbnail(uuid, made) => {
                let write = async || self.consumer.clone().store_thumbnail(*uuid, made).await;
                again::<_, RedisError>(stop, "store a thumbnail", write).await?;
            }
        }
        Ok(JobEnd::Answered)
    }

    async fn give_up(
        &self,
        delivery: &Delivery,
        why: &str,
        stop: &CancellationToken,
    ) -> Result<JobEnd, Interrupted> {
        tracing::warn!(entry.id = delivery.id, why, "job is given up");
        let aside = async || self.consumer.clone().put_aside(delivery, why).await;
        again(stop, "put a failed job aside", aside).await?;
        if let Some(uuid) = delivery.uuid() {
            let why = why.to_owned();
            let result = match delivery.queue {
                QueueName::Rolls => {
                    let room = serde_json::from_str(&delivery.text)
                        .ok()
                        .and_then(|job: RollJob| job.room);
                    JobResult::Roll(RollKey { uuid, room }, RollAnswer::Failed(why))
                }
                QueueName::Assets => JobResult::Thumbnail(uuid, Err(why)),
            };
            self.store(&result, stop).await?;
        }
        Ok(JobEnd::Failed)
    }
}

fn roll(text: &str, chance: DiceChance) -> Result<JobResult, String> {
    let job: RollJob =
        serde_json::from_str(text).map_err(|error| format!("the job cannot be read: {error}"))?;
    let rolled = compute(&job, chance).map_err(|error| error.to_string())?;
    let key = RollKey {
        uuid: job.uuid,
        room: job.room,
    };
    Ok(JobResult::Roll(key, RollAnswer::Rolled(rolled)))
}

/// Tries until it works, with growing pauses; gives up only when stopped.
async fn again<T, E: Display>(
    stop: &CancellationToken,
    what: &str,
    attempt: impl AsyncFn() -> Result<T, E>,
) -> Result<T, Interrupted> {
    let (mut pause, longest) = STORE_AGAIN;
    loop {
        match attempt().await {
            Ok(value) => {
                if pause > STORE_AGAIN.0 {
                    tracing::info!("child can {what} again");
                }
                return Ok(value);
            }
            Err(error) if pause == STORE_AGAIN.0 => {
                tracing::warn!(%error, "child cannot {what}; retrying");
            }
            Err(_) => {}
        }
        tokio::select! {
            () = stop.cancelled() => return Err(Interrupted),
            () = sleep(pause) => pause = (pause * 2).min(longest),
        }
    }
}
