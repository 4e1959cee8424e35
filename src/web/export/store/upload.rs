//! The whole site in an object store, put there again where something changed.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use crate::web::export::error::ExportError;
use crate::web::export::folder::ExportCounts;
use crate::web::export::jobs::{ExportJob, is_file, jobs};
use crate::web::export::manifest::{self, Manifest, NAME, Twins, WrittenFile};
use crate::web::export::memo::ExportMemo;
use crate::web::export::store::bucket::{Bucket, StoredFile};
use crate::web::export::store::error::BucketError;
use crate::web::pages::error::WebError;
use crate::web::parts::look::style;
use crate::web::site::View;
use crate::web::table::Address;
use crate::web::table::answer::{AnswerKind, CacheLifetime};

/// Objects that are put at once.
const AT_ONCE: usize = 16;

/// So much is made before it is put.
const BATCH_BYTES: usize = 8 * 1024 * 1024;

/// So many are put before the list says so.
const BATCH_FILES: usize = 1_000;

/// So many may be in doubt in the list when an export ends: the next start puts them again.
const IN_DOUBT: usize = 100;

/// The mark of what may have been put, or not.
const UNSURE: &str = "-";

/// A bucket that a site is exported to.
#[derive(Debug)]
pub(crate) struct StoreExport {
    bucket: Bucket,
    /// What is there.
    manifest: Manifest,
    /// What the list in the bucket says of it.
    listed: Manifest,
    /// What others put there.
    foreign: HashSet<String>,
}

/// Something that may have to be put.
struct Upload<'a> {
    path: String,
    address: &'a Address,
    /// Whether its path names its version.
    is_version: bool,
}

/// The same, made, with its mark.
struct MadeFile {
    file: StoredFile,
    mark: String,
}

impl StoreExport {
    /// Opens a bucket, which may be empty or hold an earlier export.
    ///
    /// What the list names and the bucket lacks is put again.
    pub(crate) async fn open(bucket: Bucket) -> Result<Self, ExportError> {
        let fault = |error| ExportError::Store(bucket.address().to_string(), error);
        let mut foreign = bucket.paths().await.map_err(fault)?;
        let mut manifest = match bucket.read(NAME).await.map_err(fault)? {
            Some(bytes) => {
                let text = std::str::from_utf8(&bytes).ok().and_then(manifest::parse);
                text.ok_or_else(|| ExportError::List(place(&bucket, NAME)))?
            }
            None => Manifest::new(),
        };
        for (path, entry) in &mut manifest {
            if !foreign.remove(path) {
                UNSURE.clone_into(&mut entry.mark);
            }
        }
        foreign.remove(NAME);
        Ok(Self {
            bucket,
            listed: manifest.clone(),
            manifest,
            foreign,
        })
    }

    /// Puts every page of a view that is new or changed, what it needs before it, and
    /// removes last what is gone.
    ///
    /// Pages that are not due are believed to be as they were. `done` counts.
    pub(crate) async fn run(
        &mut self,
        view: &View<'_>,
        is_due: impl Fn(&Address) -> bool,
        done: &AtomicUsize,
    ) -> Result<ExportCounts, ExportError> {
        let languages = view.names.translations.iter();
        let memo = ExportMemo::new(languages.map(|translation| &*translation.code));
        let view = &View {
            memo: Some(&memo),
            // Nobody tells readers of files of the next revision.
            revision: None,
            names_versions: true,
            ..*view
        };
        let addresses = Address::list(view);
        let uploads = uploads(view, &addresses)?;
        self.refuse_foreign(&uploads)?;
        let wanted: HashSet<_> = uploads.iter().map(|upload| upload.path.clone()).collect();
        let mut gone = HashSet::new();
        let mut written = 0;
        let is_due = |manifest: &Manifest, upload: &Upload<'_>| match manifest.get(&upload.path) {
            Some(there) if there.mark != UNSURE => !upload.is_version && is_due(upload.address),
            Some(_) | None => true,
        };
        let due = uploads
            .iter()
            .filter(|upload| is_due(&self.manifest, upload));
        let (pages, rest): (Vec<_>, Vec<_>) = due.partition(|upload| upload.is_page());
        for group in [rest, pages] {
            let mut batch = Vec::new();
            let mut bytes = 0;
            for upload in group {
                done.fetch_add(1, Ordering::Relaxed);
                let Some(made) = upload.make(view)? else {
                    gone.insert(upload.path.clone());
                    continue;
                };
                let before = self.manifest.get(&upload.path);
                if before.is_some_and(|before| before.mark == made.mark) {
                    continue;
                }
                bytes += made.file.bytes.len();
                batch.push(made);
                if bytes >= BATCH_BYTES || batch.len() >= BATCH_FILES {
                    (written, bytes) = (written + batch.len(), 0);
                    self.put(std::mem::take(&mut batch)).await?;
                }
            }
            written += batch.len();
            self.put(batch).await?;
        }
        let removed = self.remove(|path| wanted.contains(path) && !gone.contains(path));
        let removed = removed.await?;
        Ok(ExportCounts {
            files: self.manifest.len(),
            written,
            removed,
        })
    }

    /// Lets the list say what is there, so that the next export finds nothing in doubt.
    pub(crate) async fn settle(&mut self) -> Result<(), ExportError> {
        if self.listed == self.manifest {
            return Ok(());
        }
        self.list(self.manifest.clone()).await
    }

    /// What is not in the list yet and stands there is somebody else's.
    fn refuse_foreign(&self, uploads: &[Upload<'_>]) -> Result<(), ExportError> {
        let foreign = uploads
            .iter()
            .find(|upload| self.foreign.contains(&upload.path));
        match foreign {
            Some(upload) => Err(ExportError::Foreign(place(&self.bucket, &upload.path))),
            None => Ok(()),
        }
    }

    /// Puts files, after the list says that they may be put: whatever happens then, the
    /// next export knows what is its own, and believes none of it to be as it was.
    async fn put(&mut self, batch: Vec<MadeFile>) -> Result<(), ExportError> {
        let is_sure = |made: &MadeFile| {
            let listed = self.listed.get(&made.file.path);
            listed.is_none_or(|listed| listed.mark != UNSURE)
        };
        if batch.iter().any(is_sure) {
            let mut listed = self.manifest.clone();
            listed.extend(batch.iter().map(|made| entry(&made.file.path, UNSURE)));
            self.list(listed).await?;
        }
        let marks: Vec<_> = batch
            .iter()
            .map(|made| entry(&made.file.path, &made.mark))
            .collect();
        let bucket = &self.bucket;
        let puts = stream::iter(batch).map(|made| bucket.put(made.file));
        let all = puts.buffer_unordered(AT_ONCE).try_collect::<()>().await;
        all.map_err(|error| self.failed(error))?;
        self.manifest.extend(marks);
        Ok(())
    }

    /// Removes what is not to stay, and lets the list say so; says how much that was.
    ///
    /// Earlier style sheets and scripts stay: caches may hold pages that ask for them.
    async fn remove(&mut self, stays: impl Fn(&str) -> bool) -> Result<usize, ExportError> {
        let all = self.manifest.keys().map(String::as_str);
        let gone: Vec<_> = all
            .filter(|path| !stays(path) && !is_version(path))
            .map(str::to_owned)
            .collect();
        let paths: Vec<_> = gone.iter().map(String::as_str).collect();
        let removed = self.bucket.remove(&paths).await;
        removed.map_err(|error| self.failed(error))?;
        for path in &gone {
            self.manifest.remove(path);
        }
        let in_doubt = self.listed.values().filter(|entry| entry.mark == UNSURE);
        if !gone.is_empty() || in_doubt.count() > IN_DOUBT {
            self.list(self.manifest.clone()).await?;
        }
        Ok(gone.len())
    }

    /// Writes the list.
    async fn list(&mut self, listed: Manifest) -> Result<(), ExportError> {
        let file = StoredFile {
            path: NAME.to_owned(),
            bytes: manifest::print(&listed).into(),
            kind: AnswerKind::Text.content_type(),
            control: CacheLifetime::Never.control(false),
        };
        let put = self.bucket.put(file).await;
        put.map_err(|error| self.failed(error))?;
        self.listed = listed;
        Ok(())
    }

    fn failed(&self, error: BucketError) -> ExportError {
        ExportError::Store(self.bucket.address().to_string(), error)
    }
}

