//! Dice notation: `3d6+2` read.
//!
//! Wanted: any text ends in an expression or an error, quickly; so length, depth, dice and
//! numbers are bounded, and arithmetic is checked.

use std::str::FromStr;

use crate::dice::roll::die::{CONSTANT_MAX, Die};
use crate::dice::roll::equation::function;
use crate::dice::roll::expression::{NotationError, RollExpression, TEXT_MAX};
use crate::dice::roll::operator::{FACTOR_MAX, Pick, Rounding};
use crate::dice::roll::roller::DICE_MAX;

const DEPTH_MAX: usize = 16;

impl FromStr for RollExpression {
    type Err = NotationError;

    fn from_str(text: &str) -> Result<Self, NotationError> {
        if text.len() > TEXT_MAX {
            return Err(NotationError::TooLong);
        }
        let text: Vec<u8> = text
            .bytes()
            .filter(|byte| !byte.is_ascii_whitespace())
            .map(|byte| byte.to_ascii_lowercase())
            .collect();
        let mut reader = NotationParser {
            text: &text,
            at: 0,
            dice: 0,
        };
        let expression = reader.sum(0)?;
        if reader.at < text.len() {
            return Err(reader.expected("an operator or the end"));
        }
        Ok(expression)
    }
}

/// Reads by precedence: sums of products of atoms.
struct NotationParser<'a> {
    text: &'a [u8],
    at: usize,
    dice: usize,
}

