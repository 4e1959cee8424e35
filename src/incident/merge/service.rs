//! Tells changes of the service from those of people.

use serde_json::{Map, Value};

use crate::incident::file::document::Document;
use crate::model::incident::Author;

/// Who wrote updates through us, by their marks.
const AUTHORS: &str = "authors";

/// Whether the service made a change: it notes each in its map. Who changes something
/// through us signs it there, which makes it theirs.
pub(super) fn is_by_service(before: Option<&Document>, after: &Document) -> bool {
    let Some(noted) = managed(after) else {
        return false;
    };
    let known = before.and_then(managed);
    let signed = |map: &Map<String, Value>| {
        let signatures = map.get(AUTHORS).and_then(Value::as_object);
        signatures.cloned().unwrap_or_default()
    };
    let by_known = known.map(signed).unwrap_or_default();
    if signed(noted)
        .keys()
        .any(|mark| !by_known.contains_key(mark))
    {
        return false;
    }
    let unsigned = |map: &Map<String, Value>| {
        let mut map = map.clone();
        map.remove(AUTHORS);
        map
    };
    known.map(unsigned) != Some(unsigned(noted))
}

/// Whether a change from one version to another has words of a person.
pub(super) fn is_by_person(before: Option<&[u8]>, after: &[u8]) -> bool {
    let (Ok(after), before) = (
        Document::parse(after),
        before.and_then(|before| Document::parse(before).ok()),
    ) else {
        return true;
    };
    if !is_by_service(before.as_ref(), &after) {
        return true;
    }
    let updates = |document: &Document| document.incident("a.md").updates;
    let known = before.as_ref().map(updates).unwrap_or_default();
    let written = updates(&after);
    written
        .iter()
        .any(|update| update.author == Author::Person && !known.contains(update))
}

/// The map `critwatch:` of a document.
pub(super) fn managed(document: &Document) -> Option<&Map<String, Value>> {
    document.key("critwatch").and_then(Value::as_object)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(map: &str) -> Document {
        let text = format!("---\ntitle: A\ncritwatch:\n  severity: down\n{map}---\n");
        Document::parse(text.into_bytes()).unwrap()
    }

    #[test]
    fn what_somebody_signs_is_no_change_of_the_service() {
        let plain = document("");
        let signed = document("  authors: {\"2baa1ccb\": ann}\n");
        let twice = document("  authors: {\"2baa1ccb\": ann, \"3c\": ben}\n");
        let noted = document("  authors: {\"2baa1ccb\": ann}\n  resolved: true\n");
        assert!(is_by_service(None, &plain));
        assert!(!is_by_service(Some(&plain), &plain));
        assert!(!is_by_service(Some(&plain), &signed));
        assert!(!is_by_service(Some(&signed), &twice));
        assert!(is_by_service(Some(&signed), &noted));
        // An update that is gone takes its signature along.
        assert!(!is_by_service(Some(&twice), &signed));
    }
}
