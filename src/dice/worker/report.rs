//! What a child tells the main process, one JSON line each.

use serde::{Deserialize, Serialize};

use crate::dice::queue::name::QueueName;

/// One line on the pipe; it does not go through Redis, which may be what is broken.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct ChildReport {
    /// The child's resident memory.
    pub(crate) resident_bytes: u64,
    /// What happened.
    #[serde(flatten)]
    pub(crate) news: ChildNews,
}

/// What happened in a child.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "report", rename_all = "snake_case")]
pub(crate) enum ChildNews {
    /// The child lives.
    Alive,
    /// A job was answered.
    Completed {
        /// Its queue.
        queue: QueueName,
        /// From taking the job to storing the answer.
        seconds: f64,
    },
    /// A job was given up.
    Failed {
        /// From taking the job to giving it up.
        seconds: f64,
    },
    /// A job is done again later.
    Retried,
    /// The child ends after its number of jobs or its time.
    Recycled,
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_reads_back_as_it_is_written() {
        let report = ChildReport {
            resident_bytes: 5,
            news: ChildNews::Completed {
                queue: QueueName::Assets,
                seconds: 0.25,
            },
        };
        assert_eq!(ChildReport::read(report.to_line().trim()), Some(report));
        assert_eq!(ChildReport::read("hello"), None);
    }
}
