//! Post-mortems that have waited for a person for days.

use jiff::Timestamp;

use crate::incident::file::sections::is_unwritten;
use crate::incident::file::sections::{BodySection, sections};
use crate::incident::findings::page::{ExaminedFile, choice};
use crate::model::component::Severity;
use crate::model::finding::Weight::Hint;

/// Seconds before people are reminded.
const PATIENCE: i64 = 3 * 86_400;

/// Reminds people to write about an outage.
pub(crate) fn check(page: &mut ExaminedFile<'_>) {
    let grave = matches!(
        page.incident.severity,
        Some(Severity::Disrupted | Severity::Down)
    );
    let ended = page.incident.resolved_when.map(Timestamp::as_second);
    let late = ended.is_some_and(|end| page.checked.now.as_second() - end > PATIENCE);
    if !grave || !late || page.incident.resolved != Some(true) {
        return;
    }
    let body = page.document.body().into_owned();
    let waiting: Vec<_> = sections(&body)
        .into_iter()
        .filter(|section| is_unwritten(&body[section.range.clone()]))
        .collect();
    let Some(first) = waiting.first() else {
        return;
    };
    // Invalid bytes are longer in the decoded text than in the file.
    let head = page.document.bytes().len() - page.document.body_bytes().len();
    let at = (head + first.range.start).min(page.document.bytes().len());
    let heading = |section: &BodySection| {
        let line = body[section.range.clone()].lines().next();
        line.unwrap_or_default().trim_matches(['#', ' ', '\t'])
    };
    let names: Vec<_> = waiting.iter().map(heading).collect();
    let message = format!(
        "the post-mortem is not written: a person is to fill in {}; write it, or delete the \
        headings that have nothing to tell",
        choice(&names).replace(" or ", " and "),
    );
    page.add(Hint, "post-mortem", at, message);
}
