//! Maintenance as every reader of the board sees it.

use jiff::Timestamp;

use crate::model::incident::IncidentId;
use crate::model::incident::WholeDays;

/// How far planned work has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WorkStage {
    /// It is still to come.
    Scheduled,
    /// It has begun.
    InProgress,
    /// Its end has passed and nobody said that it is done.
    Overdue,
    /// It is done.
    Completed,
    /// It was called off.
    Cancelled,
}

impl WorkStage {
    /// Its word in lists.
    pub fn word(self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::InProgress => "in progress",
            Self::Overdue => "overdue",
            Self::Completed => "completed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether there is something left to do.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Scheduled | Self::InProgress | Self::Overdue)
    }

    /// Whether it goes on at present.
    pub fn is_going_on(self) -> bool {
        matches!(self, Self::InProgress | Self::Overdue)
    }
}

/// Public maintenance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// The last part of its page's address.
    pub id: IncidentId,
    /// Heading.
    pub title: String,
    /// When it begins.
    pub from: Timestamp,
    /// When it is to end, or ended; `None` if nobody said.
    pub until: Option<Timestamp>,
    /// The days alone, where no times are written.
    pub days: WholeDays,
    /// How far it has come.
    pub stage: WorkStage,
    /// Names of the components concerned.
    pub components: Vec<String>,
}
