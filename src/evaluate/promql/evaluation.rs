//! The plan of an expression carried out over a window at one moment.

use crate::evaluate::promql::budget::Budget;
use crate::evaluate::promql::error::EvaluateError;
use crate::evaluate::promql::functions::each::Each;
use crate::evaluate::promql::functions::grouped::Grouped;
use crate::evaluate::promql::functions::histogram::histogram_quantile;
use crate::evaluate::promql::functions::number::seconds;
use crate::evaluate::promql::functions::over_time::{Over, RangeSamples};
use crate::evaluate::promql::functions::statistics::nan_last;
use crate::evaluate::promql::inspect::visibility::{SeriesSight, Visibility};
use crate::evaluate::promql::plan::operator::BinaryOperator;
use crate::evaluate::promql::plan::selector::{Clock, ShiftedSelector};
use crate::evaluate::promql::plan::tree::{Range, Scalar, Vector};
use crate::evaluate::promql::value::{Element, unnamed};
use crate::evaluate::window::Window;
use crate::evaluate::window::labels::Labels;
use crate::evaluate::window::series::Stamped;

type Elements = Result<Vec<Element>, EvaluateError>;

/// One evaluation: what is read, and when.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Evaluation<'w> {
    /// The samples.
    pub(crate) window: &'w Window,
    /// The moments.
    pub(crate) clock: Clock,
    /// What it may still do.
    pub(crate) budget: &'w Budget,
    /// Whether what is out of sight counts as absent, as it does in Prometheus.
    pub(crate) unseen_is_absent: bool,
}

