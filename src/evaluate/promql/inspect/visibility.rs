//! What an expression can see at a moment, and which metrics it names.

use std::collections::BTreeSet;

use crate::evaluate::promql::plan::matching::SetOperator;
use crate::evaluate::promql::plan::selector::{Clock, ShiftedSelector};
use crate::evaluate::promql::plan::tree::{ExpressionPlan, Range, Scalar, Vector};
use crate::evaluate::window::Window;
use crate::evaluate::window::series::Series;

/// What an expression sees at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Visibility {
    /// Whether there is data to judge by.
    pub(crate) data: bool,
    /// If something that it reads is out of sight: until when, in milliseconds
    /// since the epoch, the last look at it could be believed.
    pub(crate) unseen: Option<i64>,
    /// When the newest sample that it reads was measured, in the same unit and
    /// without its `offset`; only if that is asked for.
    pub(crate) newest: Option<i64>,
}

impl Visibility {
    /// That which needs no data.
    pub(crate) const ALL: Self = Self {
        data: true,
        unseen: None,
        newest: None,
    };

    /// What needs both.
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            data: self.data && other.data,
            ..self.or(other)
        }
    }

    /// What needs data for one of them, but all that they read in sight.
    fn or(self, other: Self) -> Self {
        Self {
            data: self.data || other.data,
            unseen: self.unseen.into_iter().chain(other.unseen).min(),
            newest: self.newest.max(other.newest),
        }
    }
}

/// Looks whether what an expression reads is there at a moment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SeriesSight<'w> {
    /// The samples.
    pub(crate) window: &'w Window,
    /// The moments.
    pub(crate) clock: Clock,
    /// Whether it is asked how new the samples are.
    pub(crate) dates: bool,
}

impl SeriesSight<'_> {
    /// Says what the whole expression sees.
    pub(crate) fn plan(self, plan: &ExpressionPlan) -> Visibility {
        match plan {
            ExpressionPlan::Scalar(scalar) => self.scalar(scalar),
            ExpressionPlan::Vector(vector) => self.vector(vector),
        }
    }

    fn scalar(self, scalar: &Scalar) -> Visibility {
        match scalar {
            Scalar::Number(_) | Scalar::Time => Visibility::ALL,
            Scalar::Only(vector) => self.vector(vector),
            Scalar::Negate(of) => self.scalar(of),
            Scalar::Binary { left, right, .. } => self.scalar(left).and(self.scalar(right)),
        }
    }

    /// Says what a vector part sees.
    pub(crate) fn vector(self, vector: &Vector) -> Visibility {
        match vector {
            Vector::Select(selector) => {
                let at = selector.shift.moment(self.clock);
                self.select(selector, at, |series| series.latest(at).map(|last| last.at))
            }
            Vector::Single(scalar) => self.scalar(scalar),
            Vector::Negate(of)
            | Vector::Timestamp(of)
            | Vector::Sort { of, .. }
            | Vector::Relabel { of, .. } => self.vector(of),
            Vector::Each { of, with, .. } => {
                let scalars = with.iter().map(|scalar| self.scalar(scalar));
                scalars.fold(self.vector(of), Visibility::and)
            }
            Vector::HistogramQuantile { quantile, of } => {
                self.scalar(quantile).and(self.vector(of))
            }
            Vector::Over { of, with, .. } => self.range(of).and(self.scalar(with)),
            // That nothing is there is the very answer of these, but only for
            // who could look.
            Vector::Absent { of, .. } => Visibility::ALL.or(self.vector(of)),
            Vector::AbsentOverTime { of, .. } => Visibility::ALL.or(self.range(of)),
            Vector::Aggregate { of, with, .. } => self.vector(of).and(self.scalar(with)),
            Vector::WithScalar { vector, scalar, .. } => {
                self.vector(vector).and(self.scalar(scalar))
            }
            Vector::Match { left, right, .. } => self.vector(left).and(self.vector(right)),
            Vector::Set {
                operator,
                left,
                right,
                ..
            } => match operator {
                SetOperator::And => self.vector(left).and(self.vector(right)),
                SetOperator::Or => self.vector(left).or(self.vector(right)),
                SetOperator::Unless => self.vector(left),
            },
        }
    }

    /// A range is seen while a series in it still lives: what has gone is no
    /// more to be judged, however much of it the range still holds.
    pub(crate) fn range(self, range: &Range) -> Visibility {
        let (start, end) = range.edges(self.clock);
        match range {
            Range::Select { selector, .. } => {
                let mut samples = Vec::new();
                self.select(selector, end, |series| {
                    series.between(start, end, &mut samples);
                    let last = series.latest(end).filter(|_| !samples.is_empty());
                    last.map(|last| last.at)
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

    /// A selector is blind while a collector fails that brought one of its
    /// series, or has not answered yet and may bring one.
    fn select(
        self,
        selector: &ShiftedSelector,
        at: i64,
        mut last: impl FnMut(&Series) -> Option<i64>,
    ) -> Visibility {
        let mut unseen = None;
        if self.window.collectors().may_be_blind(at) {
            let series = selector.series(self.window).1;
            unseen = series.filter_map(|series| series.unseen(at)).min();
            let mut unanswered = self.window.collectors().unanswered();
            if unanswered.any(|(collector, brings)| selector.may_select(collector, brings)) {
                unseen = Some(i64::MIN);
            }
        }
        let mut series = selector.series(self.window).1;
        if self.dates {
            let newest = series.filter_map(last).max();
            let shift = self.clock.end.saturating_sub(at);
            return Visibility {
                data: newest.is_some(),
                unseen,
                newest: newest.map(|newest| newest.saturating_add(shift)),
            };
        }
        Visibility {
            data: series.any(|series| last(series).is_some()),
            unseen,
            newest: None,
        }
    }
}

/// Collects the metric names that an expression selects, sorted; an empty one is any.
pub(crate) fn metric_names(plan: &ExpressionPlan) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    match plan {
        ExpressionPlan::Scalar(scalar) => names_in_scalar(scalar, &mut names),
        ExpressionPlan::Vector(vector) => names_in_vector(vector, &mut names),
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
            collect_from_range(of, names);
            names_in_scalar(with, names);
        }
        Vector::HistogramQuantile { quantile, of } => {
            names_in_scalar(quantile, names);
            names_in_vector(of, names);
        }
        Vector::AbsentOverTime { of, .. } => collect_from_range(of, names),
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

/// The names of metrics in a range; an empty one is any.
pub(crate) fn names_in_range(range: &Range) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    collect_from_range(range, &mut names);
    names
}

fn collect_from_range<'p>(range: &'p Range, names: &mut BTreeSet<&'p str>) {
    match range {
        Range::Select { selector, .. } => names_in_selector(selector, names),
        Range::Subquery { of, .. } => names_in_vector(of, names),
    }
}

fn names_in_selector<'p>(selector: &'p ShiftedSelector, names: &mut BTreeSet<&'p str>) {
    if selector.names.is_empty() {
        names.insert("");
    }
    names.extend(selector.names.iter().map(|name| &**name));
}
