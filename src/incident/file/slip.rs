//! Slips of the pen that would hide an open incident, or let it be opened twice.

use crate::incident::file::document::Document;
use crate::incident::file::head::DocumentError;
use crate::incident::file::spans;
use crate::model::incident::Incident;

/// Why a file is not believed that says no more that its incident is open, and not
/// that it is over either; `None` if it may be.
pub(crate) fn slip(
    before: &Incident,
    after: &Incident,
    document: &Document,
) -> Option<DocumentError> {
    let was_open = before.is_issue && before.resolved == Some(false);
    let (key, lacks) = match after {
        _ if !was_open => return None,
        after if !after.is_issue => ("section", "`section: issue` in its head"),
        after if after.resolved.is_none() => ("resolved", "`resolved: true` or `false`"),
        _ => return None,
    };
    let message = format!(
        "an open incident has lost {lacks}, so it stays as it was; restore it, or hide the \
         incident with `draft: true`, or delete the file"
    );
    Some(DocumentError::at(line_of(document, key), message))
}

/// The line of a key, or the first one.
pub(crate) fn line_of(document: &Document, key: &str) -> usize {
    let keys = spans::keys(document);
    let written = keys.iter().find(|one| one.name.eq_ignore_ascii_case(key));
    let above = written.map_or(0, |one| one.key.start);
    document.bytes()[..above]
        .split(|byte| *byte == b'\n')
        .count()
}
