//! The roll itself: dice, operator and randomness in, faces and total out.

use rand::Rng;

use crate::dice::roll::throw::die::Die;
use crate::dice::roll::throw::face::Face;
use crate::dice::roll::throw::operator::{Applied, Pick, RollOperator};
use crate::dice::roll::throw::picking::pick;
use crate::dice::roll::throw::rounding::Rounding;

/// The most dice in one roll.
pub(crate) const DICE_MAX: usize = 100;

/// One die of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RequestedDie {
    /// Which die.
    pub(crate) die: Die,
    /// The face, when the caller has thrown it already.
    pub(crate) value: Option<i64>,
    /// Whether the caller has dropped it already.
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
            is_dropped: asked.is_dropped,
        })
        .collect();
    let all = faces.len();
    let picks = |keeps: bool, applied: &Applied<Pick>| {
        let set = members(applied.dice.as_deref(), all);
        ((keeps, applied.operand), set)
    };
    let keep = operator.keep.iter().map(|keep| picks(true, keep));
    let drop = operator.drop.iter().map(|drop| picks(false, drop));
    pick(&mut faces, keep.chain(drop));
    let total = total(&faces, operator).ok_or(RollError::TooLarge)?;
    Ok(RollOutcome { faces, total })
}

fn members(dice: Option<&[usize]>, count: usize) -> Vec<usize> {
    dice.map_or_else(|| (0..count).collect(), <[usize]>::to_vec)
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
    let mut factors = vec![1_i64; faces.len()];
    for times in &operator.times {
        for index in members(times.dice.as_deref(), faces.len()) {
            let factor = factors.get_mut(index)?;
            *factor = factor.checked_mul(times.operand)?;
        }
    }
    let mut total: i64 = 0;
    for divide in &operator.divide {
        let set = members(divide.dice.as_deref(), faces.len());
        // The official client writes a quotient that is subtracted in this way.
        let is_subtracted = set.iter().all(|index| factors.get(*index) == Some(&-1));
        let mut sum: i64 = 0;
        for index in set {
            // A die that was divided must not be counted a second time below.
            let worth = std::mem::take(worths.get_mut(index)?);
            let factor = if is_subtracted {
                1
            } else {
                *factors.get(index)?
            };
            sum = sum.checked_add(worth.checked_mul(factor)?)?;
        }
        let round = operator.rounding(divide.dice.as_deref());
        let quotient = quotient(sum, divide.operand, round)?;
        total = total.checked_add(if is_subtracted { -quotient } else { quotient })?;
    }
    worths
        .into_iter()
        .zip(factors)
        .try_fold(total, |total, (worth, factor)| {
            total.checked_add(worth.checked_mul(factor)?)
        })
}

/// Divides by a positive number.
fn quotient(sum: i64, divisor: i64, round: Rounding) -> Option<i64> {
    let down = sum.checked_div_euclid(divisor)?;
    let rest = sum.checked_rem_euclid(divisor)?;
    down.checked_add(i64::from(round.is_up(rest.into(), divisor.into())))
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
                    is_dropped: false,
                },
                die => RequestedDie {
                    die,
                    value: Some(*value),
                    is_dropped: false,
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
        // What the official client makes of `4d6dl1kh1` and `floor(1d20/2)-ceil(1d20/4)`.
        check_roll(&four, &json!({"d": "l1", "k": "h1"}), 6, &[0, 1, 2]);
        let quotients = json!({
            "/": {"2": [0], "4": [1]}, "round": {"down": [0], "up": [1]}, "*": {"-1": [1]},
        });
        check_roll(&pair, &quotients, 3 - 4, &[]);
    }

    #[test]
    fn a_die_that_the_caller_has_dropped_neither_counts_nor_is_picked() {
        let dice = [(2, false), (6, true), (4, false)].map(|(value, is_dropped)| RequestedDie {
            die: Die::Sided(6),
            value: Some(value),
            is_dropped,
        });
        let keep = RollOperator::read(&json!({"k": "h1"}), 3).unwrap();
        let outcome = roll(&dice, &keep, &mut SmallRng::seed_from_u64(1)).unwrap();
        assert_eq!(outcome.total, 4);
        let dropped: Vec<bool> = outcome.faces.iter().map(|face| face.is_dropped).collect();
        assert_eq!(dropped, [true, true, false]);
    }

    #[test]
    fn a_value_that_is_not_on_the_die_is_refused() {
        let asked = RequestedDie {
            die: Die::Sided(6),
            value: Some(7),
            is_dropped: false,
        };
        assert_eq!(check(&[asked]), Err(RollError::NoSuchFace));
        assert_eq!(check(&[]), Err(RollError::NoDice));
        let fair = RequestedDie {
            die: Die::Sided(6),
            value: None,
            is_dropped: false,
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
                sides.iter().map(|n| RequestedDie { die: Die::Sided(*n), value: None, is_dropped: false }).collect();
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
