//! The incidents folder: read again when it changed, written whole or not at all.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::incident::document::Document;
use crate::model::incident::{FileFault, Incident};

/// Larger files are not read: no incident is that long.
const MAX_BYTES: u64 = 1024 * 1024;

/// Why a file could not be written.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// Somebody changed it after it was read; it is read again first.
    #[error("{0} was changed by somebody else")]
    Changed(String),
    /// The disk refused.
    #[error("cannot write {file}")]
    Io {
        /// The file's name.
        file: String,
        /// What the system said.
        source: io::Error,
    },
}

/// What tells that a file was changed.
type Mark = (SystemTime, u64);

/// One file as it was read last.
#[derive(Debug)]
struct Page {
    mark: Mark,
    read: Result<Document, FileFault>,
    /// What it says, or said before it became unreadable: a slip of the pen in
    /// an open incident must neither hide it nor open it a second time.
    incident: Option<Incident>,
}

/// The folder and what was read from it.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    pages: BTreeMap<String, Page>,
    fault: Option<FileFault>,
}

impl Folder {
    /// Names a folder that has not been read yet.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            pages: BTreeMap::new(),
            fault: None,
        }
    }

    /// Reads what changed since the last time; tells whether anything did.
    ///
    /// A folder that cannot be read keeps what was known and becomes a fault.
    pub async fn refresh(&mut self) -> bool {
        let marks = match self.marks().await {
            Ok(marks) => {
                self.fault = None;
                marks
            }
            Err(error) => {
                let fault = FileFault {
                    file: self.path.display().to_string(),
                    line: None,
                    column: None,
                    message: format!("the incidents folder cannot be read: {error}"),
                };
                let news = self.fault.as_ref() != Some(&fault);
                self.fault = Some(fault);
                return news;
            }
        };
        let before = self.pages.len();
        self.pages.retain(|file, _| marks.contains_key(file));
        let mut changed = self.pages.len() != before;
        for (file, mark) in marks {
            if self.pages.get(&file).is_none_or(|page| page.mark != mark) {
                let read = read(&self.path.join(&file), &file).await;
                let before = self.pages.remove(&file).and_then(|page| page.incident);
                let incident = match &read {
                    Ok(document) => Some(document.incident(&file)),
                    Err(_) => before,
                };
                self.pages.insert(
                    file,
                    Page {
                        mark,
                        read,
                        incident,
                    },
                );
                changed = true;
            }
        }
        changed
    }

    async fn marks(&self) -> io::Result<BTreeMap<String, Mark>> {
        let mut marks = BTreeMap::new();
        let mut entries = tokio::fs::read_dir(&self.path).await?;
        while let Some(entry) = entries.next_entry().await? {
            let Ok(file) = entry.file_name().into_string() else {
                continue;
            };
            let hidden = file.starts_with(['.', '_']);
            // Links are not followed: they may lead out of the folder.
            if hidden || !is_markdown(&file) || !entry.file_type().await?.is_file() {
                continue;
            }
            // A file deleted since the listing is simply not there any more.
            if let Ok(meta) = entry.metadata().await {
                marks.insert(file, (meta.modified()?, meta.len()));
            }
        }
        Ok(marks)
    }

    /// Every incident that can be or could be read, in the order of the file names.
    pub fn incidents(&self) -> impl Iterator<Item = &Incident> {
        self.pages
            .values()
            .filter_map(|page| page.incident.as_ref())
    }

    /// What could not be read.
    pub fn faults(&self) -> impl Iterator<Item = &FileFault> {
        let pages = self
            .pages
            .values()
            .filter_map(|page| page.read.as_ref().err());
        self.fault.iter().chain(pages)
    }

    /// The document of a file that could be read.
    pub fn document(&self, file: &str) -> Option<&Document> {
        self.pages.get(file)?.read.as_ref().ok()
    }

    /// Whether a file of that name is there, readable or not.
    pub fn contains(&self, file: &str) -> bool {
        self.pages.contains_key(file)
    }

    /// Replaces a file by its changed document, or creates it.
    ///
    /// The file is written beside, synced and renamed, so that a crash leaves
    /// the old or the new one. What somebody saved since it was read stays.
    pub async fn write(&mut self, file: &str, document: Document) -> Result<(), FolderError> {
        let path = self.path.join(file);
        let fault = |source| FolderError::Io {
            file: file.to_owned(),
            source,
        };
        let known = self.document(file).map(|known| known.text().to_owned());
        let present = match tokio::fs::read_to_string(&path).await {
            Ok(text) => Some(text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(fault(error)),
        };
        if present != known {
            return Err(FolderError::Changed(file.to_owned()));
        }
        let (folder, text) = (self.path.clone(), document.text().to_owned());
        let target = path.clone();
        tokio::task::spawn_blocking(move || replace(&folder, &target, &text, present.is_some()))
            .await
            .map_err(|error| fault(io::Error::other(error)))?
            .map_err(fault)?;
        let meta = tokio::fs::metadata(&path).await.map_err(fault)?;
        let mark = (meta.modified().map_err(fault)?, meta.len());
        let incident = Some(document.incident(file));
        self.pages.insert(
            file.to_owned(),
            Page {
                mark,
                read: Ok(document),
                incident,
            },
        );
        Ok(())
    }
}

