//! The incidents folder: read again when it changed, written whole or not at all.

pub mod away;
pub mod contents;
mod conventions;
pub mod disk;
pub mod error;
pub mod known;
pub mod lock;
pub mod pages;
pub mod translations;
pub mod watch;

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::incident::file::change::FileChange;
use crate::incident::file::document::Document;
use crate::incident::file::slug;
use crate::incident::folder::contents::FolderContents;
use crate::incident::folder::disk::{Disk, DiskJob};
use crate::incident::folder::error::{FolderError, WriteError};
use crate::incident::folder::pages::{
    PageListing, is_page, look, mark, name_in, read, remove, replace, replace_picture,
};
use crate::incident::folder::translations::Languages;
use crate::model::incidents::readable::ReadableTexts;

/// The folder and what was read from it.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    disk: Disk,
    /// A look at all of it that is taking its time.
    looking: Option<DiskJob<PageListing>>,
    contents: FolderContents,
}

impl Folder {
    /// Names a folder that has not been read yet; dates without a zone are in this one.
    pub fn new(path: impl Into<PathBuf>, zone: &TimeZone) -> Self {
        Self {
            path: path.into(),
            disk: Disk::default(),
            looking: None,
            contents: FolderContents::unread(zone),
        }
    }

    /// The same, with days that are written without a time in this zone.
    #[must_use]
    pub fn with_days_in(mut self, zone: &TimeZone) -> Self {
        self.contents.conventions.days = zone.clone();
        self
    }

    /// The same of a site in several languages, the first one first.
    #[must_use]
    pub fn in_languages(mut self, languages: &[String]) -> Self {
        self.contents.conventions.languages = Languages(languages.to_vec());
        self
    }

    /// The same, which knows what open incidents said when they could be read last.
    #[must_use]
    pub fn recalling(mut self, recalled: ReadableTexts) -> Self {
        self.contents.recalled = recalled;
        self
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The way to its disk, for those who look at it besides.
    pub fn disk(&self) -> &Disk {
        &self.disk
    }

    /// What was read from it.
    pub fn contents(&self) -> &FolderContents {
        &self.contents
    }

    /// The same with a way to its disk that waits longer, or not so long.
    #[cfg(test)]
    #[must_use]
    pub fn on(self, disk: Disk) -> Self {
        Self { disk, ..self }
    }

    /// Reads every file that changed since the last time; returns whether any did.
    ///
    /// A folder that cannot be read, or does not answer, keeps what was known and
    /// becomes a fault.
    pub async fn refresh(&mut self) -> bool {
        match self.look().await {
            Ok(listed) => self.contents.take_all(listed),
            Err(error) => self.contents.note_unreachable(&self.path, &error),
        }
    }

    /// Looks at all of it; what takes too long is waited for the next time.
    async fn look(&mut self) -> io::Result<PageListing> {
        let mut job = if let Some(job) = self.looking.take() {
            job
        } else {
            let (path, seen) = (self.path.clone(), self.contents.marks());
            self.disk.start(move || look(&path, &seen)).await?
        };
        let listed = self.disk.wait(&mut job).await;
        if listed.is_err() && !job.is_finished() {
            self.looking = Some(job);
        }
        listed
    }

    /// Reads these files again; returns whether any changed.
    pub async fn refresh_files(&mut self, names: &BTreeSet<String>) -> bool {
        let path = self.path.clone();
        let names: Vec<_> = names.iter().filter(|name| is_page(name)).cloned().collect();
        let read = self.disk.run(move || {
            let files = names.into_iter().map(|name| {
                let found = mark(&path, &name).map(|mark| (mark, read(&path, &name)));
                (name, found)
            });
            Ok(files.collect::<Vec<_>>())
        });
        let read = read.await;
        let mut changed = false;
        for (name, found) in read.unwrap_or_default() {
            changed |= self.contents.take_again(name, found);
        }
        self.contents.join();
        changed
    }

    /// Forgets the files that are back, and those whose absence is meant by now.
    pub fn settle_away(&mut self, now: Timestamp) {
        self.contents.settle_away(now);
    }

    /// Lets a file be read again even if it looks the same: it does not say what
    /// was read from it.
    pub fn doubt(&mut self, file: &str) {
        self.contents.doubt(file);
    }

    /// The name of a new file that is not taken, in days of a zone.
    ///
    /// What is there and was not read yet takes it as well, unless it is `ours`
    /// already: then it may be the very file, which somebody wrote just now.
    pub async fn name_for(
        &self,
        title: &str,
        date: Timestamp,
        zone: &TimeZone,
        ours: bool,
    ) -> Result<String, FolderError> {
        let stem = slug::file(title, date, zone, |_| false);
        let alike = stem.trim_end_matches(".md").to_owned();
        let taken = self.contents.named_like(&alike);
        let (path, title, zone) = (self.path.clone(), title.to_owned(), zone.clone());
        let named = self
            .disk
            .run(move || Ok(name_in(&path, &taken, (&title, date, &zone), ours)));
        named.await.map_err(|source| FolderError::io(&stem, source))
    }

    /// Reads a file's document anew, to be changed and written.
    ///
    /// Fails if it has changed since it was read: a decision to change it must rest on
    /// its present content.
    pub async fn open(&self, file: &str) -> Result<Document, FolderError> {
        let changed = || FolderError::Changed(file.to_owned());
        let (path, name) = (self.path.clone(), file.to_owned());
        let read = self.disk.run(move || Ok(read(&path, &name))).await;
        let document = read.map_err(|_| changed())?.map_err(|_| changed())?;
        let document = self.contents.conventions.placed(document);
        if self.contents.agrees(file, &document) {
            Ok(document)
        } else {
            Err(changed())
        }
    }

    /// Changes a file as it is now; the names of what was changed.
    ///
    /// Fails if somebody changed it meanwhile, or if its head does not allow it.
    pub async fn update(
        &mut self,
        file: &str,
        change: &FileChange,
    ) -> Result<Vec<&'static str>, WriteError> {
        let before = self.open(file).await?;
        let mut document = before.clone();
        let changed = change.apply(&mut document)?;
        self.write(file, Some(&before), document).await?;
        Ok(changed)
    }

