//! A roll on its way: the job in the queue and the answer that is kept.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::dice::roll::reading::expression::{NotationError, RollExpression};
use crate::dice::roll::roller::{self, RequestedDie, RollError};
use crate::dice::roll::throw::die::{CONSTANT_MAX, Die};
use crate::dice::roll::throw::operator::{OperatorError, RollOperator};

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
    /// Whether it does not count; the client has dropped it already.
    #[serde(default)]
    pub(crate) is_dropped: bool,
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
    /// What is thrown; none if the roll came as a formula.
    pub(crate) dice: Vec<WireDie>,
    /// As the client sent it.
    #[serde(default)]
    pub(crate) operator: Value,
    /// The formula, if the roll came as one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) equation: Option<String>,
    /// The look of the dice of a formula.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) theme: Option<String>,
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

/// What a job asks for.
#[derive(Clone, Debug)]
pub(crate) enum AskedDice {
    /// Dice, and what is done to them.
    Dice(Vec<RequestedDie>, RollOperator),
    /// A formula.
    Formula(RollExpression),
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
    #[error("`{0}` is not a known die type")]
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
    /// Writes a die of a formula as a client would send it.
    pub(crate) fn of_formula(die: Die, theme: Option<&String>) -> Self {
        Self {
            kind: die.to_string(),
            theme: theme.filter(|_| !die.is_constant()).cloned(),
            label: None,
            value: None,
            value_to_display: None,
            is_hidden: false,
            is_dropped: false,
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
                    is_dropped: self.is_dropped,
                })
            }
            die @ (Die::Sided(_) | Die::Tens | Die::Fate) => Ok(RequestedDie {
                die,
                value: self.value,
                is_dropped: self.is_dropped,
            }),
        }
    }
}

impl RollJob {
    /// Names the roll for those who roll by a seed: by the client's own id, which stays the same
    /// when a drill is run again, else by the roll's.
    pub(crate) fn chance_name(&self) -> String {
        let own = self.external_id.clone();
        own.unwrap_or_else(|| self.uuid.to_string())
    }

    /// Reads what is to be rolled, or tells why it cannot be.
    pub(crate) fn asked(&self) -> Result<AskedDice, RequestError> {
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
        if let Some(formula) = self.equation.as_ref().filter(|_| self.dice.is_empty()) {
            return Ok(AskedDice::Formula(formula.parse()?));
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
        Ok(AskedDice::Dice(dice, operator))
    }
}
