//! What comes of a change: the file after it, or why it was not made.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ring::digest::{SHA256, digest};

use crate::incident::file::document::Document;
use crate::incident::folder::error::FolderError;
use crate::incident::maintenance::progress;
use crate::incident::manual::decide::Objection;
use crate::incident::manual::edited::EditOutcome;
use crate::incident::manual::report;
use crate::model::incident::Incident;
use crate::model::request::incidents::incident_change::{
    ChangeRefusal, ChangedFile, FieldFault, FileVersion, IncidentEdit, PostMortem,
};
use crate::model::text::causes::with_causes;
use crate::model::text::hex::hex;

/// Why the desk does not do something, before it is put into words.
#[derive(Debug)]
pub enum DeskRefusal {
    /// What is asked is impossible or untrue.
    Objections(Vec<Objection>),
    /// The file or the disk is in the way.
    Change(ChangeRefusal),
}

impl From<ChangeRefusal> for DeskRefusal {
    fn from(refusal: ChangeRefusal) -> Self {
        Self::Change(refusal)
    }
}

impl From<Vec<Objection>> for DeskRefusal {
    fn from(objections: Vec<Objection>) -> Self {
        Self::Objections(objections)
    }
}

impl DeskRefusal {
    /// What a program is told, with moments in the zone.
    pub fn told(self, zone: &TimeZone) -> ChangeRefusal {
        let objections = match self {
            Self::Change(refusal) => return refusal,
            Self::Objections(objections) => objections,
        };
        let mut of_file = objections.iter().map(|one| &one.refusal);
        if let Some(refusal) = of_file.find(|refusal| refusal.is_of_the_file()) {
            return ChangeRefusal::Against(refusal.fault(zone));
        }
        let faults = objections.into_iter().map(|one| FieldFault {
            field: one.field,
            message: one.refusal.fault(zone),
        });
        ChangeRefusal::Faulty(faults.collect())
    }
}

/// The version of bytes.
pub fn version(bytes: &[u8]) -> FileVersion {
    let digest = digest(&SHA256, bytes);
    FileVersion(hex(&digest.as_ref()[..16]))
}

/// The document after an edit, if one is left, and what changed.
pub(super) fn applied(
    edit: &IncidentEdit,
    outcome: EditOutcome,
    before: &Document,
) -> Result<(Option<Document>, Vec<&'static str>), ChangeRefusal> {
    match outcome {
        EditOutcome::Deleted => Ok((None, vec!["deleted"])),
        EditOutcome::Replaced(document) => {
            let is_same = document.bytes() == before.bytes();
            let what = match edit {
                IncidentEdit::Report { .. } => "post-mortem",
                _ => "file",
            };
            let changed = if is_same { Vec::new() } else { vec![what] };
            Ok((Some(document), changed))
        }
        EditOutcome::Changed(change) => {
            let mut document = before.clone();
            let changed = change.apply(&mut document);
            let mut changed =
                changed.map_err(|error| ChangeRefusal::Unwritten(error.to_string()))?;
            // What people did is named, not the key that it stands in.
            if matches!(edit, IncidentEdit::Accept { .. }) {
                changed.fill("accepted");
            }
            Ok((Some(document), changed))
        }
    }
}

/// A file before and after a change.
pub(super) fn changed_file(
    incident: Arc<Incident>,
    changed: Vec<&'static str>,
    (before, after): (Option<&Document>, Option<&Document>),
    now: Timestamp,
) -> ChangedFile {
    let bytes = |document: &Document| document.bytes().to_owned();
    ChangedFile {
        planned: progress::planned(&incident, now),
        incident,
        changed,
        report: after.map(report::report).unwrap_or_default(),
        before: before.map(bytes),
        after: after.map(bytes),
        version: after.map(|document| version(document.bytes())),
    }
}

/// A file as it is.
pub(super) fn as_it_is(
    incident: Arc<Incident>,
    document: &Document,
    now: Timestamp,
) -> ChangedFile {
    let both = (Some(document), Some(document));
    changed_file(incident, Vec::new(), both, now)
}

/// What comes of a wish that holds already, where there is no file.
pub(super) fn nothing() -> ChangedFile {
    ChangedFile {
        incident: Arc::default(),
        planned: None,
        changed: Vec::new(),
        report: PostMortem::default(),
        before: None,
        after: None,
        version: None,
    }
}

pub(super) fn stale(file: &str, version: FileVersion) -> ChangeRefusal {
    ChangeRefusal::Stale {
        file: file.to_owned(),
        version,
    }
}

pub(super) fn unwritten(error: &FolderError) -> ChangeRefusal {
    ChangeRefusal::Unwritten(with_causes(error))
}
