//! What an export wrote, so that the next one knows what is its own.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::web::serving::response::coding::Coding;

/// The name of the list in the folder.
pub(crate) const NAME: &str = ".critwatch-export";

/// The first line: what follows is written in this way.
const HEAD: &str = "critwatch export 1";

/// A file as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WrittenFile {
    /// A mark of its bytes.
    pub(crate) mark: String,
    /// Which compressed twins stand beside it.
    pub(crate) twins: Twins,
}

/// The compressed twins of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Twins {
    /// It has none: it is small, or cannot be made smaller.
    None,
    /// Those that are quickly made. In a hurry Brotli makes a page hardly smaller
    /// than gzip does, and takes longer than everything else.
    Quick,
    /// All.
    All,
}

impl Twins {
    const EACH: [Self; 3] = [Self::None, Self::Quick, Self::All];

    /// How they are compressed.
    pub(crate) fn codings(self) -> &'static [Coding] {
        match self {
            Self::None => &[],
            Self::Quick => &[Coding::Gzip],
            Self::All => &Coding::SMALLER,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::None => "alone",
            Self::Quick => "quick",
            Self::All => "twins",
        }
    }
}

/// Every file of an export, by its path within the folder.
pub(crate) type Manifest = BTreeMap<String, WrittenFile>;

/// Prints a list: a line for each file.
pub(crate) fn print(manifest: &Manifest) -> String {
    let mut text = format!("{HEAD}\n");
    for (path, WrittenFile { mark, twins }) in manifest {
        let twins = twins.word();
        // Writing into a String cannot fail.
        let _ = writeln!(text, "{mark} {twins} {path}");
    }
    text
}

/// Reads a list; `None` if it is none of ours.
pub(crate) fn parse(text: &str) -> Option<Manifest> {
    let mut lines = text.lines();
    if lines.next() != Some(HEAD) {
        return None;
    }
    let read = lines.map(|line| {
        let mut words = line.splitn(3, ' ');
        let (mark, twins, path) = (words.next()?, words.next()?, words.next()?);
        let twins = Twins::EACH.into_iter().find(|one| one.word() == twins)?;
        let mark = mark.to_owned();
        is_inside(path).then(|| (path.to_owned(), WrittenFile { mark, twins }))
    });
    read.collect()
}

/// Whether a path stays within the folder and can be written in a line.
pub(crate) fn is_inside(path: &str) -> bool {
    !path.contains(|c: char| c.is_control() || c == '\\')
        && path
            .split('/')
            .all(|part| !part.is_empty() && part != "." && part != "..")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_list_is_printed_as_it_was_read() {
        let text = "critwatch export 1\n00ff twins index.html\n";
        assert_eq!(print(&parse(text).unwrap()), text);
    }

    #[test]
    fn a_list_that_was_tampered_with_is_none() {
        for text in [
            "",
            "critwatch export 2\n",
            "critwatch export 1\n00 twins ../passwd\n",
            "critwatch export 1\n00 twins /etc/passwd\n",
            "critwatch export 1\n00 some index.html\n",
            "critwatch export 1\n00 twins\n",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_list_comes_back(paths in proptest::collection::btree_map("[^/\\\\\\pC]{1,9}(/[a-z ]{1,9})?", 0..3_usize, 0..9)) {
            let manifest: Manifest = paths
                .into_iter()
                .filter(|(path, _)| is_inside(path))
                .map(|(path, twins)| (path, WrittenFile { mark: "00ff".into(), twins: Twins::EACH[twins] }))
                .collect();
            prop_assert_eq!(parse(&print(&manifest)), Some(manifest));
        }

        #[test]
        fn no_text_makes_it_panic(text in "(critwatch export 1\n)?.{0,60}") {
            let _ = parse(&text);
        }
    }
}