/// Whether Hugo would read the file: it knows the ending in small letters only.
fn is_markdown(file: &str) -> bool {
    Path::new(file)
        .extension()
        .is_some_and(|ending| ending == "md")
}

async fn read(path: &Path, file: &str) -> Result<Document, FileFault> {
    let fault = |message: String| FileFault {
        file: file.to_owned(),
        line: None,
        column: None,
        message,
    };
    let size = tokio::fs::metadata(path).await.map_or(0, |meta| meta.len());
    if size > MAX_BYTES {
        return Err(fault(format!(
            "the file is larger than {MAX_BYTES} bytes; shorten it"
        )));
    }
    let text = tokio::fs::read_to_string(path)
        .await
        .map_err(|error| fault(format!("the file cannot be read: {error}")))?;
    Document::parse(text).map_err(|error| error.in_file(file))
}

fn replace(folder: &Path, target: &Path, text: &str, exists: bool) -> io::Result<()> {
    let mut beside = tempfile::Builder::new()
        .prefix(".critwatch-")
        .tempfile_in(folder)?;
    beside.write_all(text.as_bytes())?;
    beside.as_file().sync_all()?;
    if exists {
        beside
            .as_file()
            .set_permissions(std::fs::metadata(target)?.permissions())?;
        beside.persist(target)?;
    } else {
        readable(beside.as_file())?;
        beside.persist_noclobber(target)?;
    }
    std::fs::File::open(folder)?.sync_all()
}

/// Lets others read a new incident, as an editor would; temporary files are private.
fn readable(file: &std::fs::File) -> io::Result<()> {
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644))?;
    #[cfg(not(unix))]
    let _ = file;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "---\nsection: issue\ntitle: A\nresolved: false\n---\nText\n";

    fn folder_with(file: &str, text: &str) -> (tempfile::TempDir, Folder) {
        let place = tempfile::tempdir().unwrap();
        std::fs::write(place.path().join(file), text).unwrap();
        let folder = Folder::new(place.path());
        (place, folder)
    }

    #[tokio::test]
    async fn a_file_saved_by_a_person_meanwhile_is_not_overwritten() {
        let (place, mut folder) = folder_with("a.md", FILE);
        assert!(folder.refresh().await);
        let theirs = FILE.replace("Text", "Words of a person");
        std::fs::write(place.path().join("a.md"), &theirs).unwrap();

        let mine = folder.document("a.md").unwrap().clone();
        assert!(matches!(
            folder.write("a.md", mine).await,
            Err(FolderError::Changed(_))
        ));
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
        assert_eq!(folder.incidents().count(), 1);
        let faults: Vec<_> = folder
            .faults()
            .map(|fault| (&*fault.file, fault.line))
            .collect();
        assert_eq!(faults, [("b.md", Some(2)), ("c.md", None)]);
    }

    #[tokio::test]
    async fn an_incident_that_becomes_unreadable_is_shown_as_it_was() {
        let (place, mut folder) = folder_with("a.md", FILE);
        folder.refresh().await;
        std::fs::write(
            place.path().join("a.md"),
            FILE.replace("title: A", "title: A: B"),
        )
        .unwrap();
        assert!(folder.refresh().await);
        assert_eq!(
            folder
                .incidents()
                .map(|incident| &*incident.title)
                .collect::<Vec<_>>(),
            ["A"]
        );
        assert_eq!(folder.faults().count(), 1);
        assert!(folder.document("a.md").is_none());
    }

    #[tokio::test]
    async fn a_deleted_file_is_forgotten_and_a_missing_folder_is_a_fault() {
        let (place, mut folder) = folder_with("a.md", FILE);
        folder.refresh().await;
        std::fs::remove_file(place.path().join("a.md")).unwrap();
        assert!(folder.refresh().await);
        assert_eq!(folder.incidents().count(), 0);
        assert!(!folder.refresh().await);
        place.close().unwrap();
        assert!(folder.refresh().await);
        assert_eq!(folder.faults().count(), 1);
    }
}
