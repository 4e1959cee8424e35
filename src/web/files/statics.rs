//! Files that a site keeps in `static/`, and nothing else of its disk.
//!
//! A name is looked up when somebody asks, so that a picture is there as soon as a
//! text shows it. No link is followed on the way, nothing hidden is shown, and what
//! is no plain file or too large is not there.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use crate::files;
use crate::web::table::answer::{AnswerKind, AnswerTraits, CacheLifetime, Policy};

/// Larger files are for other servers: each is held in memory while it travels.
pub(crate) const LARGEST: u64 = 4 * 1024 * 1024;

/// Files that are listed at most, and their bytes.
const MAX_FILES: usize = 2_000;
const MAX_TOTAL_BYTES: u64 = 128 * 1024 * 1024;

/// Entries of folders that are looked at.
const MAX_ENTRIES: usize = 20_000;

/// Folders within folders that are looked into.
const DEPTH: usize = 8;

/// The one hidden folder that is for everybody (RFC 8615).
const WELL_KNOWN: &str = ".well-known";

/// What a file is by the end of its name.
const KINDS: [(&str, AnswerKind); 32] = [
    ("html", AnswerKind::Html),
    ("htm", AnswerKind::Html),
    ("css", AnswerKind::Css),
    ("js", AnswerKind::Script),
    ("mjs", AnswerKind::Script),
    ("svg", AnswerKind::Svg),
    ("png", AnswerKind::Png),
    ("jpg", AnswerKind::Jpeg),
    ("jpeg", AnswerKind::Jpeg),
    ("gif", AnswerKind::Gif),
    ("webp", AnswerKind::Webp),
    ("json", AnswerKind::Json),
    ("map", AnswerKind::Json),
    ("xml", AnswerKind::Xml),
    ("txt", AnswerKind::Text),
    ("md", AnswerKind::Text),
    ("yml", AnswerKind::Text),
    ("yaml", AnswerKind::Text),
    ("toml", AnswerKind::Text),
    ("csv", AnswerKind::File("text/csv; charset=utf-8")),
    ("webmanifest", AnswerKind::File("application/manifest+json")),
    ("ico", AnswerKind::File("image/x-icon")),
    ("avif", AnswerKind::File("image/avif")),
    ("pdf", AnswerKind::File("application/pdf")),
    ("woff", AnswerKind::File("font/woff")),
    ("woff2", AnswerKind::File("font/woff2")),
    ("ttf", AnswerKind::File("font/ttf")),
    ("otf", AnswerKind::File("font/otf")),
    ("mp4", AnswerKind::File("video/mp4")),
    ("webm", AnswerKind::File("video/webm")),
    ("mp3", AnswerKind::File("audio/mpeg")),
    ("zip", AnswerKind::File("application/zip")),
];

/// What a file of another name is.
pub(crate) const OTHER_KIND: AnswerKind = AnswerKind::File("application/octet-stream");

