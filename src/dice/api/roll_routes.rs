//! `/roll`: a roll is made; a roll is read.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::dice::api::caller::{Caller, JsonBody};
use crate::dice::api::refusal::ApiError;
use crate::dice::api::rolling::Taken;
use crate::dice::api::room;
use crate::dice::api::state::ApiState;
use crate::dice::clock;
use crate::dice::database::rolls::RollState;
use crate::dice::roll::expression::RollExpression;
use crate::dice::roll::formula;
use crate::dice::roll::job::{RequestError, RollAnswer, RollJob, User, WireDie};

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

/// Takes a roll and gives its answer.
pub(crate) async fn create(
    State(desk): State<Arc<ApiState>>,
    Caller(user): Caller,
    body: JsonBody,
) -> Result<Response, ApiError> {
    let job = job(body.json()?, user)?;
    may_roll(&desk, &job).await?;
    match desk.rolling.take(&job).await? {
        Taken::Answered(answer) => reply(answer),
        Taken::Late => Err(ApiError::Late {
            uuid: job.uuid,
            message: "the roll was taken but not answered yet: it can be read later",
        }),
        Taken::Unsure => Err(ApiError::Late {
            uuid: job.uuid,
            message: "the queue did not answer: the roll may be answered later",
        }),
        Taken::Lost => Err(lost()),
    }
}

/// Shows a roll, or says that it waits.
pub(crate) async fn show(
    State(desk): State<Arc<ApiState>>,
    _: Caller,
    Path(uuid): Path<String>,
) -> Result<Response, ApiError> {
    let uuid = Uuid::try_parse(&uuid).map_err(|_| ApiError::NotFound("roll"))?;
    match desk.rolling.find(uuid).await? {
        Some(RollState::Answered(answer)) => reply(answer),
        Some(RollState::Waiting) => {
            let data = json!({ "uuid": uuid, "message": "the roll is waiting for a worker" });
            let body = Json(json!({ "type": "roll", "data": data }));
            Ok((StatusCode::ACCEPTED, body).into_response())
        }
        Some(RollState::Lost) => Err(lost()),
        Some(RollState::Refused) | None => Err(ApiError::NotFound("roll")),
    }
}

fn lost() -> ApiError {
    ApiError::Failed("it was accepted, and the queue has lost it; roll again".to_owned())
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

fn reply(answer: RollAnswer) -> Result<Response, ApiError> {
    match answer {
        RollAnswer::Rolled(roll) => {
            Ok(Json(json!({ "type": "roll", "data": roll })).into_response())
        }
        RollAnswer::Failed(why) => Err(ApiError::Failed(why)),
    }
}
