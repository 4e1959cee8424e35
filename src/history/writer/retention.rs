//! What is kept on disk, and for how long.

use std::time::Duration;

use crate::history::minutes::rollup::Chosen;

/// What is kept, and for how long.
#[derive(Clone, Debug, PartialEq)]
pub struct Retention {
    /// How far rules look back; the next start needs no older scrapes.
    pub age: Duration,
    /// How long minute samples are kept.
    pub minutes: Duration,
    /// The series that are summed up to minutes.
    pub chosen: Chosen,
}
