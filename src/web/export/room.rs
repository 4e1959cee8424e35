//! Which paths of an export are files and which are folders.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use crate::web::export::files::{beside, twin};
use crate::web::serving::coding::Coding;

/// The files of an export, with those that are written beside them.
///
/// On a disk nothing is a file and a folder, unlike an address of a site.
#[derive(Debug, Default)]
pub(crate) struct Room {
    files: HashSet<PathBuf>,
    folders: HashSet<PathBuf>,
}

impl Room {
    /// Whether a file cannot stand there: a folder of it is a file, or it is a folder.
    pub(crate) fn lacks(&self, path: &str) -> bool {
        let path = Path::new(path);
        folders(path).any(|folder| self.files.contains(folder))
            || files(path).any(|file| self.folders.contains(&file))
    }

    /// Keeps the room of a file.
    pub(crate) fn take(&mut self, path: &str) {
        let path = Path::new(path);
        self.folders.extend(folders(path).map(Path::to_owned));
        self.files.extend(files(path));
    }
}

/// The folders that a path is in, but for that of the whole export.
fn folders(path: &Path) -> impl Iterator<Item = &Path> {
    let folders = path.ancestors().skip(1);
    folders.filter(|folder| !folder.as_os_str().is_empty())
}

/// Every file that may be written for a path.
fn files(path: &Path) -> impl Iterator<Item = PathBuf> {
    let twins = Coding::SMALLER.map(|coding| twin(path, coding));
    let whole = [path.to_owned()].into_iter().chain(twins);
    whole.flat_map(|path| [beside(&path), path])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_a_file_is_no_folder() {
        let mut room = Room::default();
        room.take("a/x/index.json");
        room.take("a/y.json/index.json");
        for (path, lacks) in [
            ("a/x/index.json", false),
            ("a/x/index.xml", false),
            ("a/x/index.json.html", false),
            ("a/x/index", false),
            ("b", false),
            ("a/x/index.json/index.json", true),
            ("a/x/index.json/b/index.json", true),
            ("a/x/index.json.gz/index.json", true),
            ("a/x/.index.json.br.critwatch/index.json", true),
            ("a", true),
            ("a/x", true),
            ("a/y.json", true),
        ] {
            assert_eq!(room.lacks(path), lacks, "{path}");
        }
    }
}
