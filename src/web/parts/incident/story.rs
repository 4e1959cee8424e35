//! An incident's body in its parts: what came first, the updates, the report.

use std::ops::Range;

use crate::model::incident::Incident;

/// A body in its parts, each as markdown.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct BodyParts<'a> {
    /// The text above the updates.
    pub opening: &'a str,
    /// The further paragraphs of each update.
    pub more: Vec<&'a str>,
    /// Everything from the first heading below the updates; without updates all of
    /// the body.
    pub report: &'a str,
}

/// Cuts a body where its layout says.
pub(crate) fn story(incident: &Incident) -> BodyParts<'_> {
    let cut = |range: &Range<usize>| incident.body.get(range.clone()).unwrap_or_default();
    BodyParts {
        opening: cut(&incident.layout.opening),
        more: incident.layout.more.iter().map(cut).collect(),
        report: cut(&incident.layout.report),
    }
}
