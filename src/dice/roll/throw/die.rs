//! A die: its name on the wire, its faces, and what a face is worth.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use rand::Rng;

/// The most sides a die may have.
pub(crate) const SIDES_MAX: u16 = 1000;
/// The largest constant, positive or negative.
pub(crate) const CONSTANT_MAX: i64 = 1_000_000;

/// One die, or a constant that lies among the dice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Die {
    /// `d6`: faces 1 to the number of sides.
    Sided(u16),
    /// `d10x`: the tens of a percentile pair.
    Tens,
    /// `df`: minus, blank or plus.
    Fate,
    /// `mod`: always the same value.
    Constant(i64),
}

/// Says why a text names no die.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("unknown die type")]
pub(crate) struct UnknownDie;

impl Die {
    /// Lists the faces.
    pub(crate) fn faces(self) -> RangeInclusive<i64> {
        match self {
            Self::Sided(sides) => 1..=i64::from(sides.max(1)),
            Self::Tens => 1..=10,
            Self::Fate => -1..=1,
            Self::Constant(value) => value..=value,
        }
    }

    /// Throws the die; every face comes as often as the others (feature `unbiased` of `rand`).
    pub(crate) fn throw(self, rng: &mut impl Rng) -> i64 {
        match self {
            Self::Constant(value) => value,
            Self::Sided(_) | Self::Tens | Self::Fate => rng.random_range(self.faces()),
        }
    }

    /// Tells whether the die has such a face.
    pub(crate) fn has(self, value: i64) -> bool {
        self.faces().contains(&value)
    }

    /// Tells what a face adds to the total; ten on the tens die adds nothing.
    pub(crate) fn worth(self, value: i64) -> i64 {
        match self {
            Self::Tens => value.rem_euclid(10) * 10,
            Self::Sided(_) | Self::Fate | Self::Constant(_) => value,
        }
    }

    /// Writes a face as people read it on the die.
    pub(crate) fn shown(self, value: i64) -> String {
        match self {
            Self::Fate if value == 1 => "+".to_owned(),
            Self::Fate if value == -1 => "-".to_owned(),
            Self::Sided(_) | Self::Tens | Self::Fate | Self::Constant(_) => {
                self.worth(value).to_string()
            }
        }
    }

    /// Tells whether this is a constant, which is never kept or dropped.
    pub(crate) fn is_constant(self) -> bool {
        matches!(self, Self::Constant(_))
    }
}

impl fmt::Display for Die {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sided(sides) => write!(f, "d{sides}"),
            Self::Tens => f.write_str("d10x"),
            Self::Fate => f.write_str("df"),
            Self::Constant(_) => f.write_str("mod"),
        }
    }
}

impl FromStr for Die {
    type Err = UnknownDie;

    /// Reads a type name; `mod` is read as the constant 0, its value stands elsewhere.
    fn from_str(text: &str) -> Result<Self, UnknownDie> {
        match text {
            "d10x" => Ok(Self::Tens),
            "df" | "dF" => Ok(Self::Fate),
            "mod" => Ok(Self::Constant(0)),
            _ => text
                .strip_prefix('d')
                .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
                .and_then(|digits| digits.parse().ok())
                .filter(|sides| (2..=SIDES_MAX).contains(sides))
                .map(Self::Sided)
                .ok_or(UnknownDie),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_die_reads_back_as_it_is_written() {
        for die in [Die::Sided(4), Die::Sided(20), Die::Tens, Die::Fate] {
            assert_eq!(die.to_string().parse(), Ok(die));
        }
    }

    #[test]
    fn names_of_no_die_are_refused() {
        for text in ["", "d", "d0", "d1", "d1001", "d+6", "6", "d99999999", "D6"] {
            assert_eq!(text.parse::<Die>(), Err(UnknownDie), "{text}");
        }
    }

    #[test]
    fn the_tens_die_shows_zero_for_ten() {
        assert_eq!(Die::Tens.shown(10), "0");
        assert_eq!(Die::Tens.shown(3), "30");
    }
}
