//! How rolls are made: by the worker, by the API at once, or by whichever can.

use std::fmt;
use std::str::FromStr;

/// How rolls are made; it can be changed while the service runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RollMode {
    /// Through the queue, by the worker.
    #[default]
    Queued,
    /// By the API, at once and without Redis.
    Immediate,
    /// Through the queue; by the API where the queue refuses, is late or cannot be reached.
    Auto,
}

/// Says that a text names no mode.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("no such mode: expected queued, immediate or auto")]
pub struct UnknownRollMode;

impl RollMode {
    /// All modes.
    pub(crate) const ALL: [Self; 3] = [Self::Queued, Self::Immediate, Self::Auto];

    /// Names the mode as settings do.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Immediate => "immediate",
            Self::Auto => "auto",
        }
    }
}

impl fmt::Display for RollMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for RollMode {
    type Err = UnknownRollMode;

    fn from_str(text: &str) -> Result<Self, UnknownRollMode> {
        let found = Self::ALL.into_iter().find(|mode| mode.name() == text);
        found.ok_or(UnknownRollMode)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mode_reads_back_as_it_is_written() {
        for mode in RollMode::ALL {
            assert_eq!(mode.to_string().parse(), Ok(mode));
        }
        assert_eq!("fast".parse::<RollMode>(), Err(UnknownRollMode));
    }
}