    /// Replaces a file that reads `before` by a document, or creates it.
    ///
    /// The file is written beside, synced and renamed, so that a crash leaves
    /// the old or the new one. What somebody saved since it was read stays.
    pub async fn write(
        &mut self,
        file: &str,
        before: Option<&Document>,
        document: Document,
    ) -> Result<(), FolderError> {
        let fault = |source| FolderError::io(file, source);
        let (path, name) = (self.path.clone(), file.to_owned());
        let before = before.map(|document| document.bytes().to_owned());
        let bytes = document.bytes().to_owned();
        let replaced = move || replace(&path, &name, before.as_deref(), &bytes);
        let mark = self.disk.run(replaced).await.map_err(fault)?;
        let mark = mark.ok_or_else(|| FolderError::Changed(file.to_owned()))?;
        self.contents.take(file.to_owned(), mark, Ok(document));
        self.contents.join();
        Ok(())
    }

    /// Deletes a file that still reads `before`.
    pub async fn remove(&mut self, file: &str, before: &Document) -> Result<(), FolderError> {
        let fault = |source| FolderError::io(file, source);
        let (path, name, before) = (
            self.path.clone(),
            file.to_owned(),
            before.bytes().to_owned(),
        );
        let removed = move || remove(&path, &name, &before);
        if !self.disk.run(removed).await.map_err(fault)? {
            return Err(FolderError::Changed(file.to_owned()));
        }
        self.contents.forget(file);
        self.contents.join();
        Ok(())
    }

