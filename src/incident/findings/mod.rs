//! Probable mistakes in an incident file, and the edits that certainly fix them.
//!
//! cState accepts such files silently and shows something else than was meant.

pub mod affected;
pub mod dates;
pub mod files;
pub mod flags;
pub mod keys;
pub mod near;
pub mod page;
pub mod repair;
pub mod severity;
pub mod span;
pub mod story;
#[cfg(test)]
mod tests;
pub mod text;

use crate::incident::file::document::Document;
use crate::incident::file::head::HeadFormat;
use crate::incident::findings::page::{Checked, ExaminedFile};
use crate::model::finding::Finding;
use crate::model::finding::Weight::Fault;

/// Everything found in a file, in the order of its lines; `name` is its path
/// within the folder.
pub fn findings(document: &Document, name: &str, checked: Checked<'_>) -> Vec<Finding> {
    let mut page = ExaminedFile::new(document, name, checked);
    if document.head().format == HeadFormat::None {
        let message = "the file has no head, so it is not an incident; \
            put `---`, the keys and `---` above the text";
        page.add(Fault, "no-head", 0, message);
    } else if keys::check(&mut page) {
        flags::check(&mut page);
        dates::check(&mut page);
        severity::check(&mut page);
        affected::check(&mut page);
        span::check(&mut page);
        text::title(&mut page);
        text::name(&mut page);
    }
    text::body(&mut page);
    story::check(&mut page);
    page.found()
}
