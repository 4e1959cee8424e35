//! Incidents in other languages of the site.

use crate::model::incident::Incident;

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
            layout: words.layout.clone(),
            ..self.clone()
        })
    }
}
