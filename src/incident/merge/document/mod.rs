//! Merges whole files: documents by their keys and paragraphs, all else as a whole.

use crate::incident::file::document::Document;
use crate::incident::folder::pages::is_page;
use crate::incident::merge::service::{is_by_person, is_by_service};
use crate::incident::merge::{body, head};
use crate::model::incidents::versions::{MergedFile, Versions};

/// Merges the versions of the file of that name; `None` is a file that is not there.
pub(crate) fn merge(name: &str, versions: Versions<Option<&[u8]>>) -> MergedFile {
    let Versions { base, ours, theirs } = versions;
    let taken = |bytes: Option<&[u8]>, lost: &[&str]| MergedFile {
        bytes: bytes.map(<[u8]>::to_owned),
        lost: lost.iter().map(|&words| words.to_owned()).collect(),
    };
    if ours == base || ours == theirs {
        return taken(theirs, &[]);
    }
    if theirs == base {
        return taken(ours, &[]);
    }
    match (ours, theirs) {
        // Who deletes a file does not know what was written meanwhile.
        (None, there) => taken(there, &[]),
        (Some(ours), None) if is_page(name) && is_by_person(base, ours) => taken(Some(ours), &[]),
        (Some(_), None) => taken(None, &[]),
        (Some(_), theirs) if !is_page(name) => taken(theirs, &[]),
        (Some(ours), Some(theirs)) => both(base, ours, theirs),
    }
}

/// Merges a file that both changed.
fn both(base: Option<&[u8]>, ours: &[u8], theirs: &[u8]) -> MergedFile {
    let read = |bytes: &[u8]| {
        let is_text = std::str::from_utf8(bytes).is_ok();
        is_text.then(|| Document::parse(bytes).ok()).flatten()
    };
    let whole = |lost| MergedFile {
        bytes: Some(theirs.to_owned()),
        lost,
    };
    let (Some(our), Some(their)) = (read(ours), read(theirs)) else {
        return whole(vec!["the whole file".to_owned()]);
    };
    let base = base.and_then(read);
    let base = base.as_ref();
    let is_ours_by_service = is_by_service(base, &our);
    let (merged, mut lost) = head::merge(base, &our, &their);
    if is_ours_by_service {
        lost.clear();
    }
    let text = body::merge(base, &our, &their, is_ours_by_service);
    let mut bytes = merged.bytes()[..merged.head().body].to_vec();
    bytes.extend(text.bytes());
    match merged.with_bytes(bytes) {
        Ok(document) => MergedFile {
            bytes: Some(document.bytes().to_owned()),
            lost,
        },
        Err(_) => whole(vec!["the whole file".to_owned()]),
    }
}

#[cfg(test)]
mod tests;
