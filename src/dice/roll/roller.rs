//! The roll itself: dice, operator and randomness in, faces and total out.

use rand::Rng;

use crate::dice::roll::die::Die;
use crate::dice::roll::operator::{Applied, Pick, RollOperator, Rounding};

/// The most dice in one roll.
pub(crate) const DICE_MAX: usize = 100;

/// One die of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RequestedDie {
    /// Which die.
    pub(crate) die: Die,
    /// The face, when the caller has thrown it already.
    pub(crate) value: Option<i64>,
}

/// One die after the throw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Face {
    /// Which die.
    pub(crate) die: Die,
    /// The face it shows.
    pub(crate) value: i64,
    /// Whether it does not count.
    pub(crate) is_dropped: bool,
}

/// The faces and their total.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RollOutcome {
    /// In the order of the request.
    pub(crate) faces: Vec<Face>,
    /// After keeping, dropping, multiplying, dividing and rounding.
    pub(crate) total: i64,
}

/// Says why a roll cannot be made.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(crate) enum RollError {
    /// Nothing to throw.
    #[error("a roll needs at least one die")]
    NoDice,
    /// More than [`DICE_MAX`].
    #[error("a roll has at most {DICE_MAX} dice")]
    TooManyDice,
    /// A given value that is not on the die.
    #[error("a given value is not a face of its die")]
    NoSuchFace,
    /// The total leaves 64 bits.
    #[error("the total is too large")]
    TooLarge,
}

/// Refuses what [`roll`] would refuse, without throwing anything.
pub(crate) fn check(dice: &[RequestedDie]) -> Result<(), RollError> {
    if dice.is_empty() {
        return Err(RollError::NoDice);
    }
    if dice.len() > DICE_MAX {
        return Err(RollError::TooManyDice);
    }
    let faces_exist = dice
        .iter()
        .all(|asked| asked.value.is_none_or(|value| asked.die.has(value)));
    if faces_exist {
        Ok(())
    } else {
        Err(RollError::NoSuchFace)
    }
}

/// Throws the dice and applies the operator.
pub(crate) fn roll(
    dice: &[RequestedDie],
    operator: &RollOperator,
    rng: &mut impl Rng,
) -> Result<RollOutcome, RollError> {
    check(dice)?;
    let mut faces: Vec<Face> = dice
        .iter()
        .map(|asked| Face {
            die: asked.die,
            value: asked.value.unwrap_or_else(|| asked.die.throw(rng)),
            is_dropped: false,
        })
        .collect();
    for keep in &operator.keep {
        let ranked = ranked(&faces, keep);
        drop_faces(&mut faces, ranked.into_iter().skip(keep.operand.count));
    }
    for drop in &operator.drop {
        let ranked = ranked(&faces, drop);
        drop_faces(&mut faces, ranked.into_iter().take(drop.operand.count));
    }
    let total = total(&faces, operator).ok_or(RollError::TooLarge)?;
    Ok(RollOutcome { faces, total })
}

/// Lists the dice of a set that still count, the picked ones first.
fn ranked(faces: &[Face], applied: &Applied<Pick>) -> Vec<usize> {
    let mut indexes: Vec<usize> = members(applied.dice.as_deref(), faces.len())
        .into_iter()
        .filter(|index| {
            faces
                .get(*index)
                .is_some_and(|face| !face.is_dropped && !face.die.is_constant())
        })
        .collect();
    indexes.sort_by_key(|index| {
        let worth = faces
            .get(*index)
            .map_or(0, |face| face.die.worth(face.value));
        if applied.operand.high { -worth } else { worth }
    });
    indexes
}

fn members(dice: Option<&[usize]>, count: usize) -> Vec<usize> {
    dice.map_or_else(|| (0..count).collect(), <[usize]>::to_vec)
}

fn drop_faces(faces: &mut [Face], indexes: impl Iterator<Item = usize>) {
    for index in indexes {
        if let Some(face) = faces.get_mut(index) {
            face.is_dropped = true;
        }
    }
}

/// Adds up what counts, by the operator; none if the total leaves 64 bits.
pub(crate) fn total(faces: &[Face], operator: &RollOperator) -> Option<i64> {
    let mut worths: Vec<i64> = faces
        .iter()
        .map(|face| {
            if face.is_dropped {
                0
            } else {
                face.die.worth(face.value)
            }
        })
        .collect();
    for times in &operator.times {
        for index in members(times.dice.as_deref(), faces.len()) {
            let worth = worths.get_mut(index)?;
            *worth = worth.checked_mul(times.operand)?;
        }
    }
    let mut total: i64 = 0;
    for divide in &operator.divide {
        let mut sum: i64 = 0;
        for index in members(divide.dice.as_deref(), faces.len()) {
            // A die that was divided must not be counted a second time below.
            sum = sum.checked_add(std::mem::take(worths.get_mut(index)?))?;
        }
        total = total.checked_add(quotient(sum, divide.operand, operator.round)?)?;
    }
    worths.into_iter().try_fold(total, i64::checked_add)
}

