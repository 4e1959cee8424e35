//! Why something is announced.

use serde::{Deserialize, Serialize};

use crate::notify::message::stage::Stage;

/// Why something is announced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Occasion {
    /// The incident is new.
    Opened,
    /// It is graver than was announced.
    Worse,
    /// It was announced to be over and is not, or no longer.
    Recurred,
    /// There are new words about it.
    Update,
    /// It is still open.
    Reminder,
    /// It is over.
    Resolved,
    /// It is over, and its beginning could not be delivered: one message for both.
    Missed,
    /// It never was, or its page is gone.
    Withdrawn,
    /// Work is planned.
    Announced,
    /// Planned work begins soon.
    Upcoming,
    /// Planned work was moved before it began.
    Rescheduled,
    /// Planned work has begun.
    Begun,
    /// Planned work takes longer.
    Extended,
    /// Planned work is done.
    Completed,
    /// Planned work was called off.
    Cancelled,
    /// A message that is there is brought up to date.
    Edited,
}

impl Occasion {
    /// Every occasion.
    pub(crate) const ALL: [Self; 16] = [
        Self::Opened,
        Self::Worse,
        Self::Recurred,
        Self::Update,
        Self::Reminder,
        Self::Resolved,
        Self::Missed,
        Self::Withdrawn,
        Self::Announced,
        Self::Upcoming,
        Self::Rescheduled,
        Self::Begun,
        Self::Extended,
        Self::Completed,
        Self::Cancelled,
        Self::Edited,
    ];

    /// The word used in logs, in the database and for templates.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Worse => "worse",
            Self::Recurred => "recurred",
            Self::Update => "update",
            Self::Reminder => "reminder",
            Self::Resolved => "resolved",
            Self::Missed => "missed",
            Self::Withdrawn => "withdrawn",
            Self::Announced => "announced",
            Self::Upcoming => "upcoming",
            Self::Rescheduled => "rescheduled",
            Self::Begun => "begun",
            Self::Extended => "extended",
            Self::Completed => "completed",
            Self::Cancelled => "cancelled",
            Self::Edited => "edited",
        }
    }

    /// Why somebody who knows nothing would be told of a topic that has come so far.
    pub(crate) fn of(stage: Stage, withdrawn: bool) -> Self {
        match stage {
            Stage::Open | Stage::Over if withdrawn => Self::Withdrawn,
            Stage::Open => Self::Opened,
            Stage::Over => Self::Resolved,
            Stage::Scheduled | Stage::Begun if withdrawn => Self::Cancelled,
            Stage::Scheduled => Self::Announced,
            Stage::Begun => Self::Begun,
            Stage::Completed => Self::Completed,
            Stage::Cancelled => Self::Cancelled,
        }
    }

    /// Reads a word of the database.
    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_occasion_has_a_word_of_its_own() {
        for occasion in Occasion::ALL {
            assert_eq!(Occasion::from_word(occasion.word()), Some(occasion));
        }
        assert_eq!(Occasion::from_word("gone"), None);
    }
}
