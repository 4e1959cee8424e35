//! The answer to a job: the roll as clients read it.

use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::dice::clock::stamp;
use crate::dice::roll::job::{RollJob, WireDie};
use crate::dice::roll::reading::equation::equation;
use crate::dice::roll::reading::expression::RollExpression;
use crate::dice::roll::roller::RollOutcome;
use crate::dice::roll::throw::die::Die;
use crate::dice::roll::throw::face::Face;
use crate::dice::roll::throw::operator::RollOperator;

/// What was rolled.
#[derive(Clone, Debug)]
pub(crate) struct RolledDice {
    /// The faces and their total.
    pub(crate) outcome: RollOutcome,
    /// What was done to the faces, as far as an operator says it.
    pub(crate) operator: RollOperator,
    /// The formula, and how many faces each of its pools and constants has.
    pub(crate) formula: Option<(RollExpression, Vec<usize>)>,
}

/// Writes the roll as clients read it.
pub(crate) fn answer(job: &RollJob, rolled: &RolledDice, at: Timestamp) -> Value {
    let at = stamp(at);
    let RolledDice {
        outcome,
        operator,
        formula,
    } = rolled;
    let faces = &outcome.faces;
    let dice: Vec<Die> = faces.iter().map(|face| face.die).collect();
    let of_formula: Vec<WireDie> = if formula.is_some() {
        let theme = job.theme.as_ref();
        dice.iter()
            .map(|die| WireDie::of_formula(*die, theme))
            .collect()
    } else {
        Vec::new()
    };
    let wires = job.dice.iter().chain(&of_formula).zip(faces);
    let values: Vec<Value> = wires.map(|(wire, face)| value(wire, face, &at)).collect();
    let written = formula
        .as_ref()
        .map(|(expression, _)| expression.to_string());
    let written = written.or_else(|| job.equation.clone());
    let mut roll = json!({
        "uuid": job.uuid,
        "equation": written.unwrap_or_else(|| equation(&dice, operator)),
        "direction": 0,
        "velocity": 1,
        "room": job.room.as_ref().map(|slug| json!({ "slug": slug })),
        "user": job.user,
        "label": job.label,
        "external_id": job.external_id,
        "total_value": outcome.total.to_string(),
        "values": values,
        "operator": operator.to_json(),
        "whisper": job.whisper,
        "created_at": job.enqueued_at,
        "updated_at": at,
    });
    if let Some((_, terms)) = formula {
        roll["terms"] = json!(terms);
    }
    roll
}

/// Writes a face as clients read it.
fn value(wire: &WireDie, face: &Face, at: &str) -> Value {
    json!({
        "uuid": Uuid::new_v4(),
        "type": wire.kind,
        "theme": wire.theme,
        "label": wire.label,
        "meta": wire.meta,
        "value": face.value,
        "value_to_display": shown(wire, face),
        "is_hidden": wire.is_hidden,
        "is_visible": !wire.is_hidden,
        "is_user_value": wire.value.is_some() && !face.die.is_constant(),
        "is_cleared": wire.is_cleared,
        "is_dropped": face.is_dropped,
        "created_at": at,
        "updated_at": at,
    })
}

/// What to show for a face: the client's own words only for a face that it threw itself.
fn shown(wire: &WireDie, face: &Face) -> Value {
    let own = wire
        .value_to_display
        .as_ref()
        .filter(|_| wire.value.is_some());
    own.cloned()
        .unwrap_or_else(|| json!(face.die.shown(face.value)))
}
