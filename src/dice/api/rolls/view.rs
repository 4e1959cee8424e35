//! A roll as clients see it: its answer, with what was changed since laid over it.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::dice::api::refusal::ApiError;
use crate::dice::api::rooms::room_json;
use crate::dice::api::state::ApiState;
use crate::dice::database::roll_changes::{self, RollOverlay};
use crate::dice::database::rooms::{self, Room};
use crate::dice::roll::reading::expression::RollExpression;
use crate::dice::roll::roller;
use crate::dice::roll::throw::die::Die;
use crate::dice::roll::throw::evaluation;
use crate::dice::roll::throw::face::Face;
use crate::dice::roll::throw::operator::RollOperator;

/// A roll, together with its room.
#[derive(Clone, Debug)]
pub(crate) struct RollView {
    roll: Value,
    room: Option<Arc<Room>>,
}

impl RollView {
    /// Lays changes over an answer; none if the history of the room was deleted since.
    fn new(mut roll: Value, overlay: &RollOverlay, room: Option<Arc<Room>>) -> Option<Self> {
        let answered_at = text(&roll["updated_at"]).to_owned();
        let is_deleted = |room: &Arc<Room>| answered_at <= room.history_from;
        if room.as_ref().is_some_and(is_deleted) {
            return None;
        }
        let cleared = overlay.cleared_at.as_ref();
        let is_cleared = cleared.is_some_and(|at| answered_at <= *at);
        let latest = overlay
            .updated_at
            .iter()
            .chain(cleared.filter(|_| is_cleared))
            .max();
        let mut is_redropped = false;
        for value in roll["values"].as_array_mut().into_iter().flatten() {
            let change = Uuid::try_parse(text(&value["uuid"]));
            let change = change.ok().and_then(|uuid| overlay.dice.get(&uuid));
            if is_cleared {
                value["is_cleared"] = json!(true);
            }
            let Some(change) = change else { continue };
            if let Some(is_hidden) = change.is_hidden {
                value["is_hidden"] = json!(is_hidden);
                value["is_visible"] = json!(!is_hidden);
            }
            if let Some(is_dropped) = change.is_dropped {
                value["is_dropped"] = json!(is_dropped);
                is_redropped = true;
            }
            if let Some(is_cleared) = change.is_cleared {
                value["is_cleared"] = json!(is_cleared);
            }
            if let Some(label) = &change.label {
                value["label"] = json!(label);
            }
            if let Some(meta) = &change.meta {
                value["meta"] = meta.clone();
            }
            value["updated_at"] = json!(overlay.updated_at);
        }
        if is_redropped && let Some(total) = total(&roll) {
            roll["total_value"] = json!(total.to_string());
        }
        if let Some(latest) = latest.filter(|latest| **latest > answered_at) {
            roll["updated_at"] = json!(latest);
        }
        Some(Self { roll, room })
    }

    /// The roll's id.
    pub(crate) fn uuid(&self) -> Uuid {
        uuid(&self.roll["uuid"])
    }

    /// Who rolled.
    pub(crate) fn roller(&self) -> Uuid {
        uuid(&self.roll["user"]["uuid"])
    }

    /// The room in which it was rolled.
    pub(crate) fn room(&self) -> Option<&Room> {
        self.room.as_deref()
    }

    /// The users who alone may see it; none if the whole room may.
    pub(crate) fn receivers(&self) -> Option<Vec<Uuid>> {
        let ids = self.roll["whisper"]
            .as_array()
            .filter(|ids| !ids.is_empty())?;
        let participants = self.room.iter().flat_map(|room| &room.participants);
        let named = participants.filter(|one| ids.iter().any(|id| id.as_i64() == Some(one.id)));
        let mut users: Vec<Uuid> = named.map(|one| one.user.uuid).collect();
        if !users.contains(&self.roller()) {
            users.push(self.roller());
        }
        Some(users)
    }

    /// Tells whether a user may see the roll.
    pub(crate) fn shows_to(&self, user: Uuid) -> bool {
        self.receivers().is_none_or(|users| users.contains(&user))
    }

    /// Finds out whether a user may change the roll: who rolled it, and who made the room.
    pub(crate) fn may_change(&self, user: Uuid) -> bool {
        user == self.roller() || self.room().is_some_and(|room| room.owner.uuid == user)
    }

    /// Lists the ids of the dice.
    pub(crate) fn dice(&self) -> Vec<Uuid> {
        let values = self.roll["values"].as_array().into_iter().flatten();
        values.map(|value| uuid(&value["uuid"])).collect()
    }

    /// Tells whether nothing of it lies on the table.
    pub(crate) fn is_cleared(&self) -> bool {
        let mut values = self.roll["values"].as_array().into_iter().flatten();
        values.all(|value| value["is_cleared"] == json!(true))
    }

    /// Writes the roll as clients read it.
    pub(crate) fn to_json(&self) -> Value {
        let mut roll = self.roll.clone();
        // Who reads the roll need not know the word that opens the room.
        let room = self.room.as_ref().map(|room| room_json::room(room, false));
        roll["room"] = json!(room);
        roll
    }
}

/// Shows one answer; none if it is deleted.
pub(crate) async fn one(desk: &ApiState, roll: Value) -> Result<Option<RollView>, ApiError> {
    Ok(all(desk, vec![roll]).await?.pop())
}

/// Shows answers, without those that are deleted.
pub(crate) async fn all(desk: &ApiState, answers: Vec<Value>) -> Result<Vec<RollView>, ApiError> {
    let mut rooms: HashMap<String, Option<Arc<Room>>> = HashMap::new();
    let mut names = Vec::with_capacity(answers.len());
    for roll in &answers {
        let slug = roll["room"]["slug"].as_str().map(str::to_owned);
        if let Some(slug) = &slug
            && !rooms.contains_key(slug)
        {
            let room = rooms::find(&desk.database, slug).await?.map(Arc::new);
            rooms.insert(slug.clone(), room);
        }
        names.push((uuid(&roll["uuid"]), slug, uuid(&roll["user"]["uuid"])));
    }
    let overlays = roll_changes::overlays(&desk.database, names.clone()).await?;
    let views = answers.into_iter().zip(overlays).zip(names);
    let views = views.filter_map(|((roll, overlay), (_, slug, _))| {
        let room = slug.and_then(|slug| rooms.get(&slug).cloned().flatten());
        RollView::new(roll, &overlay, room)
    });
    Ok(views.collect())
}

/// Adds up a roll again, with other dice dropped than before.
fn total(roll: &Value) -> Option<i64> {
    let values = roll["values"].as_array()?;
    let faces: Option<Vec<Face>> = values.iter().map(face).collect();
    if let Some(terms) = roll["terms"].as_array() {
        let expression: RollExpression = text(&roll["equation"]).parse().ok()?;
        let count = |term: &Value| term.as_u64().and_then(|count| usize::try_from(count).ok());
        let terms: Option<Vec<usize>> = terms.iter().map(count).collect();
        return evaluation::total(&expression, &faces?, &terms?);
    }
    let operator = RollOperator::read(&roll["operator"], values.len()).ok()?;
    roller::total(&faces?, &operator)
}

fn face(value: &Value) -> Option<Face> {
    let shown = value["value"].as_i64()?;
    let die = match text(&value["type"]).parse().ok()? {
        Die::Constant(_) => Die::Constant(shown),
        die => die,
    };
    Some(Face {
        die,
        value: shown,
        is_dropped: value["is_dropped"].as_bool()?,
    })
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn uuid(value: &Value) -> Uuid {
    Uuid::try_parse(text(value)).unwrap_or_default()
}
