//! The expression as it is evaluated: typed, closed, and all parts known.

use crate::evaluate::promql::functions::aggregation::Aggregation;
use crate::evaluate::promql::functions::each::Each;
use crate::evaluate::promql::functions::over_time::Over;
use crate::evaluate::promql::plan::grouping::Grouping;
use crate::evaluate::promql::plan::matching::{Matching, SetOperator};
use crate::evaluate::promql::plan::operator::BinaryOperator;
use crate::evaluate::promql::plan::relabel::LabelFunction;
use crate::evaluate::promql::plan::selector::{Clock, Shift, ShiftedSelector};
use crate::evaluate::window::labels::Labels;

/// A whole expression, by the type of its answer.
#[derive(Clone, Debug)]
pub(crate) enum ExpressionPlan {
    /// It answers with one number.
    Scalar(Scalar),
    /// It answers with a vector.
    Vector(Vector),
}

/// A part that gives one number.
#[derive(Clone, Debug)]
pub(crate) enum Scalar {
    /// A number as written.
    Number(f64),
    /// `time()`.
    Time,
    /// `scalar()`: the only element's value, otherwise NaN.
    Only(Box<Vector>),
    /// Unary minus.
    Negate(Box<Self>),
    /// An operation on two numbers.
    Binary {
        /// What is done.
        operator: BinaryOperator,
        /// The left operand.
        left: Box<Self>,
        /// The right operand.
        right: Box<Self>,
    },
}

/// A part that gives a vector.
#[derive(Clone, Debug)]
pub(crate) enum Vector {
    /// An instant selector.
    Select(ShiftedSelector),
    /// `vector()`.
    Single(Box<Scalar>),
    /// Unary minus.
    Negate(Box<Self>),
    /// A function of each element's value and further numbers.
    Each {
        /// What is computed.
        function: Each,
        /// The elements.
        of: Box<Self>,
        /// The further numbers.
        with: Vec<Scalar>,
    },
    /// A function of each series' samples in a range.
    Over {
        /// What is computed.
        function: Over,
        /// The samples.
        of: Range,
        /// The further number of `quantile_over_time` and `predict_linear`.
        with: Box<Scalar>,
    },
    /// `timestamp()`.
    Timestamp(Box<Self>),
    /// `absent()`.
    Absent {
        /// What should be there.
        of: Box<Self>,
        /// The labels of the answer.
        labels: Labels,
    },
    /// `absent_over_time()`.
    AbsentOverTime {
        /// What should be there.
        of: Range,
        /// The labels of the answer.
        labels: Labels,
    },
    /// `label_replace()` and `label_join()`.
    Relabel {
        /// How the label is computed.
        relabel: LabelFunction,
        /// The elements.
        of: Box<Self>,
    },
    /// `histogram_quantile()`.
    HistogramQuantile {
        /// Which part of all observations lies below.
        quantile: Box<Scalar>,
        /// The buckets.
        of: Box<Self>,
    },
    /// `sort()` and `sort_desc()`.
    Sort {
        /// What is sorted.
        of: Box<Self>,
        /// The largest first.
        descending: bool,
    },
    /// `sum by (...)` and its like.
    Aggregate {
        /// What is computed of each group.
        aggregation: Aggregation,
        /// The groups.
        grouping: Grouping,
        /// The elements.
        of: Box<Self>,
        /// The number that `topk`, `bottomk` and `quantile` take.
        with: Box<Scalar>,
    },
    /// An operation on each element and one number.
    WithScalar {
        /// What is done.
        operator: BinaryOperator,
        /// The elements.
        vector: Box<Self>,
        /// The number.
        scalar: Box<Scalar>,
        /// The number stands left of the operator.
        scalar_first: bool,
    },
    /// An operation on pairs of elements with matching labels.
    Match {
        /// What is done.
        operator: BinaryOperator,
        /// How elements find each other.
        matching: Matching,
        /// The left operand.
        left: Box<Self>,
        /// The right operand.
        right: Box<Self>,
    },
    /// `and`, `or`, `unless`.
    Set {
        /// Which of them.
        operator: SetOperator,
        /// The labels that elements are compared by.
        on: Grouping,
        /// The left operand.
        left: Box<Self>,
        /// The right operand.
        right: Box<Self>,
    },
}

impl Vector {
    /// Says whether the order of the elements is a part of the answer.
    pub(crate) fn is_sorted(&self) -> bool {
        let first = Aggregation::First { descending: true };
        let last = Aggregation::First { descending: false };
        match self {
            Self::Sort { .. } => true,
            Self::Aggregate { aggregation, .. } => *aggregation == first || *aggregation == last,
            Self::Select(_)
            | Self::Single(_)
            | Self::Negate(_)
            | Self::Each { .. }
            | Self::Over { .. }
            | Self::Timestamp(_)
            | Self::Absent { .. }
            | Self::AbsentOverTime { .. }
            | Self::Relabel { .. }
            | Self::HistogramQuantile { .. }
            | Self::WithScalar { .. }
            | Self::Match { .. }
            | Self::Set { .. } => false,
        }
    }
}

/// A part that gives samples over a stretch of time.
#[derive(Clone, Debug)]
pub(crate) enum Range {
    /// A range selector.
    Select {
        /// The series.
        selector: ShiftedSelector,
        /// The length in milliseconds.
        width: i64,
    },
    /// A subquery.
    Subquery {
        /// What is evaluated at each step.
        of: Box<Vector>,
        /// The length in milliseconds.
        width: i64,
        /// The distance of the steps in milliseconds.
        step: i64,
        /// Its `@` and `offset`.
        shift: Shift,
    },
}

impl Range {
    /// Gives the excluded left and the included right edge, in milliseconds.
    pub(crate) fn edges(&self, clock: Clock) -> (i64, i64) {
        let (shift, width) = match self {
            Self::Select { selector, width } => (selector.shift, width),
            Self::Subquery { shift, width, .. } => (*shift, width),
        };
        let end = shift.moment(clock);
        (end - width, end)
    }
}
