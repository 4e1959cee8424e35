//! A change of an incident file, whoever decides it: people, rules or a plan.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::incident::file::document::Document;
use crate::incident::file::edit::Set;
use crate::incident::file::head::DocumentError;
use crate::model::component::Severity;
use crate::model::incident::{EVENT, Phase, Update};
use crate::model::incidents::managed::Managed;

/// What happens to the end of an incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It is over, since that moment.
    Over(Timestamp),
    /// It was over, and recurs.
    Again,
    /// It is to end then, and goes on until then.
    Planned(Timestamp),
    /// It is over, and its planned end is the end that it had.
    AsPlanned,
}

/// New values of the keys that change, and updates to put in their places.
///
/// Whatever is `None` stays, byte for byte (law 6).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FileChange {
    /// Heading.
    pub title: Option<String>,
    /// When it began.
    pub date: Option<Timestamp>,
    /// How bad it is.
    pub severity: Option<Severity>,
    /// Names of the components concerned.
    pub affected: Option<Vec<String>>,
    /// Whether it is over, or no longer, or when it is to be.
    pub turn: Option<Turn>,
    /// Whether a draft becomes public.
    pub publish: bool,
    /// The managed keys.
    pub managed: Option<Managed>,
    /// Another text of the update that stands first.
    pub amended: Option<String>,
    /// New updates, oldest first.
    pub updates: Vec<Update>,
}

/// A file to be written, which is not there yet.
#[derive(Clone, Debug, PartialEq)]
pub struct NewFile {
    /// Heading, and the words of the file's name.
    pub title: String,
    /// When it began, or will begin; for rules the first bad sample.
    pub date: Timestamp,
    /// Whether people must publish it.
    pub draft: bool,
    /// What changes from an empty incident.
    pub change: FileChange,
}

impl FileChange {
    /// Changes the lines of the keys that differ and puts updates in their places;
    /// the names of what was changed.
    pub fn apply(&self, document: &mut Document) -> Result<Vec<&'static str>, DocumentError> {
        let (resolved, end) = match self.turn {
            None => (None, None),
            Some(Turn::Over(end)) => (Some(true), Some(Set::Moment(end))),
            Some(Turn::Again) => (Some(false), Some(Set::Text(""))),
            Some(Turn::Planned(end)) => (None, Some(Set::Moment(end))),
            Some(Turn::AsPlanned) => (Some(true), None),
        };
        let managed = self.managed.as_ref();
        let managed = managed.map(|managed| document.managed_map(managed));
        let severity = self.severity.map(Severity::word);
        let keys = [
            ("title", self.title.as_deref().map(Set::Text)),
            ("date", self.date.map(Set::Moment)),
            ("resolved", resolved.map(Set::Bool)),
            ("draft", self.publish.then_some(Set::Bool(false))),
            ("resolvedWhen", end),
            ("affected", self.affected.as_deref().map(Set::List)),
            ("severity", severity.map(Set::Text)),
            ("critwatch", managed.as_ref().map(Set::Map)),
        ];
        let mut changed = Vec::new();
        for (key, value) in keys {
            let Some(value) = value else { continue };
            let before = document.bytes().to_owned();
            document.set(key, &value)?;
            if document.bytes() != before {
                changed.push(key);
            }
        }
        let before = document.bytes().to_owned();
        let is_amended = self
            .amended
            .as_deref()
            .is_some_and(|text| document.amend_first(text));
        for update in &self.updates {
            // What was done has its moment; what is said is the newest word, though
            // a clock that went wrong dated an older one later.
            if update.word == EVENT {
                document.insert(update);
            } else {
                document.prepend(update);
            }
        }
        if !self.updates.is_empty() || is_amended && document.bytes() != before {
            changed.push("update");
        }
        Ok(changed)
    }
}

impl NewFile {
    /// The same with the moment at which the service noticed it.
    #[must_use]
    pub fn noted_at(mut self, now: Timestamp) -> Self {
        if let Some(managed) = &mut self.change.managed {
            managed.noted = Some(now);
        }
        self
    }

    /// The file, with every key in the order of the schema; dates without a zone
    /// are in the one given.
    pub fn document(&self, zone: &TimeZone) -> Result<Document, DocumentError> {
        // The first that is told opens the file; what is older finds its place.
        let mut rest = self.change.clone();
        let first = if rest.updates.is_empty() {
            Update::new(self.date, Phase::Investigating, "")
        } else {
            rest.updates.remove(0)
        };
        let mut document = Document::new(&self.title, self.date, self.draft, &first, zone)?;
        rest.apply(&mut document)?;
        Ok(document)
    }
}
