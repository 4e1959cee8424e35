//! Expressions of `PromQL`, parsed once and evaluated over the window.
//!
//! A documented subset with the semantics of Prometheus 3: the left edge of a
//! range is excluded, what is stale is not seen, rates are extrapolated. What
//! is not evaluated is refused by name when it is parsed, so that a rule which
//! loads gives the same answer here and in Prometheus.

pub mod error;
pub mod functions;
pub mod inspect;
pub mod parse;
pub mod plan;
pub(crate) mod range_query;
pub mod selected;
pub mod span;
pub mod value;

mod budget;
mod evaluation;

use std::collections::BTreeSet;
use std::fmt;
use std::time::Duration;

use jiff::Timestamp;

use crate::evaluate::promql::budget::{Budget, MOST_WORK};
use crate::evaluate::promql::error::{EvaluateError, ExpressionError};
use crate::evaluate::promql::evaluation::Evaluation;
use crate::evaluate::promql::inspect::companions::companions;
use crate::evaluate::promql::inspect::decisive::{decisive, same_unit};
use crate::evaluate::promql::inspect::jobs::jobs;
use crate::evaluate::promql::inspect::reach::look_back;
use crate::evaluate::promql::inspect::selectors::{WrittenSelector, selectors};
use crate::evaluate::promql::inspect::visibility::{SeriesSight, Visibility, metric_names};
use crate::evaluate::promql::inspect::worst::{is_condition, smallest_is_worst};
use crate::evaluate::promql::parse::compile::{Compiler, compile, parse};
use crate::evaluate::promql::plan::selector::Clock;
use crate::evaluate::promql::plan::tree::ExpressionPlan;
use crate::evaluate::promql::span::{Courses, EvaluationSteps};
use crate::evaluate::promql::value::{Element, Value};
use crate::evaluate::window::Window;
use crate::model::series::measure::Bad;

/// An expression that is ready to be evaluated; it prints as it was written.
#[derive(Clone, Debug)]
pub struct Expression {
    text: String,
    plan: ExpressionPlan,
}

impl Expression {
    /// Parses an expression and refuses what is not evaluated.
    ///
    /// ```
    /// use critwatch::evaluate::promql::Expression;
    ///
    /// assert!(Expression::parse("sum by (queue) (rate(jobs_total[5m])) > 2").is_ok());
    /// let refused = Expression::parse("histogram_avg(foo)").unwrap_err();
    /// assert!(refused.to_string().starts_with("function histogram_avg is not evaluated: "));
    /// ```
    pub fn parse(text: &str) -> Result<Self, ExpressionError> {
        Ok(Self {
            text: text.to_owned(),
            plan: compile(text)?,
        })
    }

    /// Checks only how an expression is written that another server evaluates:
    /// that may know more than we do.
    pub(crate) fn check(text: &str) -> Result<(), ExpressionError> {
        match parse(text) {
            Err(ExpressionError::NotEvaluated { .. }) => Ok(()),
            parsed => parsed.map(drop),
        }
    }

    /// Evaluates the expression over the samples until a moment, as Prometheus does.
    ///
    /// A vector comes sorted by labels; where `sort()`, `sort_desc()`, `topk()`
    /// or `bottomk()` stands outermost it comes sorted by value, and of equal
    /// values by labels.
    pub fn evaluate(&self, window: &Window, at: Timestamp) -> Result<Value, EvaluateError> {
        self.value(window, at, true)
    }

    /// The same for a rule: `absent()` says nothing of what is out of sight.
    pub(crate) fn select(
        &self,
        window: &Window,
        at: Timestamp,
    ) -> Result<Vec<Element>, EvaluateError> {
        Ok(self.value(window, at, false)?.elements())
    }

    fn value(
        &self,
        window: &Window,
        at: Timestamp,
        unseen_is_absent: bool,
    ) -> Result<Value, EvaluateError> {
        self.carried_out(Evaluation {
            window,
            clock: Clock::at(at.as_millisecond()),
            budget: &Budget::new(MOST_WORK),
            unseen_is_absent,
        })
    }

    /// Evaluates the expression at every step of a span, as Prometheus does; all steps
    /// together may be as much work as one evaluation.
    pub(crate) fn evaluate_over(
        &self,
        window: &Window,
        steps: EvaluationSteps,
    ) -> Result<Courses, EvaluateError> {
        let (budget, mut courses) = (Budget::new(MOST_WORK), Courses::default());
        for clock in steps.clocks() {
            let value = self.carried_out(Evaluation {
                window,
                clock,
                budget: &budget,
                unseen_is_absent: true,
            })?;
            courses.add(clock.now, value.elements())?;
        }
        Ok(courses)
    }

