//! What a repair changes in a file, line by line, as patches show it.

use std::fmt::Write as _;

/// Lines shown above and below a change.
const CONTEXT: usize = 2;

/// How far the same line is looked for below a change.
const REACH: usize = 40;

/// One line of the difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum DiffLine<'a> {
    Same(&'a [u8]),
    Gone(&'a [u8]),
    New(&'a [u8]),
}

/// The difference of two texts in the unified form; empty if there is none.
pub fn difference(file: &str, old: &[u8], new: &[u8]) -> String {
    let lines = compare(&split(old), &split(new));
    let is_change = |line: &DiffLine<'_>| !matches!(line, DiffLine::Same(_));
    let near = |at: usize| {
        let from = at.saturating_sub(CONTEXT);
        lines[from..lines.len().min(at + CONTEXT + 1)]
            .iter()
            .any(is_change)
    };
    let mut text = String::new();
    let (mut before, mut after) = (1, 1);
    let mut at = 0;
    while at < lines.len() {
        if near(at) {
            let end = (at..lines.len()).find(|at| !near(*at));
            let block = &lines[at..end.unwrap_or(lines.len())];
            if text.is_empty() {
                text = format!("--- {file}\n+++ {file}\n");
            }
            let (gone, come) = (of_old(block), of_new(block));
            let _ = writeln!(text, "@@ -{before},{gone} +{after},{come} @@");
            for line in block {
                write_line(&mut text, line);
            }
            before += gone;
            after += come;
            at += block.len();
        } else {
            // Far from every change, lines are the same on both sides.
            before += 1;
            after += 1;
            at += 1;
        }
    }
    text
}

fn of_old(block: &[DiffLine<'_>]) -> usize {
    let is_old = |line: &&DiffLine<'_>| !matches!(line, DiffLine::New(_));
    block.iter().filter(is_old).count()
}

fn of_new(block: &[DiffLine<'_>]) -> usize {
    let is_new = |line: &&DiffLine<'_>| !matches!(line, DiffLine::Gone(_));
    block.iter().filter(is_new).count()
}

fn write_line(text: &mut String, line: &DiffLine<'_>) {
    let (mark, bytes) = match line {
        DiffLine::Same(bytes) => (' ', bytes),
        DiffLine::Gone(bytes) => ('-', bytes),
        DiffLine::New(bytes) => ('+', bytes),
    };
    let words = String::from_utf8_lossy(bytes);
    let _ = writeln!(text, "{mark}{}", words.trim_end_matches(['\n', '\r']));
    if !words.ends_with('\n') {
        text.push_str("\\ No newline at end of file\n");
    }
}

fn split(bytes: &[u8]) -> Vec<&[u8]> {
    bytes.split_inclusive(|byte| *byte == b'\n').collect()
}

/// Walks through both texts, and on after a change where they meet again.
fn compare<'a>(old: &[&'a [u8]], new: &[&'a [u8]]) -> Vec<DiffLine<'a>> {
    let mut lines = Vec::new();
    let (mut i, mut j) = (0, 0);
    while i < old.len() || j < new.len() {
        if i < old.len() && old.get(i) == new.get(j) {
            lines.push(DiffLine::Same(old[i]));
            (i, j) = (i + 1, j + 1);
            continue;
        }
        let meet = (1..=REACH)
            .flat_map(|sum| (0..=sum).map(move |gone| (i + gone, j + sum - gone)))
            .find(|(i, j)| *i < old.len() && old.get(*i) == new.get(*j));
        let (next_i, next_j) = meet.unwrap_or((old.len(), new.len()));
        lines.extend(old[i..next_i].iter().map(|line| DiffLine::Gone(line)));
        lines.extend(new[j..next_j].iter().map(|line| DiffLine::New(line)));
        (i, j) = (next_i, next_j);
    }
    lines
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

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

    proptest! {
        #[test]
        fn it_leads_from_one_text_to_the_other(old in "[ab\n]{0,40}", new in "[abc\n]{0,40}") {
            let (old, new) = (split(old.as_bytes()), split(new.as_bytes()));
            let lines = compare(&old, &new);
            let side = |other: fn(&DiffLine<'_>) -> bool| -> Vec<&[u8]> {
                lines.iter().filter(|line| !other(line)).map(|line| match line {
                    DiffLine::Same(bytes) | DiffLine::Gone(bytes) | DiffLine::New(bytes) => *bytes,
                }).collect()
            };
            prop_assert_eq!(side(|line| matches!(line, DiffLine::New(_))), old);
            prop_assert_eq!(side(|line| matches!(line, DiffLine::Gone(_))), new);
        }
    }
}
