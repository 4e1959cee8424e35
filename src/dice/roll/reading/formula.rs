//! The operator of a formula: what the official client sends for it, where an operator can say it.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::dice::roll::reading::expression::RollExpression;
use crate::dice::roll::reading::pool::{DicePick, DicePool};
use crate::dice::roll::throw::die::Die;
use crate::dice::roll::throw::operator::{Applied, FACTOR_MAX, Pick, RollOperator};
use crate::dice::roll::throw::rounding::Rounding;

/// Writes a formula as an operator on its dice; none if no operator says the same.
pub(crate) fn operator(expression: &RollExpression) -> Option<RollOperator> {
    let mut layout = Layout::default();
    layout.lay(expression)?;
    layout.finish()
}

/// A quotient of some dice.
#[derive(Debug)]
struct DiceQuotient {
    divisor: i64,
    dice: Range<usize>,
    /// None if it stays a fraction until the end.
    round: Option<Rounding>,
}

/// The dice of a formula in a row, and what is done to them.
#[derive(Debug, Default)]
struct Layout {
    dice: Vec<Die>,
    factors: Vec<i64>,
    picks: Vec<(bool, Pick, Range<usize>)>,
    quotients: Vec<DiceQuotient>,
}

impl Layout {
    fn lay(&mut self, expression: &RollExpression) -> Option<Range<usize>> {
        let from = self.dice.len();
        match expression {
            RollExpression::Dice(pool) => self.lay_pool(pool)?,
            RollExpression::Group(items, picks) => {
                for item in items {
                    self.lay(item)?;
                }
                self.pick(from..self.dice.len(), picks)?;
            }
            RollExpression::Constant(value) => self.push(Die::Constant(*value)),
            RollExpression::Sum(terms) => {
                for (minus, term) in terms {
                    let range = self.lay(term)?;
                    if *minus {
                        self.subtract(range)?;
                    }
                }
            }
            RollExpression::Times(inner, factor) => {
                let RollExpression::Constant(factor) = **factor else {
                    return None;
                };
                let range = self.lay(inner)?;
                self.multiply(range, factor)?;
            }
            RollExpression::Divide(inner, divisor) => {
                let range = self.lay(inner)?;
                self.divide(range, *divisor, None)?;
            }
            RollExpression::Round(round, inner) => match &**inner {
                RollExpression::Divide(inner, divisor) => {
                    let range = self.lay(inner)?;
                    self.divide(range, *divisor, Some(*round))?;
                }
                _ => return None,
            },
        }
        Some(from..self.dice.len())
    }

    fn lay_pool(&mut self, pool: &DicePool) -> Option<()> {
        let from = self.dice.len();
        (0..pool.count).for_each(|_| self.push(pool.die));
        self.pick(from..self.dice.len(), &pool.picks)?;
        pool.is_thrown_once().then_some(())
    }

    fn push(&mut self, die: Die) {
        self.dice.push(die);
        self.factors.push(1);
    }

    /// The operator has one set of dice per pick, and no pick of what another one left.
    fn pick(&mut self, range: Range<usize>, picks: &[DicePick]) -> Option<()> {
        if picks.is_empty() {
            return Some(());
        }
        let is_apart = self.picks.iter().all(|(_, _, other)| apart(other, &range));
        let is_twice = |one: &DicePick| {
            let mut all = self.picks.iter();
            all.any(|(keeps, pick, _)| (*keeps, *pick) == (one.keeps, one.pick))
        };
        let keeps = picks.iter().filter(|pick| pick.keeps).count();
        let is_simple = keeps <= 1 && picks.len() - keeps <= 1;
        let is_sayable = is_apart && is_simple && !picks.iter().any(is_twice);
        is_sayable.then_some(())?;
        let picks = picks.iter();
        self.picks
            .extend(picks.map(|one| (one.keeps, one.pick, range.clone())));
        Some(())
    }

    fn subtract(&mut self, range: Range<usize>) -> Option<()> {
        for quotient in self.quotients_in(&range) {
            // An operator subtracts a quotient by the factor -1 of all of its dice.
            let factors = self.factors.get(quotient.dice.clone())?;
            if quotient.round.is_none() || factors.iter().any(|factor| *factor != 1) {
                return None;
            }
        }
        self.scale(range, -1)
    }

    fn multiply(&mut self, range: Range<usize>, by: i64) -> Option<()> {
        let is_whole = self.quotients_in(&range).next().is_none();
        is_whole.then_some(())?;
        self.scale(range, by)
    }

    fn scale(&mut self, range: Range<usize>, by: i64) -> Option<()> {
        for factor in self.factors.get_mut(range)? {
            let scaled = factor.checked_mul(by)?;
            *factor = (scaled.abs() <= FACTOR_MAX).then_some(scaled)?;
        }
        Some(())
    }

