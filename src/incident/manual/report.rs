//! The post-mortem in a file: everything from the first heading below the updates,
//! sections that nobody has written yet included.

use crate::incident::file::body;
use crate::incident::file::document::Document;
use crate::incident::file::sections::{is_unwritten, sections};
use crate::incident::manual::refusal::EditRefusal;
use crate::model::request::incidents::incident_change::PostMortem;

/// The post-mortem as it stands in a file.
pub fn report(document: &Document) -> PostMortem {
    let body = document.body();
    let parsed = body::parse(&body, document.zone());
    // Without updates all of the body counts as one.
    let range = Some(parsed.layout.report).filter(|_| !parsed.updates.is_empty());
    let text = range.and_then(|range| body.get(range)).unwrap_or_default();
    PostMortem {
        text: text.trim().replace("\r\n", "\n"),
        unwritten: unwritten(&body),
    }
}

/// The headings of sections that nobody has written yet.
pub(super) fn unwritten(body: &str) -> Vec<String> {
    let sections = sections(body).into_iter();
    let unwritten = sections.filter(|section| is_unwritten(&body[section.range.clone()]));
    unwritten.map(|section| section.heading).collect()
}

/// The same file with another post-mortem.
pub(super) fn with_report(document: &Document, report: &str) -> Result<Document, EditRefusal> {
    if !report.starts_with('#') {
        return Err(EditRefusal::NoHeading);
    }
    let unreadable = |why: String| EditRefusal::Unreadable(why);
    let text = std::str::from_utf8(document.body_bytes())
        .map_err(|_| unreadable("the file is not UTF-8".to_owned()))?;
    let before = body::parse(text, document.zone());
    if before.updates.is_empty() {
        return Err(EditRefusal::NoUpdate);
    }
    let (above, below) = match before.layout.report {
        range if range.is_empty() => (text, ""),
        range => (&text[..range.start], &text[range.end..]),
    };
    let mut written = format!("{}\n\n{report}\n", above.trim_end());
    if !below.trim().is_empty() {
        written = format!("{written}\n{}\n", below.trim());
    }
    if text.contains("\r\n") {
        written = written.replace("\r\n", "\n").replace('\n', "\r\n");
    }
    if body::parse(&written, document.zone()).updates != before.updates {
        return Err(EditRefusal::ReadsAsUpdate);
    }
    let bytes = document.bytes();
    let head = &bytes[..bytes.len() - document.body_bytes().len()];
    let lead = text.len() - text.trim_start().len();
    let written = format!("{}{}", &text[..lead], written.trim_start());
    let changed = [head, written.as_bytes()].concat();
    document
        .with_bytes(changed)
        .map_err(|error| unreadable(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "---\nsection: issue\ntitle: A\ndate: 2026-03-01T12:00:00Z\n---\n\n";
    const UPDATES: &str = "*Resolved* - Over. {{< track \"2026-03-01 13:00:00\" >}}\n\n\
        *Investigating* - It fails. {{< track \"2026-03-01 12:00:00\" >}}\n";

    fn document(rest: &str) -> Document {
        Document::parse(format!("{HEAD}{UPDATES}{rest}")).unwrap()
    }

    #[test]
    fn a_post_mortem_is_read_and_written_without_a_touch_of_anything_else() {
        let unwritten = "\n## Problem\n\n*Our team has not written this section yet.*\n";
        let file = document(unwritten);
        let found = report(&file);
        assert_eq!(found.text, unwritten.trim());
        assert_eq!(found.unwritten, ["problem"]);
        let written = with_report(&file, "## Problem\n\nThe cache was full.").unwrap();
        let expected = format!("{HEAD}{UPDATES}\n## Problem\n\nThe cache was full.\n");
        assert_eq!(String::from_utf8_lossy(written.bytes()), expected);
        let found = report(&written);
        assert_eq!(found.text, "## Problem\n\nThe cache was full.");
        assert!(found.unwritten.is_empty());
        // Where there was none, it stands below the updates.
        let first = with_report(&document(""), "## Problem\n\nThe cache was full.").unwrap();
        assert_eq!(first.bytes(), written.bytes());
    }

    #[test]
    fn the_ends_of_lines_stay_as_they_are() {
        let bytes = format!("{HEAD}{UPDATES}").replace('\n', "\r\n");
        let written = with_report(&Document::parse(bytes.clone()).unwrap(), "# A\n\nB").unwrap();
        let expected = format!("{bytes}\r\n# A\r\n\r\nB\r\n");
        assert_eq!(String::from_utf8_lossy(written.bytes()), expected);
    }

    #[test]
    fn what_would_be_no_post_mortem_is_refused() {
        for (text, refusal) in [
            ("The cache was full.", EditRefusal::NoHeading),
            (
                "# A\n\n*Update* - B. {{< track \"2026-03-01 13:00:00\" >}}",
                EditRefusal::ReadsAsUpdate,
            ),
        ] {
            assert_eq!(
                with_report(&document(""), text).unwrap_err(),
                refusal,
                "{text}"
            );
        }
    }
}
