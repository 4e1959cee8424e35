//! What git prints of trees and objects, read.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};

/// The name of an object, in hexadecimal.
pub(crate) type ObjectId = String;

/// A file of a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TreeFile {
    /// Its kind and whether it may be run, as git writes it.
    pub mode: String,
    /// What it holds.
    pub id: ObjectId,
}

/// The files of a tree, by their paths; neither links nor other repositories.
pub(crate) type Tree = BTreeMap<String, TreeFile>;

/// Reads `ls-tree -r -z`; hidden files and paths that are no text are left out.
pub(crate) fn tree(listing: &[u8]) -> Tree {
    let mut tree = Tree::new();
    for line in listing.split(|byte| *byte == 0) {
        let Some((about, path)) = std::str::from_utf8(line)
            .ok()
            .and_then(|line| line.split_once('\t'))
        else {
            continue;
        };
        let mut about = about.split(' ');
        let (Some(mode), Some("blob"), Some(id)) = (about.next(), about.next(), about.next())
        else {
            continue;
        };
        if mode.starts_with("100") && is_followed(path) {
            let (mode, id) = (mode.to_owned(), id.to_owned());
            tree.insert(path.to_owned(), TreeFile { mode, id });
        }
    }
    tree
}

/// Whether a path of a tree may become one of a folder.
pub(crate) fn is_followed(path: &str) -> bool {
    let is_sound = |part: &str| !part.is_empty() && !part.starts_with('.') && !part.contains('\\');
    !path.chars().any(char::is_control) && path.split('/').all(is_sound)
}

/// Reads the answers of `cat-file --batch`, in the order of the questions.
pub(crate) fn contents(mut answers: &[u8]) -> Vec<Option<Vec<u8>>> {
    let mut contents = Vec::new();
    while let Some(end) = answers.iter().position(|byte| *byte == b'\n') {
        let head = String::from_utf8_lossy(&answers[..end]).into_owned();
        answers = &answers[end + 1..];
        let size = head
            .rsplit(' ')
            .next()
            .and_then(|size| size.parse::<usize>().ok());
        match size.filter(|size| *size < answers.len() && !head.ends_with("missing")) {
            Some(size) => {
                contents.push(Some(answers[..size].to_vec()));
                answers = &answers[size + 1..];
            }
            None => contents.push(None),
        }
    }
    contents
}

/// The name that git gives to a content, in a repository whose names look like `like`.
pub(crate) fn blob(bytes: &[u8], like: &str) -> ObjectId {
    let algorithm = if like.len() == 64 {
        &SHA256
    } else {
        &SHA1_FOR_LEGACY_USE_ONLY
    };
    let whole = [format!("blob {}\0", bytes.len()).as_bytes(), bytes].concat();
    digest(algorithm, &whole)
        .as_ref()
        .iter()
        .fold(String::new(), |mut name, byte| {
            // Writing to a text cannot fail.
            let _ = write!(name, "{byte:02x}");
            name
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trees_and_objects_are_read() {
        let listing = [
            "100644 blob aa\tcontent/issues/a.md",
            "120000 blob bb\tlink",
            "160000 commit cc\tthemes/x",
            "100644 blob dd\t.github/x.yml",
            "100755 blob ee\trün.sh",
            "",
        ];
        let listing = listing.join("\0");
        let tree = tree(listing.as_bytes());
        assert_eq!(
            tree.keys().collect::<Vec<_>>(),
            ["content/issues/a.md", "rün.sh"]
        );
        let answers = b"aa blob 3\na\nb\nzz missing\nbb blob 0\n\n";
        let expected = [Some(b"a\nb".to_vec()), None, Some(Vec::new())];
        assert_eq!(contents(answers), expected);
        // printf 'hello\n' | git hash-object --stdin
        let id = "ce013625030ba8dba906f756967f9e9ca394464a";
        assert_eq!(blob(b"hello\n", id), id);
    }

    #[test]
    fn no_path_of_a_tree_leads_out_of_the_folder() {
        for bad in [
            "",
            "../a",
            "a/../b",
            "/a",
            "a//b",
            ".git/config",
            "a/.git/x",
            "a\\b",
            "a\nb",
        ] {
            assert!(!is_followed(bad), "{bad}");
        }
    }
}
