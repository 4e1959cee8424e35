//! What pages of one export share, computed once instead of once per page.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock, PoisonError};

use jiff::Zoned;
use serde_json::value::RawValue;

use crate::web::parts::incident::incident_days::IncidentDays;

/// How many bytes of texts are cached in their forms; the others are rendered again.
const MAX_BYTES: usize = 16 * 1024 * 1024;

/// What pages of one view share while all of them are rendered.
///
/// A page that is rendered alone has no memo.
#[derive(Debug, Default)]
#[expect(
    clippy::disallowed_types,
    reason = "the threads of one export fill it, and none waits for another"
)]
pub struct ExportMemo {
    days: OnceLock<Arc<IncidentDays>>,
    forms: std::sync::Mutex<CachedForms>,
    /// The memos of the other languages of the site, by code.
    languages: BTreeMap<Box<str>, Self>,
}

/// An incident as machines receive it: each form is made once a page has asked for it.
#[derive(Debug, Default)]
pub(crate) struct IncidentForms {
    /// The whole text as HTML.
    pub(crate) html: OnceLock<String>,
    /// The same within a feed.
    pub(crate) escaped: OnceLock<String>,
    /// A summary as HTML.
    pub(crate) summary: OnceLock<String>,
    /// What a feed says before the text.
    pub(crate) head: OnceLock<RssHead>,
    /// What lists in JSON say.
    pub(crate) json: OnceLock<Box<RawValue>>,
}

/// What a feed says of an incident before its text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RssHead {
    /// Its elements.
    pub(crate) xml: String,
    /// When the incident began.
    pub(crate) began: Option<Zoned>,
}

/// Forms of incidents by the names of their incident files.
#[derive(Debug, Default)]
struct CachedForms {
    by_file: HashMap<Box<str>, Arc<IncidentForms>>,
    bytes: usize,
}

impl ExportMemo {
    /// A memo for a site that has these other languages.
    pub(crate) fn new<'a>(languages: impl Iterator<Item = &'a str>) -> Self {
        Self {
            languages: languages
                .map(|code| (code.into(), Self::default()))
                .collect(),
            ..Self::default()
        }
    }

    /// The memo of another language.
    pub(crate) fn in_language(&self, code: &str) -> Option<&Self> {
        self.languages.get(code)
    }

    /// The days of all incidents, computed once.
    pub(crate) fn days(&self, compute: impl FnOnce() -> Arc<IncidentDays>) -> Arc<IncidentDays> {
        Arc::clone(self.days.get_or_init(compute))
    }

    /// The forms of a file whose text is that long, cached as long as there is room.
    pub(crate) fn forms(&self, file: &str, bytes: usize) -> Arc<IncidentForms> {
        let mut cached = self.forms.lock().unwrap_or_else(PoisonError::into_inner);
        cached.of(file, bytes)
    }
}

impl CachedForms {
    fn of(&mut self, file: &str, bytes: usize) -> Arc<IncidentForms> {
        if let Some(forms) = self.by_file.get(file) {
            return Arc::clone(forms);
        }
        let forms = Arc::default();
        if self.bytes + bytes <= MAX_BYTES {
            self.bytes += bytes;
            self.by_file.insert(file.into(), Arc::clone(&forms));
        }
        forms
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_texts_are_cached_than_there_is_room_for() {
        let mut cached = CachedForms::default();
        for (file, bytes) in [("a", MAX_BYTES - 1), ("b", 2), ("c", 1), ("d", 1), ("a", 9)] {
            cached.of(file, bytes);
        }
        let mut files: Vec<_> = cached.by_file.keys().map(|file| &**file).collect();
        files.sort_unstable();
        assert_eq!((files, cached.bytes), (vec!["a", "c"], MAX_BYTES));
    }
}
