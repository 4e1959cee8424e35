//! What is known of one file.

use std::sync::Arc;

use crate::files::FileMark;
use crate::model::finding::Finding;
use crate::model::incident::Incident;

/// One file as it was read last.
#[derive(Debug)]
pub struct KnownFile {
    /// What tells whether it changed.
    pub mark: FileMark,
    /// Why it cannot be read now.
    pub fault: Option<Finding>,
    /// What it says, or said before it became unreadable: a slip of the pen in
    /// an open incident must neither hide it nor open it a second time.
    pub incident: Option<Arc<Incident>>,
}
