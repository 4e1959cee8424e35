//! What is known of one file.

use std::sync::Arc;

use crate::files::FileMark;
use crate::incident::file::document::Document;
use crate::incident::file::slip::slip;
use crate::incident::folder::pages::finding;
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

impl KnownFile {
    /// A file as it reads now, if it can be believed, or as it read before.
    pub(super) fn new(
        mark: FileMark,
        read: Result<(Incident, Document), Box<Finding>>,
        before: Option<Arc<Incident>>,
    ) -> Self {
        let read = read.and_then(|(meaning, document)| {
            let open = before.as_deref();
            match open.and_then(|open| slip(open, &meaning, &document)) {
                Some(error) => Err(Box::new(finding(&meaning.name, error))),
                None => Ok(meaning),
            }
        });
        let (incident, fault) = match read {
            Ok(meaning) => (Some(Arc::new(meaning)), None),
            Err(fault) => (before, Some(*fault)),
        };
        Self {
            mark,
            fault,
            incident,
        }
    }
}