impl Upload<'_> {
    fn is_page(&self) -> bool {
        self.address.traits().kind == AnswerKind::Html
    }

    /// Makes it. `None` is a picture, or a file of the site's own, that has gone since
    /// it was seen.
    fn make(&self, view: &View<'_>) -> Result<Option<MadeFile>, ExportError> {
        let traits = self.address.traits();
        let bytes = match self.address.render(view) {
            Ok(bytes) => bytes,
            Err(WebError::NotFound) if traits.kind.is_picture() || is_file(self.address) => {
                return Ok(None);
            }
            Err(error) => return Err(ExportError::Page(self.address.to_string(), error)),
        };
        Ok(Some(MadeFile {
            mark: style::tag(&bytes),
            file: StoredFile {
                path: self.path.clone(),
                bytes: Bytes::from(bytes),
                kind: traits.kind.content_type(),
                control: traits.lifetime.control(self.is_version),
            },
        }))
    }
}

/// Everything that the bucket is to hold: each file of the site, and what has versions
/// under the name of its version, too.
fn uploads<'a>(view: &View<'_>, addresses: &'a [Address]) -> Result<Vec<Upload<'a>>, ExportError> {
    let (jobs, _) = jobs(view, addresses)?;
    let mut uploads = Vec::with_capacity(jobs.len());
    for (path, job) in jobs {
        // The lists of headers are for servers that read them.
        let ExportJob::Page(address) = job else {
            continue;
        };
        if address.traits().lifetime == CacheLifetime::Marked {
            let bytes = address.render(view);
            let bytes = bytes.map_err(|error| ExportError::Page(address.to_string(), error))?;
            uploads.push(Upload {
                path: style::version(&path, &style::tag(&bytes)),
                address,
                is_version: true,
            });
        }
        uploads.push(Upload {
            path,
            address,
            is_version: false,
        });
    }
    Ok(uploads)
}

/// Whether a path names a version: `style.0123456789abcdef.css`.
fn is_version(path: &str) -> bool {
    let mut parts = path.rsplit('.');
    let (ending, mark) = (parts.next(), parts.next());
    let is_mark =
        |mark: &str| mark.len() == 16 && mark.bytes().all(|byte| byte.is_ascii_hexdigit());
    matches!(ending, Some("css" | "js")) && mark.is_some_and(is_mark) && parts.next().is_some()
}

fn entry(path: &str, mark: &str) -> (String, WrittenFile) {
    let entry = WrittenFile {
        mark: mark.to_owned(),
        twins: Twins::None,
    };
    (path.to_owned(), entry)
}

fn place(bucket: &Bucket, path: &str) -> PathBuf {
    format!("{}/{path}", bucket.address()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_told_by_its_name() {
        for (path, is) in [
            ("style.0123456789abcdef.css", true),
            ("de/page.0123456789abcdef.js", true),
            ("style.css", false),
            ("style.0123456789abcde.css", false),
            ("0123456789abcdef.css", false),
            ("issues/x.0123456789abcdef.html", false),
        ] {
            assert_eq!(is_version(path), is, "{path}");
        }
    }
}
