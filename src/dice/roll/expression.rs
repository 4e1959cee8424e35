//! A formula as a value, written back in one manner.

use std::fmt;

use crate::dice::roll::die::Die;
use crate::dice::roll::equation::function;
use crate::dice::roll::operator::{Pick, Rounding};
use crate::dice::roll::roller::DICE_MAX;

/// The longest text that is read, in bytes.
pub(crate) const TEXT_MAX: usize = 256;

/// A formula as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RollExpression {
    /// `4d6dl1`.
    Dice {
        /// How many.
        count: usize,
        /// Which.
        die: Die,
        /// Keep (true) or drop (false), and what.
        pick: Option<(bool, Pick)>,
    },
    /// `5`.
    Constant(i64),
    /// Terms; the flag is true for those that are subtracted.
    Sum(Vec<(bool, RollExpression)>),
    /// `(…)*2`.
    Times(Box<RollExpression>, i64),
    /// `floor(…/2)`.
    Divide(Box<RollExpression>, i64, Rounding),
}

impl fmt::Display for RollExpression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dice { count, die, pick } => {
                write!(f, "{count}{die}")?;
                match pick {
                    Some((keep, pick)) => write!(f, "{}{pick}", if *keep { "k" } else { "d" }),
                    None => Ok(()),
                }
            }
            Self::Constant(value) => write!(f, "{value}"),
            Self::Sum(terms) => {
                for (index, (minus, term)) in terms.iter().enumerate() {
                    let sign = match (minus, index) {
                        (true, _) => "-",
                        (false, 0) => "",
                        (false, _) => "+",
                    };
                    f.write_str(sign)?;
                    term.write_inside(f)?;
                }
                Ok(())
            }
            Self::Times(inner, factor) => {
                inner.write_inside(f)?;
                write!(f, "*{factor}")
            }
            Self::Divide(inner, divisor, round) => {
                write!(f, "{}(", function(*round))?;
                inner.write_inside(f)?;
                write!(f, "/{divisor})")
            }
        }
    }
}

impl RollExpression {
    fn write_inside(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sum(_) => write!(f, "({self})"),
            Self::Dice { .. } | Self::Constant(_) | Self::Times(..) | Self::Divide(..) => {
                write!(f, "{self}")
            }
        }
    }
}

/// Says why a text is no formula, or one that cannot be rolled.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(crate) enum NotationError {
    /// Longer than [`TEXT_MAX`].
    #[error("formula is longer than {TEXT_MAX} characters")]
    TooLong,
    /// Too many parentheses in each other.
    #[error("formula is nested too deeply")]
    TooDeep,
    /// More dice than one roll may have.
    #[error("formula has more than {DICE_MAX} dice")]
    TooManyDice,
    /// Something else was wanted here.
    #[error("expected {wanted} at character {at}")]
    Expected {
        /// What was wanted.
        wanted: &'static str,
        /// Counted from 1, blanks left out.
        at: usize,
    },
    /// A number out of bounds.
    #[error("number out of bounds at character {at}")]
    Number {
        /// Counted from 1, blanks left out.
        at: usize,
    },
    /// A formula that the operators of a roll cannot express.
    #[error("formula cannot be rolled: {0}")]
    Unsupported(&'static str),
}
