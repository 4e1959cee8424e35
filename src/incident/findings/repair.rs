//! Applies certain repairs to a file, and makes sure that they did no more.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::incident::file::document::Document;
use crate::incident::file::head::DocumentError;
use crate::incident::file::spans;
use crate::model::finding::{Finding, Fix};

/// The file with all certain repairs of these findings; `None` if there are none.
pub fn repair(
    document: &Document,
    findings: &[Finding],
) -> Result<Option<Document>, DocumentError> {
    let fixes = apart(findings);
    if fixes.is_empty() {
        return Ok(None);
    }
    let mut bytes = document.bytes().to_owned();
    // From the end, so that the places of the others stay what they are.
    for fix in fixes.iter().rev() {
        bytes.splice(fix.range.clone(), fix.text.bytes());
    }
    let repaired = document.with_bytes(bytes)?;
    if is_meant(document, &repaired, &fixes) {
        Ok(Some(repaired))
    } else {
        Err(DocumentError::whole(
            "the repair would change more than was meant; edit the file yourself",
        ))
    }
}

/// The repairs in the order of their places, without those that overlap another.
fn apart(findings: &[Finding]) -> Vec<&Fix> {
    let mut fixes: Vec<_> = findings
        .iter()
        .filter_map(|finding| finding.fix.as_ref())
        .collect();
    fixes.sort_by_key(|fix| (fix.range.start, fix.range.end));
    let mut end = 0;
    fixes.retain(|fix| {
        let free = fix.range.start >= end;
        if free {
            end = fix.range.end;
        }
        free
    });
    fixes
}

/// Whether all keys but those of the repairs, and where the body begins, are the same.
fn is_meant(before: &Document, after: &Document, fixes: &[&Fix]) -> bool {
    let old: Vec<_> = fixes.iter().map(|fix| fix.range.clone()).collect();
    let mut shifted = Vec::new();
    let (mut gone, mut come) = (0, 0);
    let mut body = before.head().body;
    for fix in fixes {
        let start = fix.range.start + come - gone;
        shifted.push(start..start + fix.text.len());
        gone += fix.range.len();
        come += fix.text.len();
        if fix.range.end <= before.head().body {
            body = body + fix.text.len() - fix.range.len();
        }
    }
    let mut own = touched(before, &old);
    // A key that was renamed has another name now.
    own.extend(touched(after, &shifted));
    let others = |document: &Document| -> Vec<_> {
        let keys = document.keys().filter(|key| !own.contains(*key));
        keys.map(|key| (key.to_owned(), document.key(key).cloned()))
            .collect()
    };
    others(before) == others(after) && after.head().body == body
}

/// Names of the keys that some bytes belong to.
fn touched(document: &Document, ranges: &[Range<usize>]) -> BTreeSet<String> {
    let overlap =
        |one: &Range<usize>, other: &Range<usize>| one.start < other.end && other.start < one.end;
    let keys = spans::keys(document).into_iter();
    keys.filter(|key| ranges.iter().any(|range| overlap(range, &key.lines)))
        .map(|key| key.name.to_lowercase())
        .collect()
}
