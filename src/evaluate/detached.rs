//! Expressions apart from the window: with a copy of what they read, they are evaluated
//! where nobody waits for them.

use std::sync::Arc;

use jiff::Timestamp;

use crate::evaluate::instant_query::InstantQuery;
use crate::evaluate::promql::error::{EvaluateError, ExpressionError};
use crate::evaluate::promql::inspect::reach::look_back;
use crate::evaluate::promql::parse::place::place;
use crate::evaluate::promql::selected::Selectors;
use crate::evaluate::promql::span::{Courses, EvaluationSteps};
use crate::evaluate::promql::value::Value;
use crate::evaluate::window::Window;
use crate::evaluate::window::labels::Labels;
use crate::model::request::samples::question::{FoundValues, QueryFault, QuerySpan, TimedValue};
use crate::model::sample::Metric;

/// Steps of a question over a span of time, as in Prometheus.
const MOST_STEPS: i64 = 11_000;

/// Samples that a question may read: copying so many takes some ten milliseconds, in
/// which nothing is judged.
const MOST_SAMPLES: usize = 1_000_000;

/// An expression as it was read.
#[derive(Debug)]
pub(crate) struct ReadExpression {
    query: InstantQuery,
    /// How far back it looks, in milliseconds.
    back: i64,
    /// The metrics that it reads.
    names: Vec<String>,
}

impl ReadExpression {
    /// Reads an expression; maybe only its decisive side is meant. Patterns may take a
    /// while to compile.
    pub(crate) fn parse(text: &str, decisive: bool) -> Result<Self, QueryFault> {
        let query = InstantQuery::parse(text).map_err(|error| unreadable(text, &error))?;
        let names = query.metric_names();
        let query = if decisive { query.decisive() } else { query };
        Ok(Self {
            query,
            back: i64::try_from(look_back(text).as_millis()).unwrap_or(i64::MAX),
            names,
        })
    }

    /// Copies what it reads.
    pub(crate) fn detach(
        self,
        span: QuerySpan,
        window: &Window,
        now: Timestamp,
    ) -> Result<DetachedQuery, QueryFault> {
        let moments = Moments::of(span, now)?;
        if let Moments::Over(_) = moments {
            has_values(&self.query)?;
        }
        // A sample on the left edge is not read, but the one before may tell of a mark.
        let from = moments.first().saturating_sub(self.back).saturating_sub(1);
        Ok(DetachedQuery {
            window: excerpt(window, &self.names, from)?,
            query: self.query,
            moments,
        })
    }
}

/// An expression with all that it reads.
#[derive(Debug)]
pub(crate) struct DetachedQuery {
    query: InstantQuery,
    window: Window,
    moments: Moments,
}

/// When it is evaluated.
#[derive(Clone, Copy, Debug)]
enum Moments {
    At(Timestamp),
    Over(EvaluationSteps),
}

impl DetachedQuery {
    /// Evaluates it; this may take a second.
    pub(crate) fn answer(&self) -> Result<FoundValues, QueryFault> {
        let failed = |error: EvaluateError| QueryFault::Failed(error.to_string());
        let matrix =
            |courses: Courses| FoundValues::Matrix(courses.into_iter().map(course).collect());
        match (&self.query, self.moments) {
            (InstantQuery::Value(expression), Moments::At(at)) => {
                let value = expression.evaluate(&self.window, at);
                value.map(|value| found(value, at))
            }
            (InstantQuery::Value(expression), Moments::Over(steps)) => {
                expression.evaluate_over(&self.window, steps).map(matrix)
            }
            (InstantQuery::Range(range), moments) => {
                let courses = range.evaluate(&self.window, moments.first());
                courses.map(matrix)
            }
            (InstantQuery::Text(text), moments) => {
                let at = Timestamp::from_millisecond(moments.first()).unwrap_or_default();
                Ok(FoundValues::Text(at, text.clone()))
            }
        }
        .map_err(failed)
    }
}

/// What an expression says at a moment.
fn found(value: Value, at: Timestamp) -> FoundValues {
    match value {
        Value::Scalar(value) => FoundValues::Scalar((at, value)),
        Value::Vector(elements) => {
            let elements = elements.iter();
            let one = elements.map(|one| (one.labels.metric(), (at, one.value)));
            FoundValues::Vector(one.collect())
        }
    }
}

