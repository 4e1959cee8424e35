//! How fractions become whole numbers.

use std::fmt;
use std::str::FromStr;

/// The way a quotient becomes a whole number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Rounding {
    /// Towards minus infinity.
    #[default]
    Down,
    /// Towards plus infinity.
    Up,
    /// To the nearest; a half goes up.
    Nearest,
}

/// Says that a text names no way of rounding.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("expected down, up or nearest")]
pub(crate) struct UnknownRounding;

impl Rounding {
    /// Tells whether a rest of a division is rounded up.
    pub(crate) fn is_up(self, rest: i128, divisor: i128) -> bool {
        match self {
            Self::Down => false,
            Self::Up => rest > 0,
            Self::Nearest => rest.saturating_mul(2) >= divisor,
        }
    }
}

impl fmt::Display for Rounding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Down => "down",
            Self::Up => "up",
            Self::Nearest => "nearest",
        })
    }
}

impl FromStr for Rounding {
    type Err = UnknownRounding;

    fn from_str(text: &str) -> Result<Self, UnknownRounding> {
        match text {
            "down" => Ok(Self::Down),
            "up" => Ok(Self::Up),
            "nearest" => Ok(Self::Nearest),
            _ => Err(UnknownRounding),
        }
    }
}
