//! Samples as they were measured, which an instant query may ask for.

use promql_parser::parser::Expr;

use crate::evaluate::promql::budget::{Budget, MOST_WORK};
use crate::evaluate::promql::error::{EvaluateError, ExpressionError};
use crate::evaluate::promql::evaluation::Evaluation;
use crate::evaluate::promql::inspect::visibility::names_in_range;
use crate::evaluate::promql::parse::compile::Compiler;
use crate::evaluate::promql::plan::selector::Clock;
use crate::evaluate::promql::plan::tree::Range;
use crate::evaluate::promql::span::Courses;
use crate::evaluate::window::Window;

/// A range selector or a subquery: `up[5m]`, `rate(jobs_total[1m])[10m:1m]`.
#[derive(Debug)]
pub(crate) struct RangeQuery(Range);

impl RangeQuery {
    /// Compiles a range, and refuses what is not evaluated.
    pub(crate) fn compile(range: &Expr) -> Result<Self, ExpressionError> {
        Compiler::default().range(range, "query").map(Self)
    }

    /// The names of the metrics that it reads; an empty one is any.
    pub(crate) fn metric_names(&self) -> Vec<String> {
        let names = names_in_range(&self.0).into_iter();
        names.map(str::to_owned).collect()
    }

    /// The samples of each series until a moment, in milliseconds since the epoch.
    pub(crate) fn evaluate(&self, window: &Window, now: i64) -> Result<Courses, EvaluateError> {
        let evaluation = Evaluation {
            window,
            clock: Clock::at(now),
            budget: &Budget::new(MOST_WORK),
            unseen_is_absent: true,
        };
        let mut courses = Vec::new();
        evaluation.stretches(&self.0, |labels, samples| {
            let values = samples.iter().map(|sample| (sample.at, sample.value));
            courses.push((labels.clone(), values.collect()));
        })?;
        Courses::whole(courses)
    }
}
