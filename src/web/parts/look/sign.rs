//! The signs of states: a shape, a word and a colour for each.

use std::fmt;

use crate::language::speech::Speech;
use crate::model::board::Board;
use crate::model::component::{Health, Severity};
use crate::model::facts::weight::ComponentState;

/// The sign beside a component, an incident or a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Sign {
    /// Works.
    Ok,
    /// Planned work is in progress.
    Maintenance,
    /// Cannot be seen.
    Unknown,
    /// Something to know.
    Notice,
    /// Slow or partly failing.
    Disrupted,
    /// Not working.
    Down,
}

impl From<Health> for Sign {
    fn from(health: Health) -> Self {
        match health {
            Health::Ok => Self::Ok,
            Health::Unknown => Self::Unknown,
            Health::Notice => Self::Notice,
            Health::Disrupted => Self::Disrupted,
            Health::Down => Self::Down,
        }
    }
}

impl From<&ComponentState> for Sign {
    /// How a component is shown, wherever it is: page, badges, metrics, documents.
    fn from(state: &ComponentState) -> Self {
        if state.in_maintenance {
            Self::Maintenance
        } else {
            state.health.into()
        }
    }
}

impl From<&Board> for Sign {
    /// How the whole is shown, wherever it is.
    fn from(board: &Board) -> Self {
        let running = board.running().next().map(|_| Self::Maintenance);
        Self::from(board.health).max(running.unwrap_or(Self::Ok))
    }
}

impl fmt::Display for Sign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Sign {
    /// Every sign, best first.
    pub(crate) const ALL: [Self; 6] = [
        Self::Ok,
        Self::Maintenance,
        Self::Unknown,
        Self::Notice,
        Self::Disrupted,
        Self::Down,
    ];

    /// Its name in the style sheet and in the names of messages.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Maintenance => "maintenance",
            Self::Unknown => "unknown",
            Self::Notice => "notice",
            Self::Disrupted => "disrupted",
            Self::Down => "down",
        }
    }

    /// The character that a title carries.
    pub(crate) fn glyph(self) -> &'static str {
        match self {
            Self::Ok => "●",
            Self::Maintenance => "▭",
            Self::Unknown => "◌",
            Self::Notice => "◆",
            Self::Disrupted => "▲",
            Self::Down => "■",
        }
    }

    /// The state in one or two words.
    pub(crate) fn word(self, speech: &Speech) -> String {
        speech.say(&format!("state-{}", self.name()))
    }

    /// The same of what rules may not measure: nobody saw it work then.
    pub(crate) fn word_if(self, is_measured: bool, speech: &Speech) -> String {
        if self == Self::Ok && !is_measured {
            speech.say("state-unmeasured")
        } else {
            self.word(speech)
        }
    }

    /// Its shape as SVG, in a square of 16.
    pub(crate) fn shape(self) -> &'static str {
        match self {
            Self::Ok => r#"<circle cx="8" cy="8" r="6.5"/>"#,
            Self::Maintenance => {
                r#"<path d="M2.25 4.25h11.5v7.5H2.25z" fill="none" stroke="currentColor" stroke-width="2.5"/>"#
            }
            Self::Unknown => {
                r#"<circle cx="8" cy="8" r="5.75" fill="none" stroke="currentColor" stroke-width="2.5" stroke-dasharray="3.4 2.62"/>"#
            }
            Self::Notice => r#"<path d="M8 .5 15.5 8 8 15.5.5 8z"/>"#,
            Self::Disrupted => r#"<path d="M8 1.2 15.6 14.6H.4z"/>"#,
            Self::Down => r#"<path d="M1.75 1.75h12.5v12.5H1.75z"/>"#,
        }
    }
}

/// The sign of an ongoing incident; a post without severity is a notice.
pub(crate) fn severity(severity: Option<Severity>) -> Sign {
    severity.map_or(Sign::Notice, |severity| Health::from(severity).into())
}
