//! Whether there is data to judge by, and which metrics an expression names.

use std::collections::BTreeSet;

use crate::evaluate::promql::matching::SetOperator;
use crate::evaluate::promql::plan::{Plan, Range, Scalar, Vector};
use crate::evaluate::promql::selector::{Clock, Selector};
use crate::evaluate::window::Window;

/// Looks whether what an expression reads is there at a moment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sight<'w> {
    /// The samples.
    pub(crate) window: &'w Window,
    /// The moments.
    pub(crate) clock: Clock,
}

impl Sight<'_> {
    /// Says whether there is data for the whole expression.
    pub(crate) fn plan(self, plan: &Plan) -> bool {
        match plan {
            Plan::Scalar(scalar) => self.scalar(scalar),
            Plan::Vector(vector) => self.vector(vector),
        }
    }

    fn scalar(self, scalar: &Scalar) -> bool {
        match scalar {
            Scalar::Number(_) | Scalar::Time => true,
            Scalar::Only(vector) => self.vector(vector),
            Scalar::Negate(of) => self.scalar(of),
            Scalar::Binary { left, right, .. } => self.scalar(left) && self.scalar(right),
        }
    }

    fn vector(self, vector: &Vector) -> bool {
        match vector {
            Vector::Select(selector) => {
                let at = selector.shift.moment(self.clock);
                selector
                    .series(self.window)
                    .1
                    .any(|series| series.latest(at).is_some())
            }
            Vector::Single(scalar) => self.scalar(scalar),
            Vector::Negate(of)
            | Vector::Timestamp(of)
            | Vector::Sort { of, .. }
            | Vector::Relabel { of, .. } => self.vector(of),
            Vector::Each { of, with, .. } => {
                self.vector(of) && with.iter().all(|scalar| self.scalar(scalar))
            }
            Vector::HistogramQuantile { quantile, of } => self.scalar(quantile) && self.vector(of),
            Vector::Over { of, with, .. } => self.range(of) && self.scalar(with),
            // That nothing is there is the very answer of these.
            Vector::Absent { .. } | Vector::AbsentOverTime { .. } => true,
            Vector::Aggregate { of, with, .. } => self.vector(of) && self.scalar(with),
            Vector::WithScalar { vector, scalar, .. } => self.vector(vector) && self.scalar(scalar),
            Vector::Match { left, right, .. } => self.vector(left) && self.vector(right),
            Vector::Set {
                operator,
                left,
                right,
                ..
            } => match operator {
                SetOperator::And => self.vector(left) && self.vector(right),
                SetOperator::Or => self.vector(left) || self.vector(right),
                SetOperator::Unless => self.vector(left),
            },
        }
    }

    /// A range is seen while a series in it still lives: what has gone is no
    /// more to be judged, however much of it the range still holds.
    fn range(self, range: &Range) -> bool {
        let (start, end) = range.edges(self.clock);
        match range {
            Range::Select { selector, .. } => {
                let mut samples = Vec::new();
                selector.series(self.window).1.any(|series| {
                    series.between(start, end, &mut samples);
                    !samples.is_empty() && series.latest(end).is_some()
                })
            }
            Range::Subquery { of, .. } => Self {
                clock: Clock {
                    now: end,
                    ..self.clock
                },
                ..self
            }
            .vector(of),
        }
    }
}

/// Collects the metric names that an expression selects, sorted; an empty one is any.
pub(crate) fn metric_names(plan: &Plan) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    match plan {
        Plan::Scalar(scalar) => names_in_scalar(scalar, &mut names),
        Plan::Vector(vector) => names_in_vector(vector, &mut names),
    }
    names
}

fn names_in_scalar<'p>(scalar: &'p Scalar, names: &mut BTreeSet<&'p str>) {
    match scalar {
        Scalar::Number(_) | Scalar::Time => {}
        Scalar::Only(vector) => names_in_vector(vector, names),
        Scalar::Negate(of) => names_in_scalar(of, names),
        Scalar::Binary { left, right, .. } => {
            names_in_scalar(left, names);
            names_in_scalar(right, names);
        }
    }
}

fn names_in_vector<'p>(vector: &'p Vector, names: &mut BTreeSet<&'p str>) {
    match vector {
        Vector::Select(selector) => names_in_selector(selector, names),
        Vector::Single(scalar) => names_in_scalar(scalar, names),
        Vector::Negate(of)
        | Vector::Timestamp(of)
        | Vector::Sort { of, .. }
        | Vector::Relabel { of, .. }
        | Vector::Absent { of, .. } => names_in_vector(of, names),
        Vector::Each { of, with, .. } => {
            names_in_vector(of, names);
            for scalar in with {
                names_in_scalar(scalar, names);
            }
        }
        Vector::Over { of, with, .. } => {
            names_in_range(of, names);
            names_in_scalar(with, names);
        }
        Vector::HistogramQuantile { quantile, of } => {
            names_in_scalar(quantile, names);
            names_in_vector(of, names);
        }
        Vector::AbsentOverTime { of, .. } => names_in_range(of, names),
        Vector::Aggregate { of, with, .. } => {
            names_in_vector(of, names);
            names_in_scalar(with, names);
        }
        Vector::WithScalar { vector, scalar, .. } => {
            names_in_vector(vector, names);
            names_in_scalar(scalar, names);
        }
        Vector::Match { left, right, .. } | Vector::Set { left, right, .. } => {
            names_in_vector(left, names);
            names_in_vector(right, names);
        }
    }
}

fn names_in_range<'p>(range: &'p Range, names: &mut BTreeSet<&'p str>) {
    match range {
        Range::Select { selector, .. } => names_in_selector(selector, names),
        Range::Subquery { of, .. } => names_in_vector(of, names),
    }
}

fn names_in_selector<'p>(selector: &'p Selector, names: &mut BTreeSet<&'p str>) {
    if selector.names.is_empty() {
        names.insert("");
    }
    names.extend(selector.names.iter().map(|name| &**name));
}