/// Refuses what has no value at each step of a time, as Prometheus does.
fn has_values(query: &InstantQuery) -> Result<(), QueryFault> {
    let kind = match query {
        InstantQuery::Value(_) => return Ok(()),
        InstantQuery::Range(_) => "a range",
        InstantQuery::Text(_) => "a text",
    };
    Err(QueryFault::Unreadable {
        why: format!(
            "{kind} has no value at each step; ask for it at one moment, or for a function of it"
        ),
        place: None,
    })
}

impl Moments {
    fn of(span: QuerySpan, now: Timestamp) -> Result<Self, QueryFault> {
        let QuerySpan::Over { from, until, step } = span else {
            let QuerySpan::At(at) = span else {
                return Ok(Self::At(now));
            };
            return Ok(Self::At(at.unwrap_or(now)));
        };
        let bad = |why: String| Err(QueryFault::Unreadable { why, place: None });
        let steps = EvaluationSteps {
            start: from.as_millisecond(),
            end: until.as_millisecond(),
            step: i64::try_from(step.as_millis()).unwrap_or(i64::MAX),
        };
        if steps.step == 0 {
            return bad("the step must be a positive duration".to_owned());
        }
        if steps.end < steps.start {
            return bad("the end comes before the start".to_owned());
        }
        if (steps.end - steps.start) / steps.step > MOST_STEPS {
            return bad(format!(
                "more than {MOST_STEPS} steps: take a longer step or a shorter time"
            ));
        }
        Ok(Self::Over(steps))
    }

    fn first(self) -> i64 {
        match self {
            Self::At(at) => at.as_millisecond(),
            Self::Over(steps) => steps.start,
        }
    }
}

/// Reads the selectors of a question.
pub(crate) fn selectors(texts: &[String]) -> Result<Selectors, QueryFault> {
    Selectors::parse(texts).map_err(|(text, error)| unreadable(text, &error))
}

/// The series that were measured within a time and that any selector selects, sorted;
/// all of them without a selector.
pub(crate) fn series(
    selectors: &Selectors,
    window: &Window,
    (from, until): (Option<Timestamp>, Timestamp),
) -> Vec<Metric> {
    let from = from.map_or(i64::MIN, Timestamp::as_millisecond);
    let until = until.as_millisecond();
    let mut found: Vec<Metric> = Vec::new();
    if selectors.are_none() {
        let (_, all) = window.select(&[], &[]);
        let all = all.filter(|series| series.is_measured(from, until));
        found.extend(all.map(|series| series.labels().metric()));
    }
    found.extend(selectors.measured(window, (from, until)));
    found.sort();
    found.dedup();
    found
}

/// A window with the series of some names alone, from a moment on.
fn excerpt(window: &Window, names: &[String], from: i64) -> Result<Window, QueryFault> {
    let mut part = Window::new(window.limits());
    if names.is_empty() {
        return Ok(part);
    }
    let any = names.iter().any(String::is_empty);
    let names = names.iter().filter(|_| !any);
    let names: Vec<Arc<str>> = names.map(|name| Arc::from(name.as_str())).collect();
    let (_, series) = window.select(&names, &[]);
    for series in series.filter_map(|series| series.since(from)) {
        part.adopt(series);
        if part.samples() > MOST_SAMPLES {
            return Err(QueryFault::Failed(format!(
                "this reads more than {MOST_SAMPLES} samples: name the metrics, or look back less far"
            )));
        }
    }
    Ok(part)
}

fn course((labels, values): (Labels, Vec<(i64, f64)>)) -> (Metric, Vec<TimedValue>) {
    let values = values.into_iter();
    let timed =
        values.filter_map(|(at, value)| Some((Timestamp::from_millisecond(at).ok()?, value)));
    (labels.metric(), timed.collect())
}

fn unreadable(text: &str, error: &ExpressionError) -> QueryFault {
    QueryFault::Unreadable {
        why: error.to_string(),
        place: place(text, error),
    }
}
