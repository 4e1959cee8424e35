//! Incidents in other languages of the site.

use crate::model::component::Severity;
use crate::model::incident::{Incident, Update};

/// The words of an incident in another language, from a file beside its own.
#[derive(Clone, Debug, PartialEq)]
pub struct Translation {
    /// The language, as the site's settings name it: `de`.
    pub language: String,
    /// The file's path within the incidents folder.
    pub name: String,
    /// The file's name alone.
    pub filename: String,
    /// Heading.
    pub title: String,
    /// Dated paragraphs with a phase word, newest first.
    pub updates: Vec<Update>,
    /// Everything below the head, as markdown.
    pub body: String,
    /// Whether it says that the incident is over, which only the first file decides.
    pub resolved: Option<bool>,
    /// How bad it says that it is.
    pub severity: Option<Severity>,
}

impl Incident {
    /// The same in the words of a language; `None` if nobody wrote it in that.
    pub fn in_language(&self, language: &str) -> Option<Self> {
        let mut all = self.translations.iter();
        let words = all.find(|words| words.language == language)?;
        Some(Self {
            filename: words.filename.clone(),
            title: words.title.clone(),
            updates: words.updates.clone(),
            body: words.body.clone(),
            ..self.clone()
        })
    }
}
