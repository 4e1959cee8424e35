//! When what is shown of a thing changed last.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::model::component::ComponentId;
use crate::model::incident::IncidentId;

/// The last changes that were noticed; what nobody watched is not in here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Revised {
    /// Of the state of components.
    pub components: BTreeMap<ComponentId, Timestamp>,
    /// Of planned work: its times, its words, whom it concerns.
    pub works: BTreeMap<IncidentId, Timestamp>,
}
