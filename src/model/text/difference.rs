//! What a repair changes in a file, line by line, as patches show it.

use std::fmt::Write as _;
use std::ops::Range;

use similar::{Algorithm, ChangeTag, capture_diff_slices, group_diff_ops};

/// Lines shown above and below a change.
const CONTEXT: usize = 2;

/// The difference of two texts in the unified form; empty if there is none.
pub fn difference(file: &str, old: &[u8], new: &[u8]) -> String {
    let (old, new) = (split(old), split(new));
    let changes = capture_diff_slices(Algorithm::Myers, &old, &new);
    let mut text = String::new();
    for block in group_diff_ops(changes, CONTEXT) {
        let (Some(first), Some(last)) = (block.first(), block.last()) else {
            continue;
        };
        if text.is_empty() {
            text = format!("--- {file}\n+++ {file}\n");
        }
        let gone = lines(first.old_range(), last.old_range());
        let come = lines(first.new_range(), last.new_range());
        let _ = writeln!(text, "@@ -{gone} +{come} @@");
        for change in block.iter().flat_map(|part| part.iter_changes(&old, &new)) {
            write_line(&mut text, change.tag(), change.value());
        }
    }
    text
}

/// Where a block begins and how many lines it has on one side.
fn lines(first: Range<usize>, last: Range<usize>) -> String {
    format!("{},{}", first.start + 1, last.end - first.start)
}

fn write_line(text: &mut String, tag: ChangeTag, line: &[u8]) {
    let words = String::from_utf8_lossy(line);
    let _ = writeln!(text, "{tag}{}", words.trim_end_matches(['\n', '\r']));
    if !words.ends_with('\n') {
        text.push_str("\\ No newline at end of file\n");
    }
}

fn split(bytes: &[u8]) -> Vec<&[u8]> {
    bytes.split_inclusive(|byte| *byte == b'\n').collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changed_lines_are_shown_with_their_neighbours() {
        let old = b"a\nb\nc\nd\ne\nf\n-\ng\nh\ni";
        let new = b"a\nb\nc\nD\ne\nf\n-\ng\nh\n";
        let expected = "--- x\n+++ x\n@@ -2,5 +2,5 @@\n b\n c\n-d\n+D\n e\n f\n@@ -8,3 +8,2 @@\n g\n h\n-i\n\
            \\ No newline at end of file\n";
        assert_eq!(difference("x", old, new), expected);
        assert_eq!(difference("x", old, old), "");
    }
}
