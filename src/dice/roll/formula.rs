//! A formula turned into what a roll is asked for: dice and an operator.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::dice::roll::die::Die;
use crate::dice::roll::expression::{NotationError, RollExpression};
use crate::dice::roll::operator::{Applied, FACTOR_MAX, Pick, RollOperator, Rounding};

/// Turns a formula into dice and operator, as the official client does.
pub(crate) fn request(
    expression: &RollExpression,
) -> Result<(Vec<Die>, RollOperator), NotationError> {
    let mut layout = Layout::default();
    layout.lay(expression)?;
    Ok(layout.finish())
}

#[derive(Default)]
struct Layout {
    dice: Vec<Die>,
    factors: Vec<i64>,
    divided: Vec<bool>,
    picks: Vec<(bool, Pick, Range<usize>)>,
    quotients: Vec<(i64, Range<usize>)>,
    round: Option<Rounding>,
}

impl Layout {
    fn lay(&mut self, expression: &RollExpression) -> Result<Range<usize>, NotationError> {
        let from = self.dice.len();
        match expression {
            RollExpression::Dice { count, die, pick } => {
                (0..*count).for_each(|_| self.push(*die));
                if let Some((keep, pick)) = pick {
                    if self.picks.iter().any(|(k, p, _)| (k, p) == (keep, pick)) {
                        // The operator has one set of dice per pick, which it ranks as one.
                        return Err(NotationError::Unsupported("two pools keep or drop alike"));
                    }
                    self.picks.push((*keep, *pick, from..self.dice.len()));
                }
            }
            RollExpression::Constant(value) => self.push(Die::Constant(*value)),
            RollExpression::Sum(terms) => {
                for (minus, term) in terms {
                    let range = self.lay(term)?;
                    if *minus {
                        self.negate(range)?;
                    }
                }
            }
            RollExpression::Times(inner, factor) => {
                let range = self.lay(inner)?;
                self.multiply(range, *factor)?;
            }
            RollExpression::Divide(inner, divisor, round) => {
                let range = self.lay(inner)?;
                self.divide(range, *divisor, *round)?;
            }
        }
        Ok(from..self.dice.len())
    }

    fn push(&mut self, die: Die) {
        self.dice.push(die);
        self.factors.push(1);
        self.divided.push(false);
    }

    fn negate(&mut self, range: Range<usize>) -> Result<(), NotationError> {
        if let [Die::Constant(value)] = self.dice.get_mut(range.clone()).unwrap_or_default() {
            *value = -*value;
            return Ok(());
        }
        self.multiply(range, -1)
    }

    fn multiply(&mut self, range: Range<usize>, by: i64) -> Result<(), NotationError> {
        if by == 1 {
            return Ok(());
        }
        self.undivided(&range, "a quotient cannot be multiplied or subtracted")?;
        for factor in self.factors.get_mut(range).unwrap_or_default() {
            *factor = factor
                .checked_mul(by)
                .filter(|factor| factor.abs() <= FACTOR_MAX)
                .ok_or(NotationError::Unsupported("the factors are too large"))?;
        }
        Ok(())
    }

    fn divide(
        &mut self,
        range: Range<usize>,
        by: i64,
        round: Rounding,
    ) -> Result<(), NotationError> {
        self.undivided(&range, "a quotient cannot be divided again")?;
        if self.round.is_some_and(|other| other != round) {
            return Err(NotationError::Unsupported(
                "all quotients must be rounded alike",
            ));
        }
        if self.quotients.iter().any(|(divisor, _)| *divisor == by) {
            // The operator has one set of dice per divisor, which it divides as one sum.
            return Err(NotationError::Unsupported(
                "two quotients have the same divisor",
            ));
        }
        self.round = Some(round);
        self.divided
            .get_mut(range.clone())
            .unwrap_or_default()
            .fill(true);
        self.quotients.push((by, range));
        Ok(())
    }

    fn undivided(&self, range: &Range<usize>, why: &'static str) -> Result<(), NotationError> {
        let divided = self.divided.get(range.clone()).unwrap_or_default();
        if divided.contains(&true) {
            Err(NotationError::Unsupported(why))
        } else {
            Ok(())
        }
    }

    fn finish(self) -> (Vec<Die>, RollOperator) {
        let count = self.dice.len();
        let set = |indexes: Vec<usize>| (indexes.len() < count).then_some(indexes);
        let picks = |wanted: bool| {
            self.picks
                .iter()
                .filter(|(keep, ..)| *keep == wanted)
                .map(|(_, pick, range)| Applied {
                    operand: *pick,
                    dice: set(range.clone().collect()),
                })
                .collect()
        };
        let mut factors: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
        for (index, factor) in self
            .factors
            .iter()
            .enumerate()
            .filter(|(_, factor)| **factor != 1)
        {
            factors.entry(*factor).or_default().push(index);
        }
        let operator = RollOperator {
            keep: picks(true),
            drop: picks(false),
            times: factors
                .into_iter()
                .map(|(operand, dice)| Applied {
                    operand,
                    dice: set(dice),
                })
                .collect(),
            divide: self
                .quotients
                .iter()
                .map(|(divisor, range)| Applied {
                    operand: *divisor,
                    dice: set(range.clone().collect()),
                })
                .collect(),
            round: self.round.unwrap_or_default(),
        };
        (self.dice, operator)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn check(text: &str, dice: &[&str], operator: &Value) {
        let (found, written) = request(&text.parse().unwrap()).unwrap();
        let found: Vec<String> = found
            .iter()
            .map(|die| match die {
                Die::Constant(value) => format!("mod:{value}"),
                thrown => thrown.to_string(),
            })
            .collect();
        assert_eq!(found, dice, "{text}");
        assert_eq!(written.to_json(), *operator, "{text}");
    }

    #[test]
    fn formulas_become_what_the_official_client_sends() {
        check("2d20kh1", &["d20", "d20"], &json!({"k": "h1"}));
        check("2d20kl1", &["d20", "d20"], &json!({"k": "l1"}));
        check("2d20dh1", &["d20", "d20"], &json!({"d": "h1"}));
        check(
            "2d20kh1+5",
            &["d20", "d20", "mod:5"],
            &json!({"k": {"h1": [0, 1]}}),
        );
        check("(2d6+1)*2", &["d6", "d6", "mod:1"], &json!({"*": "2"}));
        check(
            "floor(2d6/2)",
            &["d6", "d6"],
            &json!({"/": "2", "round": "down"}),
        );
        check("1d20-1", &["d20", "mod:-1"], &json!({}));
        check("1d20-1d4", &["d20", "d4"], &json!({"*": {"-1": [1]}}));
        check(
            "ceil(1d6/2)+3",
            &["d6", "mod:3"],
            &json!({"/": {"2": [0]}, "round": "up"}),
        );
    }

    #[test]
    fn formulas_that_no_operator_expresses_are_refused() {
        for text in [
            "floor(1d6/2)*3",
            "1d6-floor(1d6/2)",
            "floor(1d6/2)+ceil(1d6/3)",
            "floor(1d6/2)+floor(1d6/2)",
            "1d6*1000*1000",
            "2d6kh1+2d8kh1",
        ] {
            assert!(request(&text.parse().unwrap()).is_err(), "{text}");
        }
    }
}
