//! What many pages of one view have in common, kept while all of them are made.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::model::incident::Incident;
use crate::web::formats::feed;
use crate::web::pages::archive::Chronicle;
use crate::web::site::{Names, View};
use crate::web::text::markdown;

/// How many bytes of texts are kept; the others are rendered again.
const MOST: usize = 16 * 1024 * 1024;

/// Kept for the view whose pages are made, by whoever makes all of them.
///
/// One page alone is made without it: then nothing is kept beyond that page.
#[derive(Debug, Default)]
pub struct Common {
    chronicle: OnceLock<Arc<Chronicle>>,
    texts: Mutex<Texts>,
    /// The same in the other languages of the site.
    tongues: BTreeMap<Box<str>, Self>,
}

/// What an incident says, as machines are given it.
#[derive(Debug, PartialEq, Eq)]
pub struct IncidentText {
    /// All of it, as HTML.
    pub html: String,
    summary: OnceLock<String>,
}

/// Texts by the files that they are of.
#[derive(Debug, Default)]
struct Texts {
    known: HashMap<Box<str>, Arc<IncidentText>>,
    bytes: usize,
}

impl Common {
    /// For the pages of a site in all of its languages.
    pub fn of(names: &Names) -> Self {
        let tongues = names.tongues.iter();
        Self {
            tongues: tongues
                .map(|tongue| (tongue.code.clone().into(), Self::default()))
                .collect(),
            ..Self::default()
        }
    }

    /// What pages in another language have in common.
    pub fn tongue(&self, code: &str) -> Option<&Self> {
        self.tongues.get(code)
    }
}

impl IncidentText {
    fn new(incident: &Incident, names: &Names) -> Self {
        Self {
            html: markdown::body(incident, names),
            summary: OnceLock::new(),
        }
    }

    /// What the same incident says in short.
    pub fn summary(&self, incident: &Incident, names: &Names) -> &str {
        let summary = || feed::summary(incident, names);
        self.summary.get_or_init(summary)
    }
}

impl Texts {
    fn keep(&mut self, file: &str, text: &Arc<IncidentText>) {
        if self.bytes + text.html.len() <= MOST {
            self.bytes += text.html.len();
            self.known.insert(file.into(), Arc::clone(text));
        }
    }
}

/// The days of all incidents of a view.
pub fn chronicle(view: &View<'_>) -> Arc<Chronicle> {
    let make = || Arc::new(Chronicle::new(view));
    let kept = view.common.map(|common| &common.chronicle);
    kept.map_or_else(make, |kept| Arc::clone(kept.get_or_init(make)))
}

/// What an incident of a view says.
pub fn text(view: &View<'_>, incident: &Incident) -> Arc<IncidentText> {
    let make = || Arc::new(IncidentText::new(incident, view.names));
    let Some(common) = view.common else {
        return make();
    };
    let texts = || common.texts.lock().unwrap_or_else(PoisonError::into_inner);
    let known = texts().known.get(&*incident.name).cloned();
    known.unwrap_or_else(|| {
        let made = make();
        texts().keep(&incident.name, &made);
        made
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_texts_are_kept_than_there_is_room_for() {
        let text = |bytes| {
            Arc::new(IncidentText {
                html: "x".repeat(bytes),
                summary: OnceLock::new(),
            })
        };
        let mut texts = Texts::default();
        for (file, bytes) in [("a", MOST - 1), ("b", 2), ("c", 1), ("d", 1)] {
            texts.keep(file, &text(bytes));
        }
        let mut kept: Vec<_> = texts.known.keys().map(|file| &**file).collect();
        kept.sort_unstable();
        assert_eq!((kept, texts.bytes), (vec!["a", "c"], MOST));
    }
}
