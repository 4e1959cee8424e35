//! What is done with the faces: keep, drop, multiply, divide, round.

use std::fmt;

use serde_json::{Map, Value, json};

use crate::dice::roll::throw::rounding::Rounding;

/// The largest factor or divisor.
pub(crate) const FACTOR_MAX: i64 = 1000;

/// Keeps or drops so many of the highest or lowest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pick {
    /// The highest if true, otherwise the lowest.
    pub(crate) high: bool,
    /// How many dice.
    pub(crate) count: usize,
}

/// An operand together with the dice that it is applied to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Applied<T> {
    /// What is applied.
    pub(crate) operand: T,
    /// Indexes into the dice; none means all of them.
    pub(crate) dice: Option<Vec<usize>>,
}

/// Everything done to the faces, in this order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct RollOperator {
    /// `k`: all other dice of the set are dropped.
    pub(crate) keep: Vec<Applied<Pick>>,
    /// `d`: these dice of the set are dropped.
    pub(crate) drop: Vec<Applied<Pick>>,
    /// `*`: factors.
    pub(crate) times: Vec<Applied<i64>>,
    /// `/`: divisors.
    pub(crate) divide: Vec<Applied<i64>>,
    /// `round`: how the quotients are rounded; down where nothing is said.
    pub(crate) round: Vec<Applied<Rounding>>,
}

