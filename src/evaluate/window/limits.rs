//! How much a window may hold, and which limit was reached.

use std::fmt;
use std::time::Duration;

/// How much a window may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WindowLimits {
    /// Samples older than this are dropped.
    pub age: Duration,
    /// Series beyond this number are refused.
    pub series: usize,
    /// Samples of one series; beyond it the oldest go first.
    pub samples: usize,
    /// Samples of all series; beyond it a series gives its oldest for a new
    /// one, and new series are refused.
    pub total: usize,
}

/// A limit that kept samples out of the window, or drove them out early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Limit {
    /// The number of series.
    Series(usize),
    /// The number of samples of all series.
    Total(usize),
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Series(most) => write!(f, "{most} series"),
            Self::Total(most) => write!(f, "{most} samples of all series together"),
        }
    }
}
