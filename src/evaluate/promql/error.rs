//! Why an expression is refused, and why an evaluation has no answer.

use crate::evaluate::promql::parse::refusal::reason;
use crate::evaluate::window::labels::Labels;

/// Tells why an expression is refused when it is parsed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExpressionError {
    /// The text is longer than the parser may get.
    #[error("expression of {bytes} bytes is longer than {limit}")]
    TooLong {
        /// Length of the text.
        bytes: usize,
        /// Length that is allowed.
        limit: usize,
    },
    /// Brackets, operators or calls stand too deep within each other.
    #[error("expression is nested deeper than {limit} levels")]
    TooDeep {
        /// Levels that are allowed.
        limit: usize,
    },
    /// Compiling all its patterns would take too long.
    #[error("more than {limit} patterns (`=~`, `!~`)")]
    TooManyPatterns {
        /// Patterns that are allowed.
        limit: usize,
    },
    /// A range, step or offset is no duration with a unit.
    #[error("`{0}` is not a duration: write seconds, or a whole number and a unit, such as 5m")]
    Duration(String),
    /// A text escapes a byte that is only a part of a letter.
    #[error("`{0}` in a text is a byte and no letter: write the letter itself")]
    Byte(String),
    /// A duration or moment lies beyond what can be computed with.
    #[error("{0} is out of bounds")]
    OutOfBounds(&'static str),
    /// A subquery would evaluate its inside too often.
    #[error("subquery takes {steps} steps, more than {limit}: widen its step")]
    TooManySteps {
        /// Steps, multiplied over subqueries within each other.
        steps: i64,
        /// Steps that are allowed.
        limit: i64,
    },
    /// The text is no `PromQL`; the words are the parser's.
    #[error("{words}{}", hint.map(|hint| format!(" ({hint})")).unwrap_or_default())]
    Syntax {
        /// What the parser said.
        words: String,
        /// The way out, if the mistake is a common one.
        hint: Option<&'static str>,
    },
    /// This part of `PromQL` is not evaluated here; its kind and name.
    #[error("{kind} {name} is not evaluated{}", reason(kind, name).map(|why| format!(": {why}")).unwrap_or_default())]
    NotEvaluated {
        /// `function`, `aggregation`, `modifier`, ...
        kind: &'static str,
        /// Its name as `PromQL` writes it.
        name: String,
    },
    /// A label's name is empty, or a pattern is not valid.
    #[error("`{text}` is not a {what}")]
    Text {
        /// `label name`, `pattern`.
        what: &'static str,
        /// The text as written.
        text: String,
    },
    /// An operand or argument is of another type than its place wants.
    #[error("expected {expected} in {place}, got {got}")]
    Type {
        /// The type wanted.
        expected: &'static str,
        /// Where it is wanted.
        place: String,
        /// The type found.
        got: &'static str,
    },
}

/// Tells why the operands of an expression do not fit together right now.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EvaluateError {
    /// Two series of the "one" side share their matching labels.
    #[error("match group {group} has several series on its one side: {first} and {second}")]
    ManyToMany {
        /// The labels that they share.
        group: Labels,
        /// The series found first.
        first: Labels,
        /// The series found second.
        second: Labels,
    },
    /// Several series match one without `group_left` or `group_right`.
    #[error("several series match {group}: use group_left or group_right")]
    ManyToOne {
        /// The labels that they share.
        group: Labels,
    },
    /// The labels of grouped results do not tell them apart.
    #[error("several results would be {labels}: grouping labels must distinguish them")]
    Ambiguous {
        /// The labels that came out twice.
        labels: Labels,
    },
    /// The number of elements wanted is no whole number that fits.
    #[error("{aggregation} cannot give {count} elements")]
    Count {
        /// `topk` or `bottomk`.
        aggregation: &'static str,
        /// The number as it was computed.
        count: String,
    },
    /// It would visit more series and samples than one evaluation may.
    #[error(
        "evaluation visits more than {limit} series and steps: select fewer series, or take fewer steps"
    )]
    TooMuchWork {
        /// Visits that are allowed.
        limit: usize,
    },
    /// The answer over a span of time is larger than anybody reads.
    #[error("the answer has more than {limit} values: select fewer series, or take fewer steps")]
    TooManyValues {
        /// Values that are allowed.
        limit: usize,
    },
    /// Two elements of a vector have the same labels, mostly for want of a name.
    #[error("vector has several elements {labels}")]
    SameLabels {
        /// The labels that occur twice.
        labels: Labels,
    },
}

/// Refuses an operand or argument of another type than its place wants.
pub(crate) fn refused(expected: &'static str, place: &str, got: &'static str) -> ExpressionError {
    ExpressionError::Type {
        expected,
        place: place.to_owned(),
        got,
    }
}
