//! `PATCH /roll`: dice of rolls are hidden, dropped or cleared.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::dice::api::announcements::{self, RollEvent};
use crate::dice::api::caller::{Caller, JsonBody};
use crate::dice::api::refusal::ApiError;
use crate::dice::api::rolls::view::{self, RollView};
use crate::dice::api::state::ApiState;
use crate::dice::clock;
use crate::dice::database::roll_changes::{self, DiceChanges, DieChange};
use crate::dice::database::rolls::RollState;
use crate::dice::roll::job::{META_MAX, RollAnswer, User};

/// So many rolls are changed at once.
const BULK_MAX: usize = 50;
const LABEL_MAX: usize = 200;

/// What is to be changed about one roll.
#[derive(Debug, Deserialize)]
pub(crate) struct RollChange {
    uuid: Option<Uuid>,
    #[serde(default)]
    dice: Vec<DieUpdate>,
}

#[derive(Debug, Deserialize)]
struct DieUpdate {
    uuid: Uuid,
    #[serde(flatten)]
    change: DieChange,
}

#[derive(Debug, Deserialize)]
pub(crate) struct BulkChange {
    rolls: Vec<RollChange>,
}

/// Changes the dice of a roll.
pub(crate) async fn update(
    State(desk): State<Arc<ApiState>>,
    Caller(user): Caller,
    Path(uuid): Path<String>,
    body: JsonBody,
) -> Result<Json<Value>, ApiError> {
    let uuid = Uuid::try_parse(&uuid).map_err(|_| ApiError::NotFound("roll"))?;
    let change: RollChange = body.json()?;
    let views = apply(&desk, &user, vec![(uuid, change.dice)]).await?;
    let data = views.first().map(RollView::to_json);
    Ok(Json(json!({ "type": "roll", "data": data })))
}

/// Changes the dice of several rolls: of all or of none.
pub(crate) async fn update_bulk(
    State(desk): State<Arc<ApiState>>,
    Caller(user): Caller,
    body: JsonBody,
) -> Result<Json<Value>, ApiError> {
    let BulkChange { rolls } = body.json()?;
    if rolls.len() > BULK_MAX {
        let message = format!("at most {BULK_MAX} rolls are changed at once");
        return Err(ApiError::Invalid(message));
    }
    let named = rolls.into_iter().map(|change| {
        let uuid = change.uuid;
        let uuid = uuid.ok_or_else(|| ApiError::Invalid("each roll needs its uuid".to_owned()));
        Ok((uuid?, change.dice))
    });
    let views = apply(&desk, &user, named.collect::<Result<_, ApiError>>()?).await?;
    let data: Vec<Value> = views.iter().map(RollView::to_json).collect();
    Ok(Json(json!({ "type": "roll[]", "data": data })))
}

async fn apply(
    desk: &ApiState,
    user: &User,
    wanted: Vec<(Uuid, Vec<DieUpdate>)>,
) -> Result<Vec<RollView>, ApiError> {
    let mut answers = Vec::with_capacity(wanted.len());
    for (uuid, _) in &wanted {
        let Some(RollState::Answered(RollAnswer::Rolled(roll))) = desk.rolling.find(*uuid).await?
        else {
            return Err(ApiError::NotFound("roll"));
        };
        answers.push(roll);
    }
    let before = view::all(desk, answers.clone()).await?;
    let mut changes = Vec::with_capacity(wanted.len());
    for (uuid, dice) in wanted {
        let found = before.iter().find(|view| view.uuid() == uuid);
        let found = found.ok_or(ApiError::NotFound("roll"))?;
        if !found.may_change(user.uuid) {
            return Err(ApiError::Forbidden("this roll is not yours to change"));
        }
        changes.push((uuid, checked(dice, &found.dice())?));
    }
    let now = clock::stamp(clock::now());
    roll_changes::change(&desk.database, changes, now).await?;
    let views = view::all(desk, answers).await?;
    for view in &views {
        announcements::roll(&desk.hub, RollEvent::Updated, view).await;
    }
    Ok(views)
}

fn checked(updates: Vec<DieUpdate>, dice: &[Uuid]) -> Result<DiceChanges, ApiError> {
    let mut changes = DiceChanges::new();
    for DieUpdate { uuid, change } in updates {
        let is_long = change
            .label
            .as_ref()
            .is_some_and(|label| label.len() > LABEL_MAX)
            || change
                .meta
                .as_ref()
                .is_some_and(|meta| meta.to_string().len() > META_MAX);
        if is_long {
            return Err(ApiError::Invalid(
                "a label or a note is too long".to_owned(),
            ));
        }
        if !dice.contains(&uuid) {
            let message = "a die does not belong to the roll".to_owned();
            return Err(ApiError::Invalid(message));
        }
        changes.insert(uuid, change);
    }
    Ok(changes)
}