/// Divides by a positive number.
fn quotient(sum: i64, divisor: i64, round: Rounding) -> Option<i64> {
    let down = sum.checked_div_euclid(divisor)?;
    let rest = sum.checked_rem_euclid(divisor)?;
    let up = match round {
        Rounding::Down => false,
        Rounding::Up => rest > 0,
        Rounding::Nearest => rest.checked_mul(2)? >= divisor,
    };
    down.checked_add(i64::from(up))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rand::SeedableRng;
    use rand::rngs::SmallRng;
    use serde_json::{Value, json};

    use super::*;

    fn check_roll(given: &[(&str, i64)], operator: &Value, total: i64, dropped: &[usize]) {
        let dice: Vec<RequestedDie> = given
            .iter()
            .map(|(die, value)| match die.parse().unwrap() {
                Die::Constant(_) => RequestedDie {
                    die: Die::Constant(*value),
                    value: None,
                },
                die => RequestedDie {
                    die,
                    value: Some(*value),
                },
            })
            .collect();
        let operator = RollOperator::read(operator, dice.len()).unwrap();
        let outcome = roll(&dice, &operator, &mut SmallRng::seed_from_u64(1)).unwrap();
        let found: Vec<usize> = outcome
            .faces
            .iter()
            .enumerate()
            .filter(|(_, face)| face.is_dropped)
            .map(|(index, _)| index)
            .collect();
        assert_eq!(
            (outcome.total, found.as_slice()),
            (total, dropped),
            "{operator:?}"
        );
    }

    #[test]
    fn operators_do_to_given_faces_what_the_table_says() {
        let pair = [("d20", 7), ("d20", 15)];
        let with = [("d20", 7), ("d20", 15), ("mod", 5)];
        let five = [("d6", 1), ("d6", 2), ("d6", 3), ("d6", 4), ("d6", 5)];
        let four = [("d6", 4), ("d6", 1), ("d6", 1), ("d6", 6)];
        check_roll(&pair, &json!({}), 22, &[]);
        check_roll(&pair, &json!({"k": "h1"}), 15, &[0]);
        check_roll(&pair, &json!({"k": "l1"}), 7, &[1]);
        check_roll(&pair, &json!({"k": {"1": []}}), 15, &[0]);
        check_roll(&four, &json!({"d": "l1"}), 11, &[1]);
        check_roll(&pair, &json!({"d": "h1"}), 7, &[1]);
        check_roll(&pair, &json!({"k": "h9"}), 22, &[]);
        check_roll(&with, &json!({"k": {"h1": [0, 1]}}), 20, &[0]);
        check_roll(&with, &json!({"k": "h1"}), 20, &[0]);
        check_roll(&with, &json!({"*": "2"}), 54, &[]);
        check_roll(&with, &json!({"*": {"-1": [0]}}), 13, &[]);
        check_roll(&five, &json!({"/": "2", "round": "down"}), 7, &[]);
        check_roll(&five, &json!({"/": "2", "round": "up"}), 8, &[]);
        check_roll(&five, &json!({"/": "2", "round": "nearest"}), 8, &[]);
        check_roll(
            &five,
            &json!({"/": {"2": [0, 1]}, "round": "down"}),
            13,
            &[],
        );
        check_roll(&[("d10", 10), ("d10x", 10)], &json!({}), 10, &[]);
        check_roll(&[("d10", 5), ("d10x", 4)], &json!({}), 45, &[]);
        check_roll(&[("df", -1), ("df", 1), ("mod", -3)], &json!({}), -3, &[]);
        check_roll(&[("mod", -3)], &json!({"/": 2, "round": "down"}), -2, &[]);
    }

    #[test]
    fn a_value_that_is_not_on_the_die_is_refused() {
        let asked = RequestedDie {
            die: Die::Sided(6),
            value: Some(7),
        };
        assert_eq!(check(&[asked]), Err(RollError::NoSuchFace));
        assert_eq!(check(&[]), Err(RollError::NoDice));
        let fair = RequestedDie {
            die: Die::Sided(6),
            value: None,
        };
        assert_eq!(check(&[fair; 101]), Err(RollError::TooManyDice));
    }

    proptest! {
        #[test]
        fn the_total_stays_within_the_bounds_of_the_dice(
            sides in proptest::collection::vec(2_u16..=1000, 1..=100),
            seed: u64,
            keep in 1_usize..=100,
        ) {
            let dice: Vec<RequestedDie> =
                sides.iter().map(|n| RequestedDie { die: Die::Sided(*n), value: None }).collect();
            let operator =
                RollOperator::read(&json!({"k": format!("h{keep}")}), dice.len()).unwrap();
            let outcome = roll(&dice, &operator, &mut SmallRng::seed_from_u64(seed)).unwrap();
            let kept = outcome.faces.iter().filter(|face| !face.is_dropped).count();
            let most: i64 = sides.iter().map(|n| i64::from(*n)).sum();
            prop_assert_eq!(kept, keep.min(sides.len()));
            prop_assert!(outcome.total >= i64::try_from(kept).unwrap());
            prop_assert!(outcome.total <= most);
        }
    }
}
