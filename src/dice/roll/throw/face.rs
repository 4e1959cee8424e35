//! A die as it lies there.

use crate::dice::roll::throw::die::Die;

/// One die after the throw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Face {
    /// Which die.
    pub(crate) die: Die,
    /// The face it shows.
    pub(crate) value: i64,
    /// Whether it does not count.
    pub(crate) is_dropped: bool,
}
