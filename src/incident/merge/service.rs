//! Tells changes of the service from those of people.

use serde_json::{Map, Value};

use crate::incident::file::document::Document;
use crate::model::incident::Author;

/// Whether the service made a change: it notes each in its map.
pub(super) fn is_by_service(before: Option<&Document>, after: &Document) -> bool {
    let map = |document: &Document| document.key("critwatch").cloned();
    let after_map = map(after);
    after_map.is_some() && before.and_then(map) != after_map
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
