//! Titles and texts of rules, checked.

use crate::config::reader::{Reader, Table, texts};
use crate::evaluate::words::Template;

/// Checks the `title` and the `text` of a table.
pub(crate) fn check(reader: &mut Reader, table: &Table<'_>) {
    for (title, span) in texts(table, "title") {
        if title.contains("{{") {
            reader.fault(
                span,
                "a title has no values: it names the file; put them into `text`",
            );
        }
    }
    for (text, span) in texts(table, "text") {
        if let Err(error) = Template::parse(&text) {
            reader.fault(span, error.to_string());
        }
    }
}
