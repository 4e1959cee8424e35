//! A formula as a value, written back in one manner.

use std::fmt;

use crate::dice::roll::reading::equation::function;
use crate::dice::roll::reading::pool::{DicePick, DicePool};
use crate::dice::roll::roller::DICE_MAX;
use crate::dice::roll::throw::rounding::Rounding;

/// The longest text that is read, in bytes; also as it is written back.
pub(crate) const TEXT_MAX: usize = 256;

/// A formula.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RollExpression {
    /// `4d6dl1`.
    Dice(DicePool),
    /// `{2d6,1d8}kh1`: all dice in it are picked from as one pool.
    Group(Vec<RollExpression>, Vec<DicePick>),
    /// `5`.
    Constant(i64),
    /// Terms; the flag is true for those that are subtracted, which constants never are.
    Sum(Vec<(bool, RollExpression)>),
    /// `(…)*2`; a constant on the right is a factor and no die.
    Times(Box<RollExpression>, Box<RollExpression>),
    /// `…/2`, exactly.
    Divide(Box<RollExpression>, i64),
    /// `floor(…)`.
    Round(Rounding, Box<RollExpression>),
}

impl RollExpression {
    /// Adds up terms, which are subtracted where the flag says so.
    pub(crate) fn sum(terms: Vec<(bool, Self)>) -> Self {
        let mut terms: Vec<(bool, Self)> = terms
            .into_iter()
            .map(|term| match term {
                (true, Self::Constant(value)) => (false, Self::Constant(-value)),
                other => other,
            })
            .collect();
        match (terms.len(), terms.pop()) {
            (1, Some((false, only))) => only,
            (_, last) => {
                terms.extend(last);
                Self::Sum(terms)
            }
        }
    }

    /// Multiplies; a constant goes to the right.
    pub(crate) fn times(left: Self, right: Self) -> Self {
        match (left, right) {
            (left @ Self::Constant(_), right) if !matches!(right, Self::Constant(_)) => {
                Self::Times(Box::new(right), Box::new(left))
            }
            (left, right) => Self::Times(Box::new(left), Box::new(right)),
        }
    }
}

impl fmt::Display for RollExpression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dice(pool) => write!(f, "{pool}"),
            Self::Group(items, picks) => {
                f.write_str("{")?;
                for (index, item) in items.iter().enumerate() {
                    f.write_str(if index == 0 { "" } else { "," })?;
                    write!(f, "{item}")?;
                }
                f.write_str("}")?;
                picks.iter().try_for_each(|pick| write!(f, "{pick}"))
            }
            Self::Constant(value) => write!(f, "{value}"),
            Self::Sum(terms) => write_sum(terms, f),
            Self::Times(left, right) => {
                left.write_inside(f)?;
                f.write_str("*")?;
                // Products are read from the left.
                match **right {
                    Self::Times(..) | Self::Divide(..) => write!(f, "({right})"),
                    Self::Dice(_)
                    | Self::Group(..)
                    | Self::Constant(_)
                    | Self::Sum(_)
                    | Self::Round(..) => right.write_inside(f),
                }
            }
            Self::Divide(inner, divisor) => {
                inner.write_inside(f)?;
                write!(f, "/{divisor}")
            }
            Self::Round(round, inner) => write!(f, "{}({inner})", function(*round)),
        }
    }
}

fn write_sum(terms: &[(bool, RollExpression)], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (index, (minus, term)) in terms.iter().enumerate() {
        match term {
            RollExpression::Constant(value) if *value < 0 => {}
            _ if *minus => f.write_str("-")?,
            _ if index > 0 => f.write_str("+")?,
            _ => {}
        }
        match term {
            RollExpression::Constant(value) => write!(f, "{value}")?,
            term => term.write_inside(f)?,
        }
    }
    Ok(())
}

impl RollExpression {
    /// Writes what stands next to an operator.
    fn write_inside(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sum(_) => write!(f, "({self})"),
            Self::Constant(value) if *value < 0 => write!(f, "({value})"),
            Self::Dice(_)
            | Self::Group(..)
            | Self::Constant(_)
            | Self::Times(..)
            | Self::Divide(..)
            | Self::Round(..) => write!(f, "{self}"),
        }
    }
}

/// Says why a text is no formula, or one that cannot be rolled; characters count from 1.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(crate) enum NotationError {
    /// Longer than [`TEXT_MAX`].
    #[error("the formula is longer than {TEXT_MAX} characters")]
    TooLong,
    /// Too many parentheses in each other.
    #[error("the formula is nested too deeply at character {at}")]
    TooDeep {
        /// Where.
        at: usize,
    },
    /// More dice than one roll may have.
    #[error(
        "the formula has more than {DICE_MAX} dice at character {at}, counting those that rerolls \
         and explosions bring on average"
    )]
    TooManyDice {
        /// Where.
        at: usize,
    },
    /// Dice that hardly ever come to rest.
    #[error("more than nine of ten faces are thrown again at character {at}")]
    Endless {
        /// Where.
        at: usize,
    },
    /// A result that may be out of bounds.
    #[error("the result could become too large at character {at}")]
    TooLarge {
        /// Where.
        at: usize,
    },
    /// Something else was wanted here.
    #[error("expected {wanted} at character {at}")]
    Expected {
        /// What was wanted.
        wanted: &'static str,
        /// Where.
        at: usize,
    },
    /// A number out of bounds.
    #[error("the number at character {at} must be between {from} and {to}")]
    Number {
        /// Where.
        at: usize,
        /// The smallest.
        from: i64,
        /// The largest.
        to: i64,
    },
}
