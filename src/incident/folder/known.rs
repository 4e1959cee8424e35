//! What is known of one file.

use std::sync::Arc;
use std::time::SystemTime;

use crate::files::FileMark;
use crate::incident::file::document::Document;
use crate::incident::file::mended::mend;
use crate::incident::file::slip::slip;
use crate::incident::folder::conventions::FileConventions;
use crate::incident::folder::pages::{finding, kept};
use crate::model::finding::Finding;
use crate::model::incident::Incident;

/// One file as it was read last.
#[derive(Debug)]
pub struct KnownFile {
    /// What tells whether it changed.
    pub mark: FileMark,
    /// Why it cannot be read now.
    pub fault: Option<Finding>,
    /// What it has lost, and keeps all the same.
    pub lost: Vec<Finding>,
    /// What it says, or said before it became unreadable: a slip of the pen in
    /// an open incident must neither hide it nor open it a second time.
    pub incident: Option<Arc<Incident>>,
    /// The bytes of an open incident when nothing was wrong with them last, for those
    /// who have not read them.
    pub text: Option<Arc<[u8]>>,
}

impl KnownFile {
    /// A file as it reads now, if it can be believed, or as it read before.
    pub(super) fn new(
        mark: FileMark,
        read: Result<(Incident, Document), Box<Finding>>,
        before: Option<Self>,
    ) -> Self {
        let (before, text) = before.map_or((None, None), |known| (known.incident, known.text));
        let read = read.and_then(|(meaning, document)| {
            let (meaning, lost) = meant(before.as_deref(), meaning, &document)?;
            Ok((meaning, lost, document))
        });
        match read {
            Ok((meaning, lost, document)) => Self {
                mark,
                fault: None,
                text: if meaning.resolved != Some(false) || !meaning.is_issue {
                    None
                } else if lost.is_empty() {
                    Some(document.bytes().into())
                } else {
                    text
                },
                lost,
                incident: Some(Arc::new(meaning)),
            },
            Err(fault) => Self {
                mark,
                fault: Some(*fault),
                lost: Vec::new(),
                incident: before,
                text,
            },
        }
    }

    /// A file as somebody read it before us.
    pub(super) fn recalled(text: &[u8], name: &str, conventions: &FileConventions) -> Option<Self> {
        let read = conventions.read(Document::parse(text).ok()?, name);
        Some(Self::new((SystemTime::UNIX_EPOCH, 0), Ok(read), None))
    }

    /// Whether a file that says this says what is known of it.
    pub(super) fn says(&self, meaning: Incident, document: &Document) -> bool {
        let before = self.incident.as_deref();
        meant(before, meaning, document).is_ok_and(|(meaning, _)| before == Some(&meaning))
    }
}

/// What a file means to those who know what it said before, and what it has lost since.
fn meant(
    before: Option<&Incident>,
    mut meaning: Incident,
    document: &Document,
) -> Result<(Incident, Vec<Finding>), Box<Finding>> {
    let Some(before) = before else {
        return Ok((meaning, Vec::new()));
    };
    if let Some(error) = slip(before, &meaning, document) {
        return Err(Box::new(finding(&meaning.name, error)));
    }
    let lost = mend(before, &mut meaning, document);
    let lost = lost.into_iter().map(|error| kept(&meaning.name, error));
    let lost = lost.collect();
    Ok((meaning, lost))
}
