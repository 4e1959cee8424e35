//! What pages of one export share, computed once instead of once per page.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock, PoisonError};

use crate::web::parts::incident::incident_days::IncidentDays;

/// How many bytes of rendered texts are cached; the others are rendered again.
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
    texts: std::sync::Mutex<Texts>,
    /// The memos of the other languages of the site, by code.
    languages: BTreeMap<Box<str>, Self>,
}

/// The text of an incident, as machines receive it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct IncidentText {
    /// The whole text as HTML.
    pub(crate) html: String,
    /// Its summary, once a page has asked for it.
    pub(crate) summary: OnceLock<String>,
}

/// Rendered texts by the names of their incident files.
#[derive(Debug, Default)]
struct Texts {
    by_file: HashMap<Box<str>, Arc<IncidentText>>,
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

    /// The text of a file, rendered once as long as the cache has room for it.
    pub(crate) fn text(
        &self,
        file: &str,
        render: impl FnOnce() -> Arc<IncidentText>,
    ) -> Arc<IncidentText> {
        let texts = || self.texts.lock().unwrap_or_else(PoisonError::into_inner);
        let cached = texts().by_file.get(file).cloned();
        cached.unwrap_or_else(|| {
            let text = render();
            texts().insert(file, &text);
            text
        })
    }
}

impl IncidentText {
    /// A text whose summary nobody has asked for yet.
    pub(crate) fn new(html: String) -> Self {
        Self {
            html,
            summary: OnceLock::new(),
        }
    }
}

impl Texts {
    fn insert(&mut self, file: &str, text: &Arc<IncidentText>) {
        if self.bytes + text.html.len() <= MAX_BYTES {
            self.bytes += text.html.len();
            self.by_file.insert(file.into(), Arc::clone(text));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_texts_are_cached_than_there_is_room_for() {
        let text = |bytes| Arc::new(IncidentText::new("x".repeat(bytes)));
        let mut texts = Texts::default();
        for (file, bytes) in [("a", MAX_BYTES - 1), ("b", 2), ("c", 1), ("d", 1)] {
            texts.insert(file, &text(bytes));
        }
        let mut files: Vec<_> = texts.by_file.keys().map(|file| &**file).collect();
        files.sort_unstable();
        assert_eq!((files, texts.bytes), (vec!["a", "c"], MAX_BYTES));
    }
}
