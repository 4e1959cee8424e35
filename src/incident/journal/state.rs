//! The incidents as the journal has written them.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::board::Outlook;
use crate::model::finding::Finding;
use crate::model::incident::IncidentId;
use crate::model::incidents::list::Incidents;
use crate::model::incidents::readable::ReadableTexts;

/// The incidents as written, for the board.
#[derive(Clone, Debug, Default)]
pub struct JournalState {
    /// Every incident that could be read, in the order of cState's lists.
    pub incidents: Arc<Incidents>,
    /// Those whose files have just gone and may come back.
    pub away: Vec<IncidentId>,
    /// What open incidents said when they could be read last.
    pub readable: Arc<ReadableTexts>,
    /// Files that could not be read.
    pub faults: Arc<Vec<Finding>>,
    /// Current progress of each open incident that we manage.
    pub outlooks: BTreeMap<IncidentId, Outlook>,
    /// Whether another monitor writes the folder, and this one only reads it.
    pub reader: bool,
    /// The files of incidents that were opened at this very step.
    pub opened: Vec<String>,
    /// Files that cannot be written at present.
    pub unwritten: Vec<String>,
    /// Writes that have failed since the last step.
    pub failed: u64,
}