/// What is in a folder.
#[derive(Debug, Default)]
pub(crate) struct FolderListing {
    /// The files by their paths.
    pub(crate) files: BTreeSet<String>,
    /// What is not shown, by its path, and why.
    pub(crate) left_out: Vec<(String, &'static str)>,
    bytes: u64,
    seen: usize,
}

/// A file by its path below the folders, of which the first that has it counts.
pub(crate) fn read(folders: &[PathBuf], path: &str) -> Option<Vec<u8>> {
    let mut file = find(folders, path)?;
    let mut bytes = Vec::new();
    // It may grow while it is read.
    file.by_ref().take(LARGEST).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

/// Whether there is such a file.
pub(crate) fn has(folders: &[PathBuf], path: &str) -> bool {
    find(folders, path).is_some()
}

/// The paths of all files below the folders.
pub(crate) fn all(folders: &[PathBuf]) -> BTreeSet<String> {
    let lists = folders.iter().map(|folder| list(folder));
    lists.flat_map(|listed| listed.files).collect()
}

/// Everything below a folder.
pub(crate) fn list(folder: &Path) -> FolderListing {
    let mut listed = FolderListing::default();
    listed.walk(folder, "", 0);
    listed
}

/// Whether a path names something that may be shown at all.
pub(crate) fn is_plain(path: &str) -> bool {
    let is_hidden = |part: &str| part.starts_with('.');
    let mut parts = path.split('/');
    let first = parts.clone().next();
    !path.contains(|c: char| c.is_control() || c == '\\')
        && parts.all(|part| !part.is_empty() && (!is_hidden(part) || part == WELL_KNOWN))
        && (first == Some(WELL_KNOWN) || !path.contains(WELL_KNOWN))
}

/// How a file is given.
pub(crate) fn traits(path: &str) -> AnswerTraits {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    let ending = ending.to_ascii_lowercase();
    let kind = KINDS.iter().find(|(extension, _)| *extension == ending);
    let kind = kind.map_or(OTHER_KIND, |(_, kind)| *kind);
    AnswerTraits {
        kind,
        lifetime: CacheLifetime::Machine,
        open: kind != AnswerKind::Html,
        policy: match kind {
            AnswerKind::Html => Policy::Own,
            AnswerKind::Svg => Policy::Picture,
            AnswerKind::Css
            | AnswerKind::Script
            | AnswerKind::Png
            | AnswerKind::Jpeg
            | AnswerKind::Gif
            | AnswerKind::Webp
            | AnswerKind::Json
            | AnswerKind::Rss
            | AnswerKind::Atom
            | AnswerKind::Calendar
            | AnswerKind::Xml
            | AnswerKind::Text
            | AnswerKind::File(_) => Policy::Page,
        },
    }
}

fn find(folders: &[PathBuf], path: &str) -> Option<File> {
    if !is_plain(path) {
        return None;
    }
    let mut opened = folders
        .iter()
        .map(|folder| files::open_within(folder, path, LARGEST));
    opened.find_map(Result::ok)
}

impl FolderListing {
    fn walk(&mut self, folder: &Path, prefix: &str, depth: usize) {
        let Ok(entries) = std::fs::read_dir(folder) else {
            return;
        };
        let mut entries: Vec<_> = entries.flatten().take(MAX_ENTRIES).collect();
        entries.sort_by_key(std::fs::DirEntry::file_name);
        for entry in entries {
            self.seen += 1;
            let name = entry.file_name();
            let Some(path) = name.to_str().map(|name| format!("{prefix}{name}")) else {
                let path = format!("{prefix}{}", name.display());
                self.left_out.push((path, "its name is not in UTF-8"));
                continue;
            };
            if !is_plain(&path) || self.seen > MAX_ENTRIES {
                continue;
            }
            let Ok(kind) = entry.file_type() else {
                continue;
            };
            if kind.is_dir() && depth < DEPTH {
                self.walk(&entry.path(), &format!("{path}/"), depth + 1);
            } else if let Some(why) = self.refused(&entry, kind) {
                self.left_out.push((path, why));
            } else {
                self.files.insert(path);
            }
        }
    }

    /// Why a file is not shown; counts it if it is.
    fn refused(
        &mut self,
        entry: &std::fs::DirEntry,
        kind: std::fs::FileType,
    ) -> Option<&'static str> {
        let length = entry.metadata().map_or(0, |about| about.len());
        let whole = self.bytes.saturating_add(length);
        if kind.is_symlink() {
            Some("it is a link; put the file itself there")
        } else if kind.is_dir() {
            Some("it lies in too many folders; move it up")
        } else if !kind.is_file() {
            Some("it is not a plain file; remove it")
        } else if length > LARGEST {
            Some("it is larger than 4 MiB; make it smaller, or put it on another server")
        } else if self.files.len() >= MAX_FILES || whole > MAX_TOTAL_BYTES {
            Some("there are more than 2,000 files or 128 MiB; put some on another server")
        } else {
            self.bytes = whole;
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use rustix::fs::Mode;

    use super::*;

    #[test]
    fn nothing_but_plain_files_of_the_folder_is_shown() {
        let site = tempfile::tempdir().unwrap();
        let folder = site.path().join("static");
        std::fs::create_dir_all(folder.join("img")).unwrap();
        std::fs::create_dir_all(folder.join(".git")).unwrap();
        std::fs::create_dir_all(folder.join(".well-known")).unwrap();
        std::fs::write(site.path().join("secret.txt"), "no").unwrap();
        std::fs::write(folder.join("img/a b.png"), "yes").unwrap();
        std::fs::write(folder.join(".git/config"), "no").unwrap();
        std::fs::write(folder.join(".env"), "no").unwrap();
        std::fs::write(folder.join(".well-known/security.txt"), "yes").unwrap();
        let large = File::create(folder.join("large.zip")).unwrap();
        large.set_len(LARGEST + 1).unwrap();
        let link = |to: &str, name: &str| {
            std::os::unix::fs::symlink(to, folder.join(name)).unwrap();
        };
        link("../secret.txt", "link.txt");
        link("..", "up");
        rustix::fs::mknodat(
            rustix::fs::CWD,
            folder.join("pipe.txt"),
            rustix::fs::FileType::Fifo,
            Mode::RUSR | Mode::WUSR,
            0,
        )
        .unwrap();
        let folders = [folder.clone()];
        for (path, shown) in [
            ("img/a b.png", true),
            (".well-known/security.txt", true),
            (".env", false),
            (".git/config", false),
            ("img/.well-known", false),
            ("../secret.txt", false),
            ("img/../../secret.txt", false),
            ("/etc/passwd", false),
            ("link.txt", false),
            ("up/secret.txt", false),
            ("pipe.txt", false),
            ("large.zip", false),
            ("img", false),
            ("none", false),
            ("", false),
        ] {
            assert_eq!(read(&folders, path).is_some(), shown, "{path}");
            assert_eq!(all(&folders).contains(path), shown, "{path}");
        }
        let listed = list(&folder);
        let left_out: Vec<_> = listed.left_out.iter().map(|(path, _)| &**path).collect();
        assert_eq!(left_out, ["large.zip", "link.txt", "pipe.txt", "up"]);
    }

    #[test]
    fn the_first_folder_that_has_a_file_counts() {
        let site = tempfile::tempdir().unwrap();
        let folders = ["own", "theme"].map(|name| site.path().join(name));
        for folder in &folders {
            std::fs::create_dir(folder).unwrap();
            std::fs::write(folder.join("logo.svg"), folder.to_str().unwrap()).unwrap();
        }
        std::fs::write(folders[1].join("other.svg"), "theme").unwrap();
        let own = read(&folders, "logo.svg").unwrap();
        assert!(String::from_utf8(own).unwrap().ends_with("own"));
        assert!(has(&folders, "other.svg"));
        assert_eq!(all(&folders).len(), 2);
    }

    proptest! {
        #[test]
        fn no_path_leads_out_of_the_folder(path in "[a-b./\\\\~]{0,20}") {
            let site = tempfile::tempdir().unwrap();
            let folder = site.path().join("static");
            std::fs::create_dir_all(folder.join("a/b")).unwrap();
            std::fs::write(site.path().join("a.b"), "no").unwrap();
            std::fs::write(site.path().join("b"), "no").unwrap();
            prop_assert_eq!(read(&[folder], &path), None);
        }
    }
}