impl NotationParser<'_> {
    fn sum(&mut self, depth: usize) -> Result<RollExpression, NotationError> {
        if depth > DEPTH_MAX {
            return Err(NotationError::TooDeep);
        }
        let minus = self.take("-");
        let first = self.product(depth)?;
        let mut terms = vec![(minus, first)];
        loop {
            let minus = if self.take("+") {
                false
            } else if self.take("-") {
                true
            } else {
                break;
            };
            terms.push((minus, self.product(depth)?));
        }
        if !minus && terms.len() == 1 {
            return terms
                .pop()
                .map(|(_, term)| term)
                .ok_or_else(|| self.expected("a term"));
        }
        Ok(RollExpression::Sum(terms))
    }

    fn product(&mut self, depth: usize) -> Result<RollExpression, NotationError> {
        let mut product = self.atom(depth)?;
        while self.take("*") {
            product = RollExpression::Times(Box::new(product), self.number(FACTOR_MAX)?);
        }
        Ok(product)
    }

    fn atom(&mut self, depth: usize) -> Result<RollExpression, NotationError> {
        for round in [Rounding::Down, Rounding::Up, Rounding::Nearest] {
            if self.take(function(round)) {
                return self.quotient(depth + 1, round);
            }
        }
        if self.take("(") {
            let inner = self.sum(depth + 1)?;
            return self.must(")", "`)`").map(|()| inner);
        }
        let count = if self.peek() == Some(b'd') {
            None
        } else {
            Some(self.number(CONSTANT_MAX)?)
        };
        if self.peek() != Some(b'd') {
            return Ok(RollExpression::Constant(count.unwrap_or(0)));
        }
        self.pool(count.unwrap_or(1))
    }

    fn quotient(&mut self, depth: usize, round: Rounding) -> Result<RollExpression, NotationError> {
        if depth > DEPTH_MAX {
            return Err(NotationError::TooDeep);
        }
        self.must("(", "`(`")?;
        let inner = self.product(depth)?;
        self.must("/", "`/`")?;
        let divisor = self.positive(FACTOR_MAX)?;
        self.must(")", "`)`")?;
        Ok(RollExpression::Divide(Box::new(inner), divisor, round))
    }

    fn pool(&mut self, count: i64) -> Result<RollExpression, NotationError> {
        let count = usize::try_from(count).map_err(|_| NotationError::TooManyDice)?;
        if count == 0 {
            return Err(self.expected("at least one die before this"));
        }
        self.dice = self.dice.saturating_add(count);
        if self.dice > DICE_MAX {
            return Err(NotationError::TooManyDice);
        }
        let from = self.at;
        self.at += 1;
        let die = if self.take("f") {
            Die::Fate
        } else if self.take("10x") {
            Die::Tens
        } else {
            self.digits();
            let name = self.text.get(from..self.at).unwrap_or_default();
            let die = std::str::from_utf8(name)
                .ok()
                .and_then(|name| name.parse().ok());
            die.ok_or(NotationError::Expected {
                wanted: "a die",
                at: from + 1,
            })?
        };
        let pick = self.pick(count)?;
        Ok(RollExpression::Dice { count, die, pick })
    }

    fn pick(&mut self, dice: usize) -> Result<Option<(bool, Pick)>, NotationError> {
        for (word, keep, high) in [
            ("kh", true, true),
            ("kl", true, false),
            ("dh", false, true),
            ("dl", false, false),
        ] {
            if self.take(word) {
                let most = i64::try_from(dice).unwrap_or(CONSTANT_MAX);
                let some = self.peek().is_some_and(|byte| byte.is_ascii_digit());
                let count = if some { self.positive(most)? } else { 1 };
                let count = usize::try_from(count).unwrap_or(dice);
                return Ok(Some((keep, Pick { high, count })));
            }
        }
        Ok(None)
    }

    fn positive(&mut self, most: i64) -> Result<i64, NotationError> {
        let at = self.at + 1;
        let number = self.number(most)?;
        if number == 0 {
            Err(NotationError::Number { at })
        } else {
            Ok(number)
        }
    }

    fn number(&mut self, most: i64) -> Result<i64, NotationError> {
        let from = self.at;
        self.digits();
        if from == self.at {
            return Err(self.expected("a number or dice"));
        }
        let digits = self.text.get(from..self.at).unwrap_or_default();
        let number = std::str::from_utf8(digits)
            .ok()
            .and_then(|digits| digits.parse().ok());
        number
            .filter(|number| *number <= most)
            .ok_or(NotationError::Number { at: from + 1 })
    }

    fn digits(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn take(&mut self, word: &str) -> bool {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let found = rest.starts_with(word.as_bytes());
        if found {
            self.at += word.len();
        }
        found
    }

    fn must(&mut self, word: &str, wanted: &'static str) -> Result<(), NotationError> {
        if self.take(word) {
            Ok(())
        } else {
            Err(self.expected(wanted))
        }
    }

    fn expected(&self, wanted: &'static str) -> NotationError {
        NotationError::Expected {
            wanted,
            at: self.at + 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn formulas_are_written_back_in_one_manner() {
        for (text, expected) in [
            ("3d6+2", "3d6+2"),
            (" D20 ", "1d20"),
            ("4d6dl", "4d6dl1"),
            ("2d20KH1 + 5", "2d20kh1+5"),
            ("(2d6+1)*2", "(2d6+1)*2"),
            ("floor((3d6+2)/2)", "floor((3d6+2)/2)"),
            ("ceil(5d6/2)-1", "ceil(5d6/2)-1"),
            ("-d4", "-1d4"),
            ("4df+d10x", "4df+1d10x"),
            ("((3d6))", "3d6"),
            ("2*3*4", "2*3*4"),
        ] {
            assert_eq!(
                text.parse::<RollExpression>().unwrap().to_string(),
                expected
            );
        }
    }

    #[test]
    fn texts_that_are_no_formula_are_refused() {
        for text in [
            "",
            "d",
            "3d",
            "d%",
            "3d6!",
            "4d6k3",
            "3d6+",
            "(3d6",
            "3d6)",
            "3d6/2",
            "0d6",
            "d1",
            "d1001",
            "101d6",
            "60d6+60d6",
            "floor(d6)",
            "floor(d6/0)",
            "d6*1001",
            "1000001",
            "é",
            "2d6kh3",
            "2d6kh0",
            "99999999999999999999d6",
            "floor(1d6+1/2)",
        ] {
            assert!(text.parse::<RollExpression>().is_err(), "{text}");
        }
        assert_eq!(
            "(".repeat(40).parse::<RollExpression>(),
            Err(NotationError::TooDeep)
        );
        assert_eq!(
            "floor(".repeat(40).parse::<RollExpression>(),
            Err(NotationError::TooDeep)
        );
        assert_eq!(
            "1".repeat(257).parse::<RollExpression>(),
            Err(NotationError::TooLong)
        );
    }

    fn pools() -> impl Strategy<Value = RollExpression> {
        let die = prop_oneof![
            (2_u16..=1000).prop_map(Die::Sided),
            Just(Die::Tens),
            Just(Die::Fate)
        ];
        let pick = proptest::option::of((any::<bool>(), any::<bool>(), 1_usize..=3));
        (3_usize..=5, die, pick).prop_map(|(count, die, pick)| RollExpression::Dice {
            count,
            die,
            pick: pick.map(|(keep, high, count)| (keep, Pick { high, count })),
        })
    }

    fn expressions() -> impl Strategy<Value = RollExpression> {
        let leaf = prop_oneof![
            pools(),
            (0..=CONSTANT_MAX).prop_map(RollExpression::Constant)
        ];
        leaf.prop_recursive(3, 12, 3, |inner| {
            let inside = inner.clone();
            let round = prop_oneof![
                Just(Rounding::Down),
                Just(Rounding::Up),
                Just(Rounding::Nearest)
            ];
            prop_oneof![
                proptest::collection::vec((any::<bool>(), inner.clone()), 2..=3)
                    .prop_map(RollExpression::Sum),
                (inner, 0..=FACTOR_MAX).prop_map(|(e, n)| RollExpression::Times(Box::new(e), n)),
                (inside, 1..=FACTOR_MAX, round).prop_map(|(e, n, round)| RollExpression::Divide(
                    Box::new(e),
                    n,
                    round
                )),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back_the_same(expression in expressions()) {
            let text = expression.to_string();
            prop_assume!(text.len() <= TEXT_MAX);
            prop_assert_eq!(text.parse(), Ok(expression));
        }

        #[test]
        fn no_text_panics(text in "\\PC*") {
            let _ = text.parse::<RollExpression>();
        }

        #[test]
        fn no_likely_text_panics(text in "[0-9dfkhlx+*/() -]{0,80}|(floor|ceil|round|\\(|d6|/2|\\)|-|\\*3){0,30}") {
            if let Ok(expression) = text.parse::<RollExpression>() {
                let again = expression.to_string();
                if again.len() <= TEXT_MAX {
                    prop_assert_eq!(again.parse(), Ok(expression));
                }
            }
        }
    }
}
