//! A roll on its way: the job in the queue and the answer that is kept.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::dice::clock::stamp;
use crate::dice::roll::die::{CONSTANT_MAX, Die};
use crate::dice::roll::equation::equation;
use crate::dice::roll::expression::NotationError;
use crate::dice::roll::operator::{OperatorError, RollOperator};
use crate::dice::roll::roller::{self, Face, RequestedDie, RollError, RollOutcome};

/// The longest label, theme or other short text, in bytes.
const SHORT_MAX: usize = 200;
/// The longest note of a client about a die, in bytes.
pub(crate) const META_MAX: usize = 1000;

/// Who rolls.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct User {
    /// The user's id.
    pub(crate) uuid: Uuid,
    /// The name shown.
    pub(crate) name: String,
    /// The name used in addresses.
    pub(crate) username: String,
    /// Always false here.
    pub(crate) has_external_accounts: bool,
    /// Always none here.
    pub(crate) subscription: Option<String>,
    /// When the guest came.
    pub(crate) created_at: String,
    /// When the guest last changed.
    pub(crate) updated_at: String,
}

/// One die as clients send it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct WireDie {
    /// `d6`, `d10x`, `mod` and so on.
    #[serde(rename = "type")]
    pub(crate) kind: String,
    /// The look of the die.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) theme: Option<String>,
    /// A word about this die.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) label: Option<String>,
    /// The face, if thrown already; the value of a `mod`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) value: Option<i64>,
    /// What to show for a face that was thrown already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) value_to_display: Option<Value>,
    /// Whether others may not see it.
    #[serde(default)]
    pub(crate) is_hidden: bool,
    /// Whether it does not lie on the table.
    #[serde(default)]
    pub(crate) is_cleared: bool,
    /// What the client notes about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) meta: Option<Value>,
}

/// A roll as it lies in the queue.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct RollJob {
    /// The roll's id.
    pub(crate) uuid: Uuid,
    /// The room's slug.
    pub(crate) room: Option<String>,
    /// Who rolls.
    pub(crate) user: User,
    /// What is thrown.
    pub(crate) dice: Vec<WireDie>,
    /// As the client sent it.
    #[serde(default)]
    pub(crate) operator: Value,
    /// The formula, if the roll came as one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) equation: Option<String>,
    /// A word about the roll.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) label: Option<String>,
    /// The client's own id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) external_id: Option<String>,
    /// The only participants who may see the roll.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) whisper: Vec<u64>,
    /// RFC 3339 with milliseconds.
    pub(crate) enqueued_at: String,
}

/// What became of a job; stored under the roll's key.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RollAnswer {
    /// The roll, ready to be sent to the client.
    Rolled(Value),
    /// Why there will be no roll.
    Failed(String),
}

/// Says why a request makes no job.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RequestError {
    /// A die of no known type.
    #[error("`{0}` is no known die type")]
    Type(String),
    /// A `mod` without a usable value.
    #[error("a mod needs a value of at most {CONSTANT_MAX}")]
    Constant,
    /// A text that is too long.
    #[error("a text is longer than {SHORT_MAX} characters")]
    Long,
    /// A formula that cannot be read or rolled.
    #[error(transparent)]
    Notation(#[from] NotationError),
    /// An operator that cannot be applied.
    #[error(transparent)]
    Operator(#[from] OperatorError),
    /// Dice that cannot be rolled.
    #[error(transparent)]
    Roll(#[from] RollError),
}

impl WireDie {
    /// Writes a die as a client would send it.
    pub(crate) fn new(die: Die) -> Self {
        let value = if let Die::Constant(value) = die {
            Some(value)
        } else {
            None
        };
        Self {
            kind: die.to_string(),
            theme: None,
            label: None,
            value,
            value_to_display: None,
            is_hidden: false,
            is_cleared: false,
            meta: None,
        }
    }

    fn asked(&self) -> Result<RequestedDie, RequestError> {
        let unknown = || RequestError::Type(self.kind.chars().take(20).collect());
        match self.kind.parse().map_err(|_| unknown())? {
            Die::Constant(_) => {
                let value = self
                    .value
                    .filter(|value| (-CONSTANT_MAX..=CONSTANT_MAX).contains(value));
                let value = value.ok_or(RequestError::Constant)?;
                Ok(RequestedDie {
                    die: Die::Constant(value),
                    value: None,
                })
            }
            die @ (Die::Sided(_) | Die::Tens | Die::Fate) => Ok(RequestedDie {
                die,
                value: self.value,
            }),
        }
    }
}

impl RollJob {
    /// Reads what is to be rolled, or tells why it cannot be.
    pub(crate) fn asked(&self) -> Result<(Vec<RequestedDie>, RollOperator), RequestError> {
        let die_texts = self.dice.iter().flat_map(|die| [&die.theme, &die.label]);
        let mut texts = die_texts.chain([&self.label, &self.external_id]).flatten();
        if texts.any(|text| text.len() > SHORT_MAX) {
            return Err(RequestError::Long);
        }
        let length = |value: &Option<Value>| value.as_ref().map_or(0, |one| one.to_string().len());
        let is_long = |die: &WireDie| {
            length(&die.meta) > META_MAX || length(&die.value_to_display) > SHORT_MAX
        };
        if self.dice.iter().any(is_long) {
            return Err(RequestError::Long);
        }
        if self.dice.len() > roller::DICE_MAX {
            return Err(RollError::TooManyDice.into());
        }
        let dice = self
            .dice
            .iter()
            .map(WireDie::asked)
            .collect::<Result<Vec<_>, _>>()?;
        roller::check(&dice)?;
        let operator = RollOperator::read(&self.operator, dice.len())?;
        Ok((dice, operator))
    }

    /// Writes the roll as clients read it.
    pub(crate) fn rolled(
        &self,
        operator: &RollOperator,
        outcome: &RollOutcome,
        at: Timestamp,
    ) -> Value {
        let at = stamp(at);
        let values: Vec<Value> = self
            .dice
            .iter()
            .zip(&outcome.faces)
            .map(|(wire, face)| {
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
            })
            .collect();
        let dice: Vec<Die> = outcome.faces.iter().map(|face| face.die).collect();
        json!({
            "uuid": self.uuid,
            "equation": self.equation.clone().unwrap_or_else(|| equation(&dice, operator)),
            "direction": 0,
            "velocity": 1,
            "room": self.room.as_ref().map(|slug| json!({ "slug": slug })),
            "user": self.user,
            "label": self.label,
            "external_id": self.external_id,
            "total_value": outcome.total.to_string(),
            "values": values,
            "operator": operator.to_json(),
            "whisper": self.whisper,
            "created_at": self.enqueued_at,
            "updated_at": at,
        })
    }
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