    fn divide(&mut self, dice: Range<usize>, divisor: i64, round: Option<Rounding>) -> Option<()> {
        let is_whole = self.quotients_in(&dice).next().is_none();
        let is_subtracted = self
            .factors
            .get(dice.clone())?
            .iter()
            .all(|factor| *factor == -1);
        // The operator has one set of dice per divisor, which it divides as one sum.
        let is_known = self.quotients.iter().any(|other| other.divisor == divisor);
        let is_sayable = is_whole && !is_subtracted && !is_known;
        is_sayable.then(|| {
            self.quotients.push(DiceQuotient {
                divisor,
                dice,
                round,
            });
        })
    }

    fn quotients_in(&self, range: &Range<usize>) -> impl Iterator<Item = &DiceQuotient> {
        let quotients = self.quotients.iter();
        quotients.filter(|quotient| !apart(&quotient.dice, range))
    }

    fn finish(self) -> Option<RollOperator> {
        // The result is rounded down in the end, so one fraction may stay until then.
        let fractions = self.quotients.iter().filter(|one| one.round.is_none());
        if fractions.count() > 1 {
            return None;
        }
        let count = self.dice.len();
        let set = |indexes: Vec<usize>| (indexes.len() < count).then_some(indexes);
        let picks = |wanted: bool| {
            let picks = self.picks.iter().filter(|(keeps, ..)| *keeps == wanted);
            let applied = |(_, pick, range): &(bool, Pick, Range<usize>)| Applied {
                operand: *pick,
                dice: set(range.clone().collect()),
            };
            picks.map(applied).collect()
        };
        let mut factors: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
        for (index, factor) in self
            .factors
            .iter()
            .enumerate()
            .filter(|(_, one)| **one != 1)
        {
            factors.entry(*factor).or_default().push(index);
        }
        let mut rounds: Vec<(Rounding, Vec<usize>)> = Vec::new();
        for quotient in &self.quotients {
            let round = quotient.round.unwrap_or_default();
            match rounds.iter_mut().find(|(known, _)| *known == round) {
                Some((_, dice)) => dice.extend(quotient.dice.clone()),
                None => rounds.push((round, quotient.dice.clone().collect())),
            }
        }
        let divide = self.quotients.iter().map(|quotient| Applied {
            operand: quotient.divisor,
            dice: set(quotient.dice.clone().collect()),
        });
        Some(RollOperator {
            keep: picks(true),
            drop: picks(false),
            divide: divide.collect(),
            times: factors
                .into_iter()
                .map(|(one, dice)| applied(one, set(dice)))
                .collect(),
            round: rounds
                .into_iter()
                .map(|(one, dice)| applied(one, set(dice)))
                .collect(),
        })
    }
}

fn applied<T>(operand: T, dice: Option<Vec<usize>>) -> Applied<T> {
    Applied { operand, dice }
}

fn apart(one: &Range<usize>, other: &Range<usize>) -> bool {
    one.end <= other.start || other.end <= one.start
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn check(text: &str, expected: &Value) {
        let written = operator(&text.parse().unwrap()).unwrap();
        assert_eq!(written.to_json(), *expected, "{text}");
    }

    #[test]
    fn formulas_become_what_the_official_client_sends() {
        check("2d20kh1", &json!({"k": "h1"}));
        check("2d20kl1", &json!({"k": "l1"}));
        check("2d20dh1", &json!({"d": "h1"}));
        check("2d20kh1+5", &json!({"k": {"h1": [0, 1]}}));
        check("4d6dl1kh1", &json!({"k": "h1", "d": "l1"}));
        check(
            "4d6kh3+2d6kh1",
            &json!({"k": {"h3": [0, 1, 2, 3], "h1": [4, 5]}}),
        );
        check("2d6+{1d8,1d6}kh1", &json!({"k": {"h1": [2, 3]}}));
        check("{1d20+5,1d12}kh1", &json!({"k": "h1"}));
        check("(2d6+1)*2", &json!({"*": "2"}));
        check("2*2d6", &json!({"*": "2"}));
        check("5d6/2", &json!({"/": "2", "round": "down"}));
        check("floor(2d6/2)", &json!({"/": "2", "round": "down"}));
        check("1d20-1", &json!({}));
        check("1d20-1d4", &json!({"*": {"-1": [1]}}));
        check(
            "ceil(1d6/2)+3",
            &json!({"/": {"2": [0]}, "round": {"up": [0]}}),
        );
        check(
            "floor(1d6/2)-ceil(1d6/3)",
            &json!({
                "*": {"-1": [1]}, "/": {"2": [0], "3": [1]}, "round": {"down": [0], "up": [1]},
            }),
        );
    }

    #[test]
    fn what_no_operator_says_has_none() {
        for text in [
            "floor(1d6/2)*3",
            "1d6-1d6/2",
            "1d6/2+1d6/3",
            "floor(1d6/2)+floor(1d6/2)",
            "floor((-1d6)/2)",
            "1d6*1000*1000",
            "2d6kh1+2d8kh1",
            "{2d6kh1,1d8}kh1",
            "4d6dh1dl1",
            "1d6*1d4",
            "3d6!",
            "3d6r1",
            "floor(1d6/2+1)",
        ] {
            assert_eq!(operator(&text.parse().unwrap()), None, "{text}");
        }
    }
}
