//! What was read from the incidents folder.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::files::FileMark;
use crate::incident::file::document::Document;
use crate::incident::file::head::DocumentError;
use crate::incident::folder::away::Away;
use crate::incident::folder::conventions::FileConventions;
use crate::incident::folder::known::KnownFile;
use crate::incident::folder::pages::{PageListing, finding};
use crate::incident::folder::translations::Languages;
use crate::model::finding::Finding;
use crate::model::incident::Incident;
use crate::model::incidents::readable::ReadableTexts;

/// The files as they were read last, and what they mean.
#[derive(Debug)]
pub struct FolderContents {
    pub(super) conventions: FileConventions,
    pages: BTreeMap<String, KnownFile>,
    /// Texts that others read before us, of files that we have not read yet.
    pub(super) recalled: ReadableTexts,
    /// With several languages: each incident with its translations, by its file.
    joined: BTreeMap<String, Arc<Incident>>,
    away: Away,
    fault: Option<Finding>,
}

impl FolderContents {
    /// Nothing is read yet; dates and days without a zone are in this one.
    pub(super) fn unread(zone: &TimeZone) -> Self {
        Self {
            conventions: FileConventions {
                zone: zone.clone(),
                days: zone.clone(),
                languages: Languages::default(),
            },
            pages: BTreeMap::new(),
            recalled: ReadableTexts::default(),
            joined: BTreeMap::new(),
            away: Away::default(),
            fault: None,
        }
    }

    /// Takes a look at the whole folder; returns whether anything changed.
    pub(super) fn take_all(&mut self, (names, read): PageListing) -> bool {
        let mut changed = self.fault.take().is_some();
        let gone = self.pages.extract_if(.., |name, _| !names.contains(name));
        for (_, page) in gone {
            changed = true;
            self.away.note(page.incident);
        }
        for (name, mark, read) in read {
            self.take(name, mark, read);
            changed = true;
        }
        // Whatever is left has gone.
        self.recalled.clear();
        self.join();
        changed
    }

    /// Takes another look at a file; returns whether it changed. `None` is a file that
    /// is not there. Translations are joined later.
    pub(super) fn take_again(
        &mut self,
        name: String,
        found: Option<(FileMark, Result<Document, Box<Finding>>)>,
    ) -> bool {
        match found {
            // What we wrote ourselves is known already.
            Some((mark, _)) if self.pages.get(&name).is_some_and(|page| page.mark == mark) => false,
            Some((mark, read)) => {
                self.take(name, mark, read);
                true
            }
            None => self.pages.remove(&name).is_some_and(|page| {
                self.away.note(page.incident);
                true
            }),
        }
    }

    /// Takes a file as it reads now.
    pub(super) fn take(
        &mut self,
        name: String,
        mark: FileMark,
        read: Result<Document, Box<Finding>>,
    ) {
        let before = self.pages.remove(&name).or_else(|| self.recall(&name));
        let read = read.map(|document| self.conventions.read(document, &name));
        self.pages.insert(name, KnownFile::new(mark, read, before));
    }

    /// A file as somebody read it before us.
    fn recall(&mut self, name: &str) -> Option<KnownFile> {
        let text = self.recalled.remove(name)?;
        KnownFile::recalled(&text, name, &self.conventions)
    }

    /// Forgets a file that was deleted on purpose.
    pub(super) fn forget(&mut self, name: &str) {
        self.pages.remove(name);
    }

    /// Notes that the folder cannot be read; returns whether that is new.
    pub(super) fn note_unreachable(&mut self, path: &Path, error: &std::io::Error) -> bool {
        let message = format!("the incidents folder cannot be read: {error}");
        let path = path.display().to_string();
        let fault = finding(&path, DocumentError::whole(message));
        let news = self.fault.as_ref() != Some(&fault);
        self.fault = Some(fault);
        news
    }

    /// Joins translations with the files that they translate.
    pub(super) fn join(&mut self) {
        let languages = &self.conventions.languages;
        if !languages.are_one() {
            let files = self.pages.values();
            let files = files.filter_map(|page| page.incident.as_ref());
            self.joined = languages.join(files, &self.joined);
        }
    }

    /// Forgets the files that are back, and those whose absence is meant by now.
    pub(super) fn settle_away(&mut self, now: Timestamp) {
        let pages = self.pages.values();
        let present = pages.filter_map(|page| page.incident.as_ref());
        self.away.settle(present, now);
    }

    /// Lets a file be read again even if it looks the same.
    pub(super) fn doubt(&mut self, file: &str) {
        if let Some(page) = self.pages.get_mut(file) {
            page.mark = (SystemTime::UNIX_EPOCH, 0);
        }
    }

    /// What tells of each file whether it changed.
    pub(super) fn marks(&self) -> BTreeMap<String, FileMark> {
        let pages = self.pages.iter();
        pages
            .map(|(name, page)| (name.clone(), page.mark))
            .collect()
    }

    /// The names that begin like this.
    pub(super) fn named_like(&self, beginning: &str) -> BTreeSet<String> {
        let names = self.pages.keys();
        let alike = names.filter(|name| name.starts_with(beginning));
        alike.cloned().collect()
    }

    /// Whether a document says what is known of its file.
    pub(super) fn agrees(&self, file: &str, document: &Document) -> bool {
        let meaning = self.meaning(document, file);
        let page = self.pages.get(file);
        page.is_some_and(|page| page.says(meaning, document))
    }

    /// What a document means; the language in a file's name is not in its address.
    pub fn meaning(&self, document: &Document, name: &str) -> Incident {
        self.conventions.meaning(document, name)
    }

    /// The texts of open incidents as they could be read last.
    pub fn readable(&self) -> ReadableTexts {
        let unread = self.recalled.iter();
        let unread = unread.map(|(name, text)| (name.clone(), Arc::clone(text)));
        let known = self.pages.iter();
        let known = known.filter_map(|(name, page)| Some((name.clone(), page.text.clone()?)));
        known.chain(unread).collect()
    }

    /// Every incident that can be or could be read, in the order of their paths; in
    /// several languages it is one.
    pub fn incidents(&self) -> impl Iterator<Item = &Arc<Incident>> {
        let alone = self.conventions.languages.are_one();
        let files = self.files().filter(move |_| alone);
        files.chain(self.joined.values())
    }

    /// Every file that can be or could be read, translations as well.
    pub fn files(&self) -> impl Iterator<Item = &Arc<Incident>> {
        let pages = self.pages.values();
        pages.filter_map(|page| page.incident.as_ref())
    }

    /// The incidents whose files have just gone and may come back.
    pub fn away(&self) -> &Away {
        &self.away
    }

    /// What one file says.
    pub fn file(&self, name: &str) -> Option<&Arc<Incident>> {
        self.pages.get(name)?.incident.as_ref()
    }

    /// Whether a file of that name has never been readable.
    pub fn is_unreadable(&self, file: &str) -> bool {
        let page = self.pages.get(file);
        page.is_some_and(|page| page.incident.is_none())
    }

    /// What could not be read.
    pub fn faults(&self) -> impl Iterator<Item = &Finding> {
        let pages = self.pages.values();
        let pages = pages.filter_map(|page| page.fault.as_ref());
        self.fault.iter().chain(pages)
    }

    /// What open incidents have lost, and keep all the same.
    pub fn lost(&self) -> impl Iterator<Item = &Finding> {
        self.pages.values().flat_map(|page| &page.lost)
    }
}