impl Evaluation<'_> {
    /// Whether something that is not there can be called absent.
    fn looked(self, sight: impl FnOnce(SeriesSight<'_>) -> Visibility) -> bool {
        let (window, clock) = (self.window, self.clock);
        let look = SeriesSight {
            window,
            clock,
            dates: false,
        };
        self.unseen_is_absent || sight(look).unseen.is_none()
    }

    /// Gives the number of a scalar part.
    pub(crate) fn scalar(self, scalar: &Scalar) -> Result<f64, EvaluateError> {
        Ok(match scalar {
            Scalar::Number(number) => *number,
            Scalar::Time => seconds(self.clock.now),
            Scalar::Only(vector) => match self.vector(vector)?.as_slice() {
                [only] => only.value,
                _ => f64::NAN,
            },
            Scalar::Negate(of) => -self.scalar(of)?,
            Scalar::Binary {
                operator,
                left,
                right,
            } => {
                let (left, right) = (self.scalar(left)?, self.scalar(right)?);
                // Numbers are compared with `bool` only, so nothing is filtered.
                operator.apply(left, right).unwrap_or(f64::NAN)
            }
        })
    }

    /// Gives the elements of a vector part, in no promised order.
    pub(crate) fn vector(self, vector: &Vector) -> Elements {
        match vector {
            Vector::Select(selector) => self.instant(selector, |sample| sample.value),
            Vector::Single(scalar) => Ok(vec![Element {
                labels: Labels::default(),
                value: self.scalar(scalar)?,
            }]),
            Vector::Negate(of) => unnamed(mapped(self.vector(of)?, |value| Some(-value))),
            Vector::Each { function, of, with } => self.each(*function, of, with),
            Vector::Over { function, of, with } => self.over(*function, of, with),
            Vector::Timestamp(of) => self.timestamps(of),
            Vector::Absent { of, labels } => {
                let none = self.vector(of)?.is_empty();
                Ok(absent(
                    labels,
                    none && self.looked(|sight| sight.vector(of)),
                ))
            }
            Vector::AbsentOverTime { of, labels } => {
                let mut none = true;
                self.stretches(of, |_, _| none = false)?;
                Ok(absent(labels, none && self.looked(|sight| sight.range(of))))
            }
            Vector::Relabel { relabel, of } => relabel.of(self.vector(of)?),
            Vector::HistogramQuantile { quantile, of } => {
                histogram_quantile(self.scalar(quantile)?, self.vector(of)?)
            }
            Vector::Sort { of, descending } => {
                let mut elements = self.vector(of)?;
                sort_by_value(&mut elements, *descending);
                Ok(elements)
            }
            Vector::Aggregate {
                aggregation,
                grouping,
                of,
                with,
            } => aggregation.of(self.vector(of)?, grouping, self.scalar(with)?),
            Vector::WithScalar {
                operator,
                vector,
                scalar,
                scalar_first,
            } => self.with_scalar(*operator, vector, scalar, *scalar_first),
            Vector::Match {
                operator,
                matching,
                left,
                right,
            } => matching.apply(*operator, self.vector(left)?, self.vector(right)?),
            Vector::Set {
                operator,
                on,
                left,
                right,
            } => Ok(operator.of(self.vector(left)?, self.vector(right)?, on)),
        }
    }

    /// Calls `visit` for each series that has samples in the range.
    pub(crate) fn stretches(
        self,
        range: &Range,
        mut visit: impl FnMut(&Labels, &[Stamped]),
    ) -> Result<(), EvaluateError> {
        let (start, end) = range.edges(self.clock);
        match range {
            Range::Select { selector, .. } => {
                let mut samples = Vec::new();
                let (count, found) = selector.series(self.window);
                self.budget.visit(count)?;
                for series in found {
                    series.between(start, end, &mut samples);
                    self.budget.read(samples.len())?;
                    if !samples.is_empty() {
                        visit(series.labels(), &samples);
                    }
                }
            }
            Range::Subquery { of, step, .. } => {
                for (labels, samples) in self.subquery(of, (start, end), *step)? {
                    visit(&labels, &samples);
                }
            }
        }
        Ok(())
    }

    fn instant(self, selector: &ShiftedSelector, value: impl Fn(Stamped) -> f64) -> Elements {
        let at = selector.shift.moment(self.clock);
        let (count, series) = selector.series(self.window);
        self.budget.visit(count)?;
        let elements = series.filter_map(|series| {
            let value = value(series.latest(at)?);
            Some(Element {
                labels: series.labels().clone(),
                value,
            })
        });
        Ok(elements.collect())
    }

    fn each(self, function: Each, of: &Vector, with: &[Scalar]) -> Elements {
        let mut numbers = [0.0; 2];
        for (number, scalar) in numbers.iter_mut().zip(with) {
            *number = self.scalar(scalar)?;
        }
        unnamed(mapped(self.vector(of)?, |value| {
            function.of(value, numbers)
        }))
    }

    fn over(self, function: Over, of: &Range, with: &Scalar) -> Elements {
        let with = self.scalar(with)?;
        let now = self.clock.now;
        let (start, end) = of.edges(self.clock);
        let mut elements = Vec::new();
        self.stretches(of, |labels, samples| {
            let value = function.of(RangeSamples {
                samples,
                start,
                end,
                now,
                with,
            });
            elements.extend(value.map(|value| Element {
                labels: labels.clone(),
                value,
            }));
        })?;
        if function.keeps_name() {
            Ok(elements)
        } else {
            unnamed(elements)
        }
    }

    /// Evaluates at each multiple of the step after the start until the end.
    fn subquery(
        self,
        of: &Vector,
        (start, end): (i64, i64),
        step: i64,
    ) -> Result<Vec<(Labels, Vec<Stamped>)>, EvaluateError> {
        let mut found: Grouped<Vec<Stamped>> = Grouped::new();
        let mut now = (start.div_euclid(step) + 1) * step;
        while now <= end {
            self.budget.visit(1)?;
            let evaluation = Self {
                clock: Clock { now, ..self.clock },
                ..self
            };
            for Element { labels, value } in evaluation.vector(of)? {
                found.under(labels).push(Stamped { at: now, value });
            }
            now += step;
        }
        Ok(found.into_groups())
    }

    /// Gives the moment of each sample that a selector sees, otherwise now.
    fn timestamps(self, of: &Vector) -> Elements {
        let now = seconds(self.clock.now);
        unnamed(match of {
            Vector::Select(selector) => self.instant(selector, |sample| seconds(sample.at))?,
            other => mapped(self.vector(other)?, |_| Some(now)),
        })
    }

    fn with_scalar(
        self,
        operator: BinaryOperator,
        vector: &Vector,
        scalar: &Scalar,
        scalar_first: bool,
    ) -> Elements {
        let scalar = self.scalar(scalar)?;
        let elements = mapped(self.vector(vector)?, |value| {
            if !scalar_first {
                return operator.apply(value, scalar);
            }
            let result = operator.apply(scalar, value);
            // What passes a filter is the element, never the number.
            if operator.keeps_name() {
                result.map(|_| value)
            } else {
                result
            }
        });
        if operator.keeps_name() {
            Ok(elements)
        } else {
            unnamed(elements)
        }
    }
}

fn mapped(elements: Vec<Element>, value: impl Fn(f64) -> Option<f64>) -> Vec<Element> {
    let changed = elements.into_iter().filter_map(|element| {
        Some(Element {
            value: value(element.value)?,
            labels: element.labels,
        })
    });
    changed.collect()
}

fn absent(labels: &Labels, none: bool) -> Vec<Element> {
    if none {
        vec![Element {
            labels: labels.clone(),
            value: 1.0,
        }]
    } else {
        Vec::new()
    }
}

fn sort_by_value(elements: &mut [Element], descending: bool) {
    elements.sort_by(|left, right| {
        nan_last(left.value, right.value, descending).then_with(|| left.labels.cmp(&right.labels))
    });
}
