//! Reads one line of a metrics page, in either of Prometheus' two formats.
//!
//! As strict as Prometheus where that matters (a bad line fails the page), and
//! milder in blanks: tabs and a carriage return at the end of a line are taken.

use crate::collect::page::cursor::Cursor;
use crate::collect::page::line::SyntaxSlip::{self, Wrong};
use crate::collect::page::line::{ExpositionFormat, PageLine};
use crate::model::series::label::is_plain;

/// Words for types in the classic text format.
const TEXT_TYPES: [&str; 5] = ["counter", "gauge", "histogram", "summary", "untyped"];

/// Words for types in `OpenMetrics`.
const OPEN_TYPES: [&str; 8] = [
    "counter",
    "gauge",
    "histogram",
    "gaugehistogram",
    "summary",
    "info",
    "stateset",
    "unknown",
];

/// Reads a line without its line break.
pub(crate) fn read(line: &str, format: ExpositionFormat) -> Result<PageLine, SyntaxSlip> {
    let line = line.strip_suffix('\r').unwrap_or(line);
    if let Some(comment) = line.strip_prefix('#') {
        return comment_line(comment, format);
    }
    let mut cursor = Cursor { rest: line };
    cursor.blanks();
    match (cursor.rest, format) {
        ("", ExpositionFormat::Text) => Ok(PageLine::Nothing),
        ("", ExpositionFormat::OpenMetrics) => Err(Wrong("an empty line")),
        (rest, _) if rest.starts_with('#') => comment_line(&rest[1..], format),
        _ => cursor.sample(format).map(PageLine::Sample),
    }
}

/// Reads what follows the `#`; only what Prometheus looks at is looked at.
fn comment_line(comment: &str, format: ExpositionFormat) -> Result<PageLine, SyntaxSlip> {
    let open = format == ExpositionFormat::OpenMetrics;
    if open && comment == " EOF" {
        return Ok(PageLine::End);
    }
    let mut cursor = Cursor { rest: comment };
    let keyword = if cursor.blanks() { cursor.word() } else { "" };
    cursor.blanks();
    let known = matches!(keyword, "HELP" | "TYPE") || (open && keyword == "UNIT");
    if open && !known {
        return Err(Wrong("a comment that is not HELP, TYPE, UNIT or EOF"));
    }
    // In the classic text, words that name no metric are a plain comment.
    if !known || (!open && cursor.rest.is_empty()) {
        return Ok(PageLine::Nothing);
    }
    let name = if cursor.rest.starts_with('"') {
        cursor.quoted()?
    } else {
        cursor.word().to_owned()
    };
    if !is_plain(&name, true) && !comment.contains('"') {
        return Err(Wrong("a name of a metric was expected"));
    }
    let unit = cursor.rest.trim_matches([' ', '\t']);
    let types: &[&str] = if open { &OPEN_TYPES } else { &TEXT_TYPES };
    let ends = |name: &str| {
        let stem = name.strip_suffix(unit);
        unit.is_empty() || stem.is_some_and(|stem| stem.ends_with('_'))
    };
    match keyword {
        "TYPE" if !types.contains(&unit) => Err(Wrong("a type that the format does not know")),
        "UNIT" if !ends(&name) => Err(Wrong("a unit that the metric's name does not end in")),
        _ => Ok(PageLine::Described),
    }
}
