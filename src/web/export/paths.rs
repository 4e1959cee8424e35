//! Which paths of an export are files and which are folders.

use std::collections::HashSet;
use std::iter;

use crate::web::export::files::{BESIDE, HIDDEN};
use crate::web::serving::response::coding::Coding;

/// The files of an export, with those that are written beside them.
///
/// On a disk nothing is a file and a folder, unlike an address of a site.
#[derive(Debug, Default)]
pub(crate) struct ExportPaths {
    files: HashSet<String>,
    folders: HashSet<String>,
    /// The files for which something would be written where a folder is.
    barred: HashSet<String>,
}

impl ExportPaths {
    /// Whether a file cannot stand there: a folder of it is a file, or it is a folder.
    pub(crate) fn lacks(&self, path: &str) -> bool {
        let is_file = |folder| written_for(folder).any(|file| self.files.contains(&*file));
        self.barred.contains(path) || folders(path).any(is_file)
    }

    /// Keeps the room of a file.
    pub(crate) fn take(&mut self, path: &str) {
        // Where a folder is known, those around it are, too.
        for folder in folders(path) {
            if !self.folders.insert(folder.to_owned()) {
                break;
            }
            self.barred.extend(written_for(folder));
        }
        self.files.insert(path.to_owned());
    }
}

/// The folders that a path is in, the innermost first, but for that of the whole export.
fn folders(path: &str) -> impl Iterator<Item = &str> {
    let ends = path.rmatch_indices('/');
    ends.map(|(end, _)| &path[..end])
}

/// The files for which something may be written at a path: the file itself, or one
/// whose twin it is, or beside which it is written first.
fn written_for(path: &str) -> impl Iterator<Item = String> {
    let (folder, name) = path
        .rsplit_once('/')
        .map_or(("", path), |(folder, name)| (&path[..=folder.len()], name));
    let hidden = name.strip_prefix(HIDDEN);
    let beside = hidden.and_then(|name| name.strip_suffix(BESIDE));
    let names = iter::once(name).chain(beside);
    let names = names.flat_map(|name| {
        let endings = Coding::SMALLER.map(Coding::ending).into_iter();
        let twins = endings.filter_map(|ending| name.strip_suffix(ending));
        iter::once(name).chain(twins)
    });
    names.map(move |name| format!("{folder}{name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_a_file_is_no_folder() {
        let mut paths = ExportPaths::default();
        paths.take("a/x/index.json");
        paths.take("a/y.json/index.json");
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
            assert_eq!(paths.lacks(path), lacks, "{path}");
        }
    }
}
