//! What was seen from outside a moment ago: by probes of ours, and by visitors.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;

use crate::model::component::ComponentId;

/// A probe that found all as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassedProbe {
    /// The components that its target is a part of.
    pub components: Vec<ComponentId>,
    /// When it asked.
    pub at: Timestamp,
    /// How long it took.
    pub took: Duration,
}

/// What is known at first hand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Firsthand {
    /// The newest attempt of each probe that names its components, if it passed.
    pub passed: Vec<PassedProbe>,
    /// How many visitors reported each component in the last minutes; an empty id is
    /// for those who did not know.
    pub reports: BTreeMap<ComponentId, u32>,
}

/// For how long a report of a visitor counts.
pub const REPORTS_COUNT_FOR: Duration = Duration::from_mins(10);
