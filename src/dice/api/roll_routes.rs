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

use crate::dice::api::caller::{Body, Caller};
use crate::dice::api::queue::{self, Lookup, OfferError};
use crate::dice::api::refusal::Refusal;
use crate::dice::api::room;
use crate::dice::api::state::Desk;
use crate::dice::clock;
use crate::dice::roll::formula;
use crate::dice::roll::job::{Answer, Job, RequestError, User, WireDie};
use crate::dice::roll::notation::Expression;

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
    State(desk): State<Arc<Desk>>,
    Caller(user): Caller,
    body: Body,
) -> Result<Response, Refusal> {
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
            Ok(Lookup::Answered(answer)) => {
                desk.metrics.answered.inc();
                return reply(answer);
            }
            Ok(Lookup::Waiting | Lookup::Unknown) if !is_last => {
                woken = desk.waiters.expect(job.uuid).await;
            }
            Ok(_) | Err(_) => {
                desk.metrics.late.inc();
                let message = "the roll was taken but not answered yet: it can be read later";
                return Err(Refusal::Late {
                    uuid: job.uuid,
                    message,
                });
            }
        }
    }
}

/// Shows a roll, or says that it waits.
pub(crate) async fn show(
    State(desk): State<Arc<Desk>>,
    _: Caller,
    Path(uuid): Path<String>,
) -> Result<Response, Refusal> {
    let uuid = Uuid::try_parse(&uuid).map_err(|_| Refusal::NotFound("roll"))?;
    match queue::look_up(&mut desk.link.clone(), uuid).await? {
        Lookup::Answered(answer) => reply(answer),
        Lookup::Waiting => {
            let data = json!({ "uuid": uuid, "message": "the roll is waiting for a worker" });
            let body = Json(json!({ "type": "roll", "data": data }));
            Ok((StatusCode::ACCEPTED, body).into_response())
        }
        Lookup::Unknown => Err(Refusal::NotFound("roll")),
    }
}

fn job(wanted: Wanted, user: User) -> Result<Job, Refusal> {
    let mut job = Job {
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
        let expression: Expression = text.parse().map_err(RequestError::from)?;
        let (dice, operator) = formula::request(&expression).map_err(RequestError::from)?;
        job.dice = dice.into_iter().map(WireDie::new).collect();
        job.operator = operator.to_json();
        job.equation = Some(expression.to_string());
    }
    job.asked()?;
    Ok(job)
}

async fn may_roll(desk: &Desk, job: &Job) -> Result<(), Refusal> {
    let Some(slug) = &job.room else { return Ok(()) };
    let room = room::find(&mut desk.link.clone(), slug).await?;
    if room.ok_or(Refusal::NotFound("room"))?.has(job.user.uuid) {
        Ok(())
    } else {
        Err(Refusal::Forbidden("you are not a participant of this room"))
    }
}

async fn offer(desk: &Desk, job: &Job) -> Result<(), Refusal> {
    desk.metrics.offered.inc();
    match queue::offer(&mut desk.link.clone(), job).await {
        Ok(()) => Ok(()),
        Err(OfferError::Refused(error)) => {
            desk.metrics.refused.inc();
            tracing::debug!(%error, roll.uuid = %job.uuid, "the queue refused a job");
            Err(Refusal::Unavailable(
                "the roll was not taken: the queue is full, try again later",
            ))
        }
        Err(OfferError::Unreachable(_)) => {
            desk.metrics.refused.inc();
            Err(Refusal::Unavailable(
                "the roll was not taken: the queue cannot be reached",
            ))
        }
        Err(OfferError::Unknown(_)) => {
            desk.metrics.late.inc();
            let message = "the queue did not answer: the roll may be answered later";
            Err(Refusal::Late {
                uuid: job.uuid,
                message,
            })
        }
    }
}

fn reply(answer: Answer) -> Result<Response, Refusal> {
    match answer {
        Answer::Rolled(roll) => Ok(Json(json!({ "type": "roll", "data": roll })).into_response()),
        Answer::Failed(why) => Err(Refusal::Failed(why)),
    }
}
