//! An expression evaluated step by step, for charts and replays.

use std::time::Duration;

use jiff::Timestamp;

use crate::evaluate::promql::budget::Budget;
use crate::evaluate::promql::error::EvaluateError;
use crate::evaluate::promql::evaluation::Evaluation;
use crate::evaluate::promql::functions::grouped::Grouped;
use crate::evaluate::promql::plan::selector::Clock;
use crate::evaluate::promql::plan::tree::ExpressionPlan;
use crate::evaluate::promql::value::{Element, distinct};
use crate::evaluate::window::Window;
use crate::evaluate::window::labels::Labels;

/// Steps of one range evaluation, as many as Prometheus allows.
const MOST_STEPS: i64 = 11_000;

/// What all steps together may visit; see `budget.rs` for the unit.
const MOST_WORK: usize = 50_000_000;

/// The moments at which an expression is evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Steps {
    /// The first moment.
    pub start: Timestamp,
    /// No moment is later.
    pub end: Timestamp,
    /// The time between two moments, in whole milliseconds and not zero.
    pub step: Duration,
}

/// What became of one series over the steps.
#[derive(Clone, Debug, PartialEq)]
pub struct RangeLine {
    /// The series, or what is left of its labels; none for a number.
    pub labels: Labels,
    /// Moments and values in the order of time; a step without one is missing.
    pub points: Vec<(Timestamp, f64)>,
}

/// Evaluates a plan at each step.
pub(crate) fn lines(
    plan: &ExpressionPlan,
    window: &Window,
    steps: Steps,
) -> Result<Vec<RangeLine>, EvaluateError> {
    let (start, end) = (steps.start.as_millisecond(), steps.end.as_millisecond());
    let step = i64::try_from(steps.step.as_millis())
        .unwrap_or(i64::MAX)
        .max(1);
    if (end.saturating_sub(start)) / step >= MOST_STEPS {
        return Err(EvaluateError::TooManySteps { limit: MOST_STEPS });
    }
    let budget = Budget::new(MOST_WORK);
    let mut found: Grouped<Vec<(Timestamp, f64)>> = Grouped::new();
    let mut now = start;
    while now <= end {
        budget.visit(1)?;
        let evaluation = Evaluation {
            unseen_is_absent: true,
            window,
            clock: Clock { now, start, end },
            budget: &budget,
        };
        let at = Timestamp::from_millisecond(now).unwrap_or(steps.end);
        for Element { labels, value } in elements(plan, evaluation)? {
            found.under(labels).push((at, value));
        }
        now = now.saturating_add(step);
    }
    let found = found.into_groups().into_iter();
    let mut lines: Vec<_> = found
        .map(|(labels, points)| RangeLine { labels, points })
        .collect();
    lines.sort_by(|left, right| left.labels.cmp(&right.labels));
    Ok(lines)
}

fn elements(
    plan: &ExpressionPlan,
    evaluation: Evaluation<'_>,
) -> Result<Vec<Element>, EvaluateError> {
    match plan {
        ExpressionPlan::Scalar(scalar) => Ok(vec![Element {
            labels: Labels::default(),
            value: evaluation.scalar(scalar)?,
        }]),
        ExpressionPlan::Vector(vector) => distinct(evaluation.vector(vector)?),
    }
}
