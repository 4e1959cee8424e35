//! How large the result of a formula can become, told before anything is thrown.

use crate::dice::roll::reading::expression::{NotationError, RollExpression};
use crate::dice::roll::roller::DICE_MAX;
use crate::dice::roll::throw::die::Die;
use crate::dice::roll::throw::throwing::FURTHER_MAX;

/// The largest result, positive or negative.
const RESULT_MAX: i128 = 1_000_000_000_000;
/// The largest product of the divisors that meet in one fraction.
const DIVISOR_MAX: i128 = 1_000_000;

/// Bounds of what a formula comes to.
#[derive(Clone, Copy, Debug)]
struct ResultBounds {
    /// Its size.
    most: i128,
    /// What it is a fraction of.
    divisor: i128,
}

/// Refuses a part of a formula whose result could be out of bounds.
pub(crate) fn check(expression: &RollExpression, at: usize) -> Result<(), NotationError> {
    let bounds = measure(expression);
    if bounds.most <= RESULT_MAX && bounds.divisor <= DIVISOR_MAX {
        Ok(())
    } else {
        Err(NotationError::TooLarge { at })
    }
}

fn measure(expression: &RollExpression) -> ResultBounds {
    let whole = |most: i128| ResultBounds { most, divisor: 1 };
    match expression {
        RollExpression::Dice(pool) => {
            let throws = i128::try_from(DICE_MAX + FURTHER_MAX).unwrap_or(i128::MAX);
            let face = match pool.die {
                Die::Sided(sides) => i128::from(sides),
                Die::Tens => 100,
                Die::Fate => 2,
                Die::Constant(value) => i128::from(value).abs(),
            };
            whole(throws.saturating_mul(face))
        }
        RollExpression::Constant(value) => whole(i128::from(*value).abs()),
        RollExpression::Group(items, _) => all(items.iter()),
        RollExpression::Sum(terms) => all(terms.iter().map(|(_, term)| term)),
        RollExpression::Times(left, right) => {
            let (left, right) = (measure(left), measure(right));
            ResultBounds {
                most: left.most.saturating_mul(right.most),
                divisor: left.divisor.saturating_mul(right.divisor),
            }
        }
        RollExpression::Divide(inner, divisor) => {
            let inner = measure(inner);
            ResultBounds {
                divisor: inner.divisor.saturating_mul(i128::from(*divisor)),
                ..inner
            }
        }
        RollExpression::Round(_, inner) => whole(measure(inner).most.saturating_add(1)),
    }
}

fn all<'a>(terms: impl Iterator<Item = &'a RollExpression>) -> ResultBounds {
    let nothing = ResultBounds {
        most: 0,
        divisor: 1,
    };
    terms.map(measure).fold(nothing, |sum, term| ResultBounds {
        most: sum.most.saturating_add(term.most),
        divisor: sum.divisor.saturating_mul(term.divisor),
    })
}