    fn carried_out(&self, evaluation: Evaluation<'_>) -> Result<Value, EvaluateError> {
        match &self.plan {
            ExpressionPlan::Scalar(scalar) => Ok(Value::Scalar(evaluation.scalar(scalar)?)),
            ExpressionPlan::Vector(vector) => {
                let mut elements = evaluation.vector(vector)?;
                if !vector.is_sorted() {
                    elements.sort_by(|left, right| left.labels.cmp(&right.labels));
                }
                Ok(Value::Vector(elements))
            }
        }
    }

    /// What it can see at a moment.
    ///
    /// A selector has data while at least one of its series is there, and a
    /// range must also hold a sample of it; `absent()` and numbers need none;
    /// `or` needs data for one of its sides, `unless` for the left, all others
    /// for both. It is blind while a collector fails that brought one of its
    /// series, and until one has answered that may bring one.
    pub(crate) fn look(&self, window: &Window, at: Timestamp) -> Visibility {
        SeriesSight {
            window,
            clock: Clock::at(at.as_millisecond()),
            dates: false,
        }
        .plan(&self.plan)
    }

    /// Whether it reads a sample that was measured after `start`, or needs none.
    pub(crate) fn has_looked_since(
        &self,
        window: &Window,
        start: Timestamp,
        now: Timestamp,
    ) -> bool {
        let look = SeriesSight {
            window,
            clock: Clock::at(now.as_millisecond()),
            dates: true,
        };
        let seen = look.plan(&self.plan);
        match seen.newest {
            Some(newest) => newest > start.as_millisecond(),
            None => seen.data && seen.unseen.is_none(),
        }
    }

    /// Whether it takes it for an answer that something is not there.
    pub(crate) fn asks_for_absence(&self) -> bool {
        self.text.contains("absent")
    }

    /// How far it looks back from the moment that it is evaluated at; an `@`
    /// that names a fixed moment looks back without end.
    pub(crate) fn look_back(&self) -> Duration {
        look_back(&self.text)
    }

    /// The jobs, which are collectors, that it asks for by name.
    pub(crate) fn jobs(&self) -> BTreeSet<String> {
        jobs(&self.text)
    }

    /// Its selectors, as they are written.
    pub(crate) fn selectors(&self) -> Vec<WrittenSelector> {
        selectors(&self.text)
    }

    /// Whether of several values the smallest is the worst, as in `a < 1`.
    pub(crate) fn smallest_is_worst(&self) -> bool {
        smallest_is_worst(&self.plan)
    }

    /// Whether it lets only some values pass, as in `a < 1`: a condition, no value.
    pub(crate) fn is_condition(&self) -> bool {
        is_condition(&self.plan)
    }

    /// The side of its outermost comparison that is compared with a number, and
    /// which of the values are bad; `None` if it compares otherwise or not.
    ///
    /// ```
    /// use critwatch::evaluate::promql::Expression;
    /// use critwatch::model::series::measure::Bad;
    ///
    /// let rule = Expression::parse("queue_jobs > 100 and on () up == 1").unwrap();
    /// assert_eq!(rule.decisive().unwrap().1, Bad::Above(100.0));
    /// ```
    pub fn decisive(&self) -> Option<(Self, Bad)> {
        let (vector, bad) = decisive(&self.plan)?;
        let side = Self {
            text: self.text.clone(),
            plan: ExpressionPlan::Vector(vector),
        };
        Some((side, bad))
    }

    /// The metric whose values it passes on or adds up, so that they still count
    /// what that metric counts.
    pub(crate) fn passes_on(&self) -> Option<&str> {
        match &self.plan {
            ExpressionPlan::Scalar(_) => None,
            ExpressionPlan::Vector(vector) => same_unit(vector),
        }
    }

    /// Its selectors for one metric as expressions that ask for another metric of
    /// the same labels but one, at the very moment.
    pub(crate) fn companions(&self, metric: &str, other: &str, without: &str) -> Vec<Self> {
        let asked = companions(&self.text, metric, other, without).into_iter();
        asked
            .filter_map(|expr| {
                Some(Self {
                    plan: Compiler::default().plan(&expr).ok()?,
                    text: expr.to_string(),
                })
            })
            .collect()
    }

    /// Gives the metric names that the expression selects, sorted; an empty one is any.
    pub(crate) fn metric_names(&self) -> Vec<String> {
        metric_names(&self.plan)
            .into_iter()
            .map(str::to_owned)
            .collect()
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests;
