//! A roll as clients ask for it: dice, or a formula in their place.

use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use crate::dice::api::refusal::ApiError;
use crate::dice::api::rooms::entry;
use crate::dice::api::state::ApiState;
use crate::dice::api::themes::theme;
use crate::dice::clock;
use crate::dice::database::participants::PARTICIPANTS_MAX;
use crate::dice::roll::job::{RequestError, RollJob, User, WireDie};
use crate::dice::roll::reading::expression::RollExpression;

/// What a client sends.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct RollWish {
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

impl RollWish {
    /// Asks for a formula in a room.
    pub(crate) fn new(formula: &str, room: &str) -> Self {
        Self {
            equation: Some(formula.to_owned()),
            room: Some(room.to_owned()),
            ..Self::default()
        }
    }
}

/// Makes the job of a roll that can be made.
pub(crate) fn job(wish: RollWish, user: User) -> Result<RollJob, ApiError> {
    let mut job = RollJob {
        uuid: Uuid::new_v4(),
        room: wish.room,
        user,
        dice: wish.dice,
        operator: wish.operator,
        equation: None,
        theme: None,
        label: wish.label,
        external_id: wish.external_id,
        whisper: wish.whisper,
        enqueued_at: clock::stamp(clock::now()),
    };
    if let Some(text) = wish.equation.filter(|_| job.dice.is_empty()) {
        let expression: RollExpression = text.parse().map_err(RequestError::from)?;
        job.equation = Some(expression.to_string());
        job.theme = Some(theme::USUAL.to_owned());
    }
    for die in job.dice.iter_mut().filter(|die| die.kind != "mod") {
        let theme = die.theme.get_or_insert_with(|| theme::USUAL.to_owned());
        if theme::find(theme).is_none() {
            return Err(ApiError::Forbidden("this theme is not yours to roll"));
        }
    }
    job.asked()?;
    Ok(job)
}

/// Checks that the roller, and those who are whispered to, are in the room.
pub(crate) async fn check_room(desk: &ApiState, job: &RollJob) -> Result<(), ApiError> {
    let outside = || ApiError::Invalid("whispers are for participants of the room".to_owned());
    let Some(slug) = &job.room else {
        return if job.whisper.is_empty() {
            Ok(())
        } else {
            Err(outside())
        };
    };
    let room = entry::find(desk, slug).await?;
    if !room.has(job.user.uuid) {
        return Err(ApiError::Forbidden(
            "you are not a participant of this room",
        ));
    }
    let is_here = |id: &u64| {
        let mut all = room.participants.iter();
        all.any(|one| u64::try_from(one.id) == Ok(*id))
    };
    if job.whisper.len() <= PARTICIPANTS_MAX && job.whisper.iter().all(is_here) {
        Ok(())
    } else {
        Err(outside())
    }
}
