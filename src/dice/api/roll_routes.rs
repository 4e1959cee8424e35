//! `/roll`: a roll is made; a roll is read.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;
use uuid::Uuid;

use crate::dice::api::caller::{Caller, JsonBody};
use crate::dice::api::refusal::ApiError;
use crate::dice::api::rolling::Taken;
use crate::dice::api::rolls::request;
use crate::dice::api::rolls::view::{self, RollView};
use crate::dice::api::state::ApiState;
use crate::dice::database::rolls::RollState;
use crate::dice::roll::job::{RollAnswer, RollJob};

/// Makes a roll, and waits for its answer.
pub(crate) async fn create(
    State(desk): State<Arc<ApiState>>,
    Caller(user): Caller,
    body: JsonBody,
) -> Result<Response, ApiError> {
    let job = request::job(body.json()?, user)?;
    request::check_room(&desk, &job).await?;
    let view = make(&desk, &job).await?;
    Ok(Json(json!({ "type": "roll", "data": view.to_json() })).into_response())
}

/// Shows a roll, or says that it waits.
pub(crate) async fn show(
    State(desk): State<Arc<ApiState>>,
    Caller(user): Caller,
    Path(uuid): Path<String>,
) -> Result<Response, ApiError> {
    let uuid = Uuid::try_parse(&uuid).map_err(|_| ApiError::NotFound("roll"))?;
    match desk.rolling.find(uuid).await? {
        Some(RollState::Answered(RollAnswer::Rolled(roll))) => {
            let view = view::one(&desk, roll)
                .await?
                .ok_or(ApiError::NotFound("roll"))?;
            if !view.shows_to(user.uuid) {
                return Err(ApiError::Forbidden("this roll was whispered to others"));
            }
            Ok(Json(json!({ "type": "roll", "data": view.to_json() })).into_response())
        }
        Some(RollState::Answered(RollAnswer::Failed(why))) => Err(ApiError::Failed(why)),
        Some(RollState::Waiting) => {
            let data = json!({ "uuid": uuid, "message": "the roll is waiting for a worker" });
            let body = Json(json!({ "type": "roll", "data": data }));
            Ok((StatusCode::ACCEPTED, body).into_response())
        }
        Some(RollState::Lost) => Err(lost()),
        Some(RollState::Refused) | None => Err(ApiError::NotFound("roll")),
    }
}

/// Makes a roll, and waits for its answer; what answers it tells the room.
pub(crate) async fn make(desk: &ApiState, job: &RollJob) -> Result<RollView, ApiError> {
    let late = |message| ApiError::Late {
        uuid: job.uuid,
        message,
    };
    match desk.rolling.take(job).await? {
        Taken::Answered(RollAnswer::Rolled(roll)) => view::one(desk, roll)
            .await?
            .ok_or(ApiError::NotFound("roll")),
        Taken::Answered(RollAnswer::Failed(why)) => Err(ApiError::Failed(why)),
        Taken::Late => Err(late(
            "the roll was taken but not answered yet: it can be read later",
        )),
        Taken::Unsure => Err(late(
            "the queue did not answer: the roll may be answered later",
        )),
        Taken::Lost => Err(lost()),
    }
}

fn lost() -> ApiError {
    ApiError::Failed("it was accepted, and the queue has lost it; roll again".to_owned())
}
