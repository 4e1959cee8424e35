//! What the files of a folder take for granted: their time zones and their languages.

use jiff::tz::TimeZone;

use crate::incident::file::document::Document;
use crate::incident::folder::translations::Languages;
use crate::model::incident::Incident;

/// What the settings say of all files.
#[derive(Debug)]
pub(super) struct FileConventions {
    /// Where dates without a zone are.
    pub(super) zone: TimeZone,
    /// Where days without a time begin.
    pub(super) days: TimeZone,
    /// The languages of the site.
    pub(super) languages: Languages,
}

impl FileConventions {
    /// A document whose dates are in the zones of the folder.
    pub(super) fn placed(&self, document: Document) -> Document {
        document.in_zone(&self.zone).with_days_in(&self.days)
    }

    /// A document as it is read here, and what it means.
    pub(super) fn read(&self, document: Document, name: &str) -> (Incident, Document) {
        let document = self.placed(document);
        (self.meaning(&document, name), document)
    }

    /// What a document means; the language in a file's name is not in its address.
    pub(super) fn meaning(&self, document: &Document, name: &str) -> Incident {
        let plain = self.languages.place(name).0;
        let named = document.incident(name);
        if plain == name {
            return named;
        }
        Incident {
            id: document.incident(&plain).id,
            ..named
        }
    }
}
