//! Where the parts of an incident's body are.

use std::ops::Range;

/// The byte ranges of the parts of a body, without the blank lines between them.
///
/// The paragraphs that open an update are in none of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BodyLayout {
    /// The paragraphs above the updates.
    pub opening: Range<usize>,
    /// The further paragraphs below each update, in the order of the updates.
    pub more: Vec<Range<usize>>,
    /// Everything from the first heading below the updates.
    pub report: Range<usize>,
}

impl BodyLayout {
    /// The layout of a body of so many bytes that is nothing but a report.
    pub fn report_only(length: usize) -> Self {
        Self {
            report: 0..length,
            ..Self::default()
        }
    }
}