/// Says why an operator cannot be applied.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(crate) enum OperatorError {
    /// Neither empty nor an object.
    #[error("operator must be an object")]
    NotAnObject,
    /// A key that is none of `k d * / round`.
    #[error("operator knows only the keys k, d, *, / and round")]
    UnknownKey,
    /// An operand that cannot be read or is out of bounds.
    #[error("operand of `{0}` is not usable")]
    Operand(&'static str),
    /// An index that points at no die.
    #[error("indexes of `{0}` must point at dice, each at most once")]
    Index(&'static str),
}

impl RollOperator {
    /// Reads an operator for so many dice; null, `{}` and `[]` mean none.
    pub(crate) fn read(value: &Value, dice: usize) -> Result<Self, OperatorError> {
        let object = match value {
            Value::Null => return Ok(Self::default()),
            Value::Array(list) if list.is_empty() => return Ok(Self::default()),
            Value::Object(object) => object,
            _ => return Err(OperatorError::NotAnObject),
        };
        let mut operator = Self::default();
        for (key, value) in object {
            match key.as_str() {
                "k" => operator.keep = applied("k", value, dice, |text| pick(text, true))?,
                "d" => operator.drop = applied("d", value, dice, |text| pick(text, false))?,
                "*" => operator.times = applied("*", value, dice, factor)?,
                "/" => operator.divide = applied("/", value, dice, divisor)?,
                "round" => {
                    operator.round = applied("round", value, dice, |text| text.parse().ok())?;
                }
                _ => return Err(OperatorError::UnknownKey),
            }
        }
        Ok(operator)
    }

    /// Writes the operator as clients write it.
    pub(crate) fn to_json(&self) -> Value {
        let mut object = Map::new();
        put(&mut object, "k", &self.keep);
        put(&mut object, "d", &self.drop);
        put(&mut object, "*", &self.times);
        put(&mut object, "/", &self.divide);
        put(&mut object, "round", &self.round);
        if !self.divide.is_empty() && self.round.is_empty() {
            object.insert("round".to_owned(), json!(Rounding::Down.to_string()));
        }
        Value::Object(object)
    }

    /// Tells how the quotient of some dice is rounded: as it is said of the first.
    pub(crate) fn rounding(&self, dice: Option<&[usize]>) -> Rounding {
        let first = dice.map_or(0, |dice| dice.first().copied().unwrap_or(0));
        let is_meant = |round: &&Applied<Rounding>| {
            let named = round.dice.as_ref();
            named.is_none_or(|named| named.contains(&first))
        };
        let found = self.round.iter().find(is_meant);
        found.map_or(Rounding::Down, |round| round.operand)
    }
}

/// Reads a scalar (for all dice) or a map from operand to indexes.
fn applied<T>(
    key: &'static str,
    value: &Value,
    dice: usize,
    read: fn(&str) -> Option<T>,
) -> Result<Vec<Applied<T>>, OperatorError> {
    let read = |text: &str| read(text).ok_or(OperatorError::Operand(key));
    let all = |operand| {
        vec![Applied {
            operand,
            dice: None,
        }]
    };
    match value {
        Value::String(text) => read(text).map(all),
        Value::Number(number) => read(&number.to_string()).map(all),
        Value::Object(map) => {
            let mut taken = vec![false; dice];
            map.iter()
                .map(|(text, indexes)| {
                    Ok(Applied {
                        operand: read(text)?,
                        dice: indexes_of(key, indexes, &mut taken)?,
                    })
                })
                .collect()
        }
        _ => Err(OperatorError::Operand(key)),
    }
}

/// Reads indexes, none of them twice; an empty list means all dice, which is none here.
fn indexes_of(
    key: &'static str,
    value: &Value,
    taken: &mut [bool],
) -> Result<Option<Vec<usize>>, OperatorError> {
    let wrong = OperatorError::Index(key);
    let list = value.as_array().ok_or(OperatorError::Index(key))?;
    if list.is_empty() {
        let is_free = !taken.contains(&true);
        taken.fill(true);
        return if is_free { Ok(None) } else { Err(wrong) };
    }
    let mut indexes = Vec::with_capacity(list.len());
    for value in list {
        let index = value.as_u64().and_then(|index| usize::try_from(index).ok());
        let place = index.and_then(|index| Some((index, taken.get_mut(index)?)));
        match place {
            Some((index, is_taken)) if !*is_taken => {
                *is_taken = true;
                indexes.push(index);
            }
            _ => return Err(wrong),
        }
    }
    Ok(Some(indexes))
}

fn put<T: ToString>(object: &mut Map<String, Value>, key: &str, applied: &[Applied<T>]) {
    let value = match applied {
        [] => return,
        [
            Applied {
                operand,
                dice: None,
            },
        ] => json!(operand.to_string()),
        several => several
            .iter()
            .map(|one| {
                let indexes = one.dice.clone().unwrap_or_default();
                (one.operand.to_string(), json!(indexes))
            })
            .collect(),
    };
    object.insert(key.to_owned(), value);
}

/// Reads `h1` or `l1`; a bare number means the end that is usual.
fn pick(text: &str, is_high_usual: bool) -> Option<Pick> {
    let (high, count) = match text.as_bytes().first()? {
        b'h' => (true, &text[1..]),
        b'l' => (false, &text[1..]),
        _ => (is_high_usual, text),
    };
    let count = count.parse().ok().filter(|count| *count > 0)?;
    Some(Pick { high, count })
}

fn factor(text: &str) -> Option<i64> {
    text.parse()
        .ok()
        .filter(|factor| (-FACTOR_MAX..=FACTOR_MAX).contains(factor))
}

fn divisor(text: &str) -> Option<i64> {
    factor(text).filter(|divisor| *divisor > 0)
}

impl fmt::Display for Pick {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.high { "h" } else { "l" }, self.count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_clients_send_reads_back_as_it_is_written() {
        for value in [
            json!({}),
            json!({"k": "h1"}),
            json!({"d": "l1"}),
            json!({"k": {"h1": [0, 1], "l1": [2]}}),
            json!({"*": "2"}),
            json!({"/": "2", "round": "nearest"}),
            json!({"/": {"2": [0], "3": [1]}, "round": {"down": [0], "up": [1]}}),
        ] {
            let operator = RollOperator::read(&value, 3).unwrap();
            assert_eq!(operator.to_json(), value);
        }
    }

    #[test]
    fn an_empty_list_of_indexes_means_all_dice() {
        let operator = RollOperator::read(&json!({"k": {"1": []}}), 3).unwrap();
        assert_eq!(operator.to_json(), json!({"k": "h1"}));
        // As in notation: bare, the highest are kept and the lowest dropped.
        let operator = RollOperator::read(&json!({"d": 1}), 3).unwrap();
        assert_eq!(operator.to_json(), json!({"d": "l1"}));
    }

    #[test]
    fn operators_that_make_no_sense_are_refused() {
        for value in [
            json!("h1"),
            json!([1]),
            json!({"x": 1}),
            json!({"k": "h0"}),
            json!({"k": "é1"}),
            json!({"k": {"h1": [3]}}),
            json!({"k": {"h1": [0], "l1": [0]}}),
            json!({"k": {"h1": [], "l1": []}}),
            json!({"/": 0}),
            json!({"*": 1001}),
            json!({"round": "sideways"}),
            json!({"round": {"up": [3]}}),
        ] {
            assert!(RollOperator::read(&value, 3).is_err(), "{value}");
        }
    }
}
