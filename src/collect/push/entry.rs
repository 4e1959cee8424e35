//! What one who is pushed to needs to open its door.

use std::path::Path;

use jiff::Timestamp;
use tokio::sync::watch;

use crate::collect::failure::cause::Failure;
use crate::model::request::samples::report_count::ReportCounts;
use crate::store;
use crate::store::file::Store;

/// Pushes that may wait for their collector; more are asked to come again.
pub(crate) const WAITING: usize = 64;

/// Where things are kept, and where the time comes from (law 8).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tools<'a> {
    /// The folder of the database.
    pub(crate) state: &'a Path,
    /// Tells the moment.
    pub(crate) clock: fn() -> Timestamp,
    /// Reports of users, which the page counts.
    pub(crate) tally: &'a watch::Receiver<ReportCounts>,
}

impl Tools<'_> {
    /// Opens the database.
    pub(crate) fn store(&self) -> Result<Store, Failure> {
        store::open(self.state).map_err(|error| Failure::Answer(error.to_string()))
    }
}

/// What happens without one.
pub(crate) fn closed() -> Failure {
    Failure::Answer("its door is not open: nothing can be pushed".to_owned())
}