    /// Puts a picture beside the files, or replaces one of ours; what somebody
    /// else drew under that name stays.
    pub async fn write_picture(&self, file: &str, svg: String) -> Result<(), FolderError> {
        let (path, name) = (self.path.clone(), file.to_owned());
        let written = self.disk.run(move || replace_picture(&path, &name, &svg));
        let written = written.await;
        let written = written.map_err(|source| FolderError::io(file, source))?;
        if written {
            Ok(())
        } else {
            Err(FolderError::Changed(file.to_owned()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::incident::Incident;

    const FILE: &str = "---\nsection: issue\ntitle: A\nresolved: false\n---\nText\n";

    fn folder_with(file: &str, text: &str) -> (tempfile::TempDir, Folder) {
        let place = tempfile::tempdir().unwrap();
        std::fs::write(place.path().join(file), text).unwrap();
        let folder = Folder::new(place.path(), &TimeZone::UTC);
        (place, folder)
    }

    fn titles(folder: &Folder) -> Vec<&str> {
        folder
            .contents()
            .incidents()
            .map(|incident| &*incident.title)
            .collect()
    }

    #[tokio::test]
    async fn a_file_saved_by_a_person_meanwhile_is_not_overwritten() {
        let (place, mut folder) = folder_with("a.md", FILE);
        assert!(folder.refresh().await);
        let mine = folder.open("a.md").await.unwrap();
        let theirs = FILE.replace("Text", "Words of a person");
        std::fs::write(place.path().join("a.md"), &theirs).unwrap();

        assert!(matches!(
            folder.open("a.md").await,
            Err(FolderError::Changed(_))
        ));
        let written = folder.write("a.md", Some(&mine), mine.clone()).await;
        assert!(matches!(written, Err(FolderError::Changed(_))));
        let written = folder.write("a.md", None, mine.clone()).await;
        assert!(matches!(written, Err(FolderError::Changed(_))));
        assert_eq!(
            std::fs::read_to_string(place.path().join("a.md")).unwrap(),
            theirs
        );
    }

    #[tokio::test]
    async fn one_bad_file_hides_no_other() {
        let (place, mut folder) = folder_with("a.md", FILE);
        std::fs::write(place.path().join("b.md"), "---\ntitle: a: b\n---\n").unwrap();
        std::fs::write(place.path().join("c.md"), b"---\ntitle: \xff\n---\n").unwrap();
        folder.refresh().await;
        assert_eq!(titles(&folder), ["A", "\u{fffd}"]);
        let faults: Vec<_> = folder
            .contents()
            .faults()
            .map(|fault| (&*fault.file, fault.line))
            .collect();
        assert_eq!(faults, [("b.md", Some(2))]);
    }

    #[tokio::test]
    async fn an_incident_that_becomes_unreadable_is_shown_as_it_was() {
        let (place, mut folder) = folder_with("a.md", FILE);
        folder.refresh().await;
        for broken in [
            FILE.replace("title: A", "title: A: B"),
            String::new(),
            format!("i{FILE}"),
            FILE.replace("section: issue\n", ""),
            FILE.replace("issue", "isue"),
            FILE.replace("resolved: false\n", ""),
            FILE.replace("false", "fales"),
        ] {
            std::fs::write(place.path().join("a.md"), broken).unwrap();
            assert!(folder.refresh_files(&["a.md".to_owned()].into()).await);
            assert_eq!(titles(&folder), ["A"]);
            assert_eq!(folder.contents().faults().count(), 1);
            assert!(folder.open("a.md").await.is_err());
        }
    }

    /// What an open incident says of a rule, after a start with these words in its file.
    async fn recalled(before: &str, text: &str) -> (Incident, ReadableTexts, Vec<String>) {
        let (_place, mut folder) = folder_with("a.md", before);
        folder.refresh().await;
        let (_place, other) = folder_with("a.md", text);
        let mut folder = other.recalling(folder.contents().readable());
        folder.refresh().await;
        let lost = folder.contents().lost().chain(folder.contents().faults());
        let lost = lost.map(|one| one.message.clone()).collect();
        let incident = Incident::clone(folder.contents().file("a.md").unwrap());
        (incident, folder.contents().readable(), lost)
    }

    #[tokio::test]
    async fn what_a_slip_takes_from_an_open_incident_it_keeps_over_a_restart() {
        let ours = FILE.replace(
            "resolved: false\n",
            "resolved: false\ndate: 2026-03-01T12:00:00Z\nseverity: down\naffected: [API]\n\
             critwatch: {rules: [a], title: A, severity: down, good_since: \
             \"2026-03-01T12:30:00Z\"}\n",
        );
        let (whole, texts, lost) = recalled(&ours, &ours).await;
        assert!(lost.is_empty() && whole.kept.is_empty());
        for (from, to, key) in [
            ("title: A\n", "title: a: b\n", ""),
            ("critwatch", "critwach", ""),
            ("rules", "rulez", ""),
            ("[a]", "a", ""),
            ("[a]", "[]", ""),
            ("title: A, ", "", ""),
            ("severity: down\n", "severity: dwon\n", "severity"),
            ("severity: down\n", "", "severity"),
            ("[API]", "API", "affected"),
            ("12:00:00Z", "noon", "date"),
        ] {
            let (incident, still, lost) = recalled(&ours, &ours.replacen(from, to, 1)).await;
            assert_eq!(lost.len(), 1, "{to}: {lost:?}");
            assert_eq!(incident.kept.contains(&key), !key.is_empty());
            let mended = Incident {
                kept: Vec::new(),
                verbatim: whole.verbatim.clone(),
                ..incident
            };
            assert_eq!(mended, whole, "{to}");
            // The next start knows no less.
            assert_eq!(still, texts, "{to}");
        }
    }

    #[tokio::test]
    async fn what_a_person_takes_back_or_ends_is_not_kept() {
        let ours = FILE.replace(
            "resolved: false\n",
            "resolved: false\nseverity: down\naffected: [API]\n",
        );
        let joined = ours.replace("section", "critwatch: {join: true, rules: [a]}\nsection");
        let (incident, _, lost) = recalled(&joined, &ours).await;
        assert!(lost.is_empty() && incident.managed.rules.is_empty());
        let (incident, _, lost) = recalled(&ours, &ours.replace("[API]", "[]")).await;
        assert!(lost.is_empty() && incident.affected.is_empty());
        let (incident, _, lost) = recalled(&ours, &ours.replace("severity: down\n", "")).await;
        assert!(lost.is_empty() && incident.severity.is_none());
        let (incident, texts, _) = recalled(&ours, &ours.replace("false", "true")).await;
        assert_eq!((incident.resolved, texts.len()), (Some(true), 0));
        // A folder that cannot be read yet takes nothing away.
        let missing = Folder::new("/nowhere", &TimeZone::UTC);
        let texts = ReadableTexts::from([("a.md".to_owned(), ours.as_bytes().into())]);
        let mut missing = missing.recalling(texts.clone());
        missing.refresh().await;
        assert_eq!(missing.contents().readable(), texts);
    }

    #[tokio::test]
    async fn a_deleted_file_is_forgotten_and_a_missing_folder_is_a_fault() {
        let (place, mut folder) = folder_with("a.md", FILE);
        folder.refresh().await;
        std::fs::remove_file(place.path().join("a.md")).unwrap();
        assert!(folder.refresh().await);
        assert_eq!(folder.contents().incidents().count(), 0);
        assert!(!folder.refresh().await);
        place.close().unwrap();
        assert!(folder.refresh().await);
        assert_eq!(folder.contents().faults().count(), 1);
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn pages_in_folders_are_read_and_links_are_not_followed() {
        let (place, mut folder) = folder_with("a.md", FILE);
        std::fs::create_dir_all(place.path().join("2026/b")).unwrap();
        std::fs::write(place.path().join("2026/b/index.md"), FILE.replace('A', "B")).unwrap();
        std::fs::write(place.path().join("_index.md"), FILE).unwrap();
        std::fs::write(place.path().join("note.md.tpl"), FILE).unwrap();
        let outside = tempfile::tempdir().unwrap();
        std::fs::write(outside.path().join("c.md"), FILE).unwrap();
        std::os::unix::fs::symlink(outside.path().join("c.md"), place.path().join("c.md")).unwrap();
        std::os::unix::fs::symlink(outside.path(), place.path().join("linked")).unwrap();
        folder.refresh().await;
        folder.refresh_files(&["c.md".to_owned()].into()).await;
        let ids: Vec<_> = folder
            .contents()
            .incidents()
            .map(|incident| &*incident.id.0)
            .collect();
        assert_eq!(ids, ["2026/b", "a"]);
    }
}
