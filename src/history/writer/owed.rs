//! Changes that the database does not have yet, in the order in which they happened.

use std::sync::Arc;

use jiff::Timestamp;

use crate::history::detection::table::Noticed;
use crate::history::revisions::table::LastShown;
use crate::model::component::{ComponentId, Health};
use crate::model::incident::IncidentId;

/// A component's health from a moment on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HealthChange {
    /// The component.
    pub component: ComponentId,
    /// When it began.
    pub at: Timestamp,
    /// The health.
    pub health: Health,
}

/// A change that the database does not have yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Owed {
    /// A component changed its health.
    Change(HealthChange),
    /// The last moment at which the monitor was alive.
    Seen(Timestamp),
    /// How an incident that rules opened developed.
    Noticed(Box<Noticed>),
    /// An incident was renamed; this is its old id.
    Renamed(IncidentId),
    /// The page shows something differently than before.
    Revised(Box<LastShown>),
    /// The file of an open incident reads so now, or is to be forgotten.
    Readable(String, Option<Arc<[u8]>>),
}
