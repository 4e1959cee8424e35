//! What open incidents said when their files could be read last, by comparing.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::history::writer::owed::Owed;
use crate::model::incidents::readable::ReadableTexts;

/// The texts that the database has, or is about to have.
#[derive(Debug, Default)]
pub struct ReadableLog {
    kept: Arc<ReadableTexts>,
    /// What the database does not know yet, in order.
    pub(crate) due: VecDeque<Owed>,
}

impl ReadableLog {
    /// Continues from stored rows.
    pub(crate) fn new(rows: ReadableTexts) -> Self {
        Self {
            kept: Arc::new(rows),
            due: VecDeque::new(),
        }
    }

    /// What is kept.
    pub(crate) fn texts(&self) -> &ReadableTexts {
        &self.kept
    }

    /// Sends everything to the database once more.
    pub(crate) fn owe_all(&mut self) {
        let all = self.kept.iter();
        let all = all.map(|(file, text)| Owed::Readable(file.clone(), Some(Arc::clone(text))));
        self.due = all.collect();
    }

    /// Keeps these texts, and no others.
    pub(crate) fn keep(&mut self, texts: &Arc<ReadableTexts>) {
        if Arc::ptr_eq(&self.kept, texts) {
            return;
        }
        let gone = self.kept.keys().filter(|file| !texts.contains_key(*file));
        let gone = gone.map(|file| Owed::Readable(file.clone(), None));
        let news = texts.iter();
        let news = news.filter(|(file, text)| self.kept.get(*file) != Some(*text));
        let news = news.map(|(file, text)| Owed::Readable(file.clone(), Some(Arc::clone(text))));
        self.due.extend(gone.chain(news));
        self.kept = Arc::clone(texts);
    }
}
