//! What the database must get to know, in the order in which it happened.

use jiff::Timestamp;

use crate::history::detection::table::Noticed;
use crate::history::revisions::table::LastShown;
use crate::model::component::{ComponentId, Health};
use crate::model::incident::IncidentId;

/// A component's health from a moment on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HealthChange {
    /// Whose.
    pub component: ComponentId,
    /// From when it holds.
    pub at: Timestamp,
    /// What it is.
    pub health: Health,
}

/// Something that the database must get to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Owed {
    /// A change.
    Change(HealthChange),
    /// The last moment at which the monitor was alive.
    Seen(Timestamp),
    /// What became of an incident that rules opened.
    Noticed(Box<Noticed>),
    /// An incident that is known under another name now.
    Renamed(IncidentId),
    /// A thing that is shown otherwise than before.
    Revised(Box<LastShown>),
}
