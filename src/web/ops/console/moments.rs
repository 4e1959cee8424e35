//! Moments as operators read them: the clock, and how long ago.

use jiff::Timestamp;

use crate::language::speech::Speech;
use crate::model::text::language::Language;
use crate::model::time::duration::{elapsed, short};
use crate::web::parts::times::{self, When};
use crate::web::site::View;

/// A moment with its distance from now, which the script keeps true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OperatorTime {
    /// The moment.
    pub(crate) when: When,
    /// How long ago it was, or how long until it comes: `4 min`.
    pub(crate) span: String,
    /// Whether it is still to come.
    pub(crate) ahead: bool,
}

impl OperatorTime {
    /// A moment as seen from a view.
    pub(crate) fn new(at: Timestamp, view: &View<'_>) -> Self {
        let ahead = at > view.now;
        let (from, to) = if ahead {
            (view.now, at)
        } else {
            (at, view.now)
        };
        let speech = Speech::of(Language::En);
        Self {
            when: times::when(&speech, at, view.now, &view.names.zone),
            span: short(elapsed(from, to)),
            ahead,
        }
    }
}
