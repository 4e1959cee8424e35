//! How far a topic has come.

use serde::{Deserialize, Serialize};

/// How far a topic has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Stage {
    /// An incident that is open, or something that waits for operators.
    Open,
    /// It is over.
    Over,
    /// Planned work is still to come.
    Scheduled,
    /// Planned work has begun.
    Begun,
    /// Planned work is done.
    Completed,
    /// Planned work was called off.
    Cancelled,
}

impl Stage {
    /// Whether more is to come.
    pub(crate) fn is_open(self) -> bool {
        matches!(self, Self::Open | Self::Scheduled | Self::Begun)
    }
}
