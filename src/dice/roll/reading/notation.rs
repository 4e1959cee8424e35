//! Dice notation read: sums of products of dice, numbers and what stands in parentheses.
//!
//! Wanted: any text ends in an expression or an error, quickly; so length, depth, dice, numbers
//! and results are bounded.

use std::str::FromStr;

use crate::dice::roll::reading::equation::function;
use crate::dice::roll::reading::expression::{NotationError, RollExpression, TEXT_MAX};
use crate::dice::roll::reading::pool_notation::{picks, pool};
use crate::dice::roll::reading::text_reader::TextReader;
use crate::dice::roll::roller::DICE_MAX;
use crate::dice::roll::throw::die::CONSTANT_MAX;
use crate::dice::roll::throw::measure;
use crate::dice::roll::throw::operator::FACTOR_MAX;
use crate::dice::roll::throw::rounding::Rounding;

const DEPTH_MAX: usize = 16;

impl FromStr for RollExpression {
    type Err = NotationError;

    fn from_str(text: &str) -> Result<Self, NotationError> {
        if text.len() > TEXT_MAX {
            return Err(NotationError::TooLong);
        }
        let mut parser = NotationParser {
            reader: TextReader::new(text),
            dice: 0,
            throws: 0,
        };
        let expression = parser.sum(0)?;
        if !parser.reader.is_done() {
            return Err(parser.reader.expected("an operator or the end"));
        }
        // What is written back has to be read again, and `d6` is written as `1d6`.
        if expression.to_string().len() > TEXT_MAX {
            return Err(NotationError::TooLong);
        }
        Ok(expression)
    }
}

struct NotationParser {
    reader: TextReader,
    dice: usize,
    throws: usize,
}

impl NotationParser {
    fn sum(&mut self, depth: usize) -> Result<RollExpression, NotationError> {
        let at = self.reader.place();
        if depth > DEPTH_MAX {
            return Err(NotationError::TooDeep { at });
        }
        let mut minus = self.signs().unwrap_or(false);
        let mut terms = Vec::new();
        loop {
            terms.push((minus, self.product(depth)?));
            match self.signs() {
                Some(next) => minus = next,
                None => break,
            }
        }
        let sum = RollExpression::sum(terms);
        measure::check(&sum, at)?;
        Ok(sum)
    }

    /// Reads signs, of which clients write several in a row: `1d20+-1`.
    fn signs(&mut self) -> Option<bool> {
        let mut minus = None;
        loop {
            if self.reader.take("-") {
                minus = Some(!minus.unwrap_or(false));
            } else if self.reader.take("+") {
                minus = minus.or(Some(false));
            } else {
                return minus;
            }
        }
    }

    fn product(&mut self, depth: usize) -> Result<RollExpression, NotationError> {
        let mut product = self.atom(depth)?;
        loop {
            let at = self.reader.place();
            if self.reader.take("*") {
                product = RollExpression::times(product, self.atom(depth)?);
            } else if self.reader.take("/") {
                let divisor = self.reader.number(1, FACTOR_MAX)?;
                product = RollExpression::Divide(Box::new(product), divisor);
            } else {
                return Ok(product);
            }
            measure::check(&product, at)?;
        }
    }

    fn atom(&mut self, depth: usize) -> Result<RollExpression, NotationError> {
        for round in [Rounding::Down, Rounding::Up, Rounding::Nearest] {
            if self.reader.take(function(round)) {
                self.reader.must("(")?;
                let inner = self.sum(depth + 1)?;
                self.reader.must(")")?;
                return Ok(RollExpression::Round(round, Box::new(inner)));
            }
        }
        let dice_before = self.dice;
        if self.reader.take("(") {
            let inner = self.sum(depth + 1)?;
            self.reader.must(")")?;
            let picks = picks(&mut self.reader, self.dice - dice_before)?;
            return Ok(if picks.is_empty() {
                inner
            } else {
                RollExpression::Group(vec![inner], picks)
            });
        }
        if self.reader.take("{") {
            let mut items = vec![self.sum(depth + 1)?];
            while self.reader.take(",") {
                items.push(self.sum(depth + 1)?);
            }
            self.reader.must("}")?;
            let picks = picks(&mut self.reader, self.dice - dice_before)?;
            return Ok(RollExpression::Group(items, picks));
        }
        self.dice_or_number()
    }

    fn dice_or_number(&mut self) -> Result<RollExpression, NotationError> {
        let at = self.reader.place();
        let count = match self.reader.peek() {
            Some(b'd') => 1,
            Some(b'0'..=b'9') => self.reader.number(0, CONSTANT_MAX)?,
            _ => return Err(self.reader.expected("a number or dice")),
        };
        if self.reader.peek() != Some(b'd') {
            return Ok(RollExpression::Constant(count));
        }
        let too_many = || NotationError::TooManyDice { at };
        let count = usize::try_from(count).map_err(|_| too_many())?;
        if count == 0 {
            let wanted = "at least one die";
            return Err(NotationError::Expected { wanted, at });
        }
        if count > DICE_MAX {
            return Err(too_many());
        }
        let pool = pool(&mut self.reader, count)?;
        self.dice += count;
        self.throws += pool.throws().ok_or(NotationError::Endless { at })?;
        if self.throws > DICE_MAX {
            return Err(too_many());
        }
        Ok(RollExpression::Dice(pool))
    }
}
