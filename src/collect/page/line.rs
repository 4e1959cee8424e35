//! What a line of a metrics page can say, and why it may say nothing.

use crate::model::sample::Sample;

/// How a page is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpositionFormat {
    /// Prometheus' classic text, 0.0.4, with the quoted names of 1.0.0.
    Text,
    /// `OpenMetrics` 1.0, which ends in `# EOF`.
    OpenMetrics,
}

/// What a line says.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum PageLine {
    /// Nothing that is kept: a comment, no word at all.
    Nothing,
    /// Help, type or unit of a metric; not kept either.
    Described,
    /// That the page ends here.
    End,
    /// A sample; its timestamp and exemplar are dropped.
    Sample(Sample),
}

/// Why a line cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SyntaxSlip {
    /// It is not written as the format wants it.
    Wrong(&'static str),
    /// It has more or longer labels than we take.
    Labels,
}
