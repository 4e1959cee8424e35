//! `/roll`: a roll is queued and waited for; a roll is read.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep_until, timeout_at};
use uuid::Uuid;

use crate::dice::api::caller::{Caller, JsonBody};
use crate::dice::api::queue::{self, OfferError, RollLookup};
use crate::dice::api::refusal::ApiError;
use crate::dice::api::room;
use crate::dice::api::state::ApiState;
use crate::dice::clock;
use crate::dice::roll::expression::RollExpression;
use crate::dice::roll::formula;
use crate::dice::roll::job::{RequestError, RollAnswer, RollJob, User, WireDie};

/// Between two looks for an answer that nobody announces.
const LOOK: Duration = Duration::from_millis(100);

/// A roll as clients ask for it: dice, or a formula in their place.
#[derive(Debug, Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    dice: Vec<WireDie>,
    equation: Option<String>,
    room: Option<String>,
    #[serde(default)]
    operator: Value,
    label: Option<String>,
    external_id: Option<String>,
    #[serde(default)]
    whisper: Vec<u64>,
}

/// Queues a roll and waits for its answer.
pub(crate) async fn create(
    State(desk): State<Arc<ApiState>>,
    Caller(user): Caller,
    body: JsonBody,
) -> Result<Response, ApiError> {
    let job = job(body.json()?, user)?;
    may_roll(&desk, &job).await?;
    let mut woken = desk.waiters.expect(job.uuid).await;
    let deadline = Instant::now() + desk.answer_within;
    offer(&desk, &job).await?;
    loop {
        let wake = timeout_at(deadline, &mut woken).await;
        let is_last = wake.is_err();
        if matches!(wake, Ok(Err(_))) {
            // Nobody wakes us any more, so look for the answer now and then.
            sleep_until(deadline.min(Instant::now() + LOOK)).await;
        }
        match queue::look_up(&mut desk.link.clone(), job.uuid).await {
            Ok(RollLookup::Answered(answer)) => {
                desk.metrics.answered.inc();
                return reply(answer);
            }
            Ok(RollLookup::Waiting | RollLookup::Unknown) if !is_last => {
                woken = desk.waiters.expect(job.uuid).await;
            }
            Ok(_) | Err(_) => {
                desk.metrics.late.inc();
                let message = "the roll was taken but not answered yet: it can be read later";
                return Err(ApiError::Late {
                    uuid: job.uuid,
                    message,
                });
            }
        }
    }
}

/// Shows a roll, or says that it waits.
pub(crate) async fn show(
    State(desk): State<Arc<ApiState>>,
    _: Caller,
    Path(uuid): Path<String>,
) -> Result<Response, ApiError> {
    let uuid = Uuid::try_parse(&uuid).map_err(|_| ApiError::NotFound("roll"))?;
    match queue::look_up(&mut desk.link.clone(), uuid).await? {
        RollLookup::Answered(answer) => reply(answer),
        RollLookup::Waiting => {
            let data = json!({ "uuid": uuid, "message": "the roll is waiting for a worker" });
            let body = Json(json!({ "type": "roll", "data": data }));
            Ok((StatusCode::ACCEPTED, body).into_response())
        }
        RollLookup::Unknown => Err(ApiError::NotFound("roll")),
    }
}

fn job(wanted: Wanted, user: User) -> Result<RollJob, ApiError> {
    let mut job = RollJob {
        uuid: Uuid::new_v4(),
        room: wanted.room,
        user,
        dice: wanted.dice,
        operator: wanted.operator,
        equation: None,
        label: wanted.label,
        external_id: wanted.external_id,
        whisper: wanted.whisper,
        enqueued_at: clock::stamp(clock::now()),
    };
    if let Some(text) = wanted.equation.filter(|_| job.dice.is_empty()) {
        let expression: RollExpression = text.parse().map_err(RequestError::from)?;
        let (dice, operator) = formula::request(&expression).map_err(RequestError::from)?;
        job.dice = dice.into_iter().map(WireDie::new).collect();
        job.operator = operator.to_json();
        job.equation = Some(expression.to_string());
    }
    job.asked()?;
    Ok(job)
}

async fn may_roll(desk: &ApiState, job: &RollJob) -> Result<(), ApiError> {
    let Some(slug) = &job.room else { return Ok(()) };
    let room = room::find(&mut desk.link.clone(), slug).await?;
    if room.ok_or(ApiError::NotFound("room"))?.has(job.user.uuid) {
        Ok(())
    } else {
        Err(ApiError::Forbidden(
            "you are not a participant of this room",
        ))
    }
}

async fn offer(desk: &ApiState, job: &RollJob) -> Result<(), ApiError> {
    desk.metrics.offered.inc();
    match queue::offer(&mut desk.link.clone(), job).await {
        Ok(()) => Ok(()),
        Err(OfferError::Refused(error)) => {
            desk.metrics.refused.inc();
            tracing::debug!(%error, roll.uuid = %job.uuid, "queue refused job");
            Err(ApiError::Unavailable(
                "the roll was not taken: the queue is full, try again later",
            ))
        }
        Err(OfferError::Unreachable(_)) => {
            desk.metrics.refused.inc();
            Err(ApiError::Unavailable(
                "the roll was not taken: the queue cannot be reached",
            ))
        }
        Err(OfferError::Unknown(_)) => {
            desk.metrics.late.inc();
            let message = "the queue did not answer: the roll may be answered later";
            Err(ApiError::Late {
                uuid: job.uuid,
                message,
            })
        }
    }
}

fn reply(answer: RollAnswer) -> Result<Response, ApiError> {
    match answer {
        RollAnswer::Rolled(roll) => {
            Ok(Json(json!({ "type": "roll", "data": roll })).into_response())
        }
        RollAnswer::Failed(why) => Err(ApiError::Failed(why)),
    }
}
