//! What a child tells the main process, one JSON line each.

use serde::{Deserialize, Serialize};

/// One line on the pipe; it does not go through Redis, which may be what is broken.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "report", rename_all = "snake_case")]
pub(crate) enum ChildReport {
    /// The child lives.
    Alive {
        /// Its resident memory.
        resident_bytes: u64,
    },
    /// A job was answered.
    Completed {
        /// From taking the job to storing the answer.
        seconds: f64,
        /// The child's resident memory.
        resident_bytes: u64,
    },
    /// A job was given up.
    Failed {
        /// From taking the job to giving it up.
        seconds: f64,
        /// The child's resident memory.
        resident_bytes: u64,
    },
}

impl ChildReport {
    /// Writes the report as a line.
    pub(crate) fn to_line(self) -> String {
        // A report always has a JSON form; an empty line would be ignored by the reader.
        serde_json::to_string(&self).unwrap_or_default() + "\n"
    }

    /// Reads a line; what is no report is none.
    pub(crate) fn read(line: &str) -> Option<Self> {
        serde_json::from_str(line).ok()
    }

    /// Tells the child's resident memory.
    pub(crate) fn resident_bytes(self) -> u64 {
        match self {
            Self::Alive { resident_bytes }
            | Self::Completed { resident_bytes, .. }
            | Self::Failed { resident_bytes, .. } => resident_bytes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_reads_back_as_it_is_written() {
        let report = ChildReport::Completed {
            seconds: 0.25,
            resident_bytes: 5,
        };
        assert_eq!(ChildReport::read(report.to_line().trim()), Some(report));
        assert_eq!(ChildReport::read("hello"), None);
    }
}
