//! Series as plain selectors find them, for those who ask for no more.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::evaluate::promql::error::{ExpressionError, refused};
use crate::evaluate::promql::parse::compile::compile;
use crate::evaluate::promql::parse::guard::MOST_PATTERNS;
use crate::evaluate::promql::plan::selector::ShiftedSelector;
use crate::evaluate::promql::plan::tree::{ExpressionPlan, Vector};
use crate::evaluate::window::Window;
use crate::model::request::ask::Newest;
use crate::model::sample::Metric;

/// Plain selectors of one question.
#[derive(Debug)]
pub(crate) struct Selectors(Vec<ShiftedSelector>);

impl Selectors {
    /// Reads them, or says what is wrong with one. Patterns may take a while to compile.
    pub(crate) fn parse(texts: &[String]) -> Result<Self, (&str, ExpressionError)> {
        let (mut all, mut patterns) = (Vec::new(), 0);
        for text in texts {
            let selector = plain(text).map_err(|error| (text.as_str(), error))?;
            patterns += selector.patterns();
            if patterns > MOST_PATTERNS {
                let limit = MOST_PATTERNS;
                return Err((text, ExpressionError::TooManyPatterns { limit }));
            }
            all.push(selector);
        }
        Ok(Self(all))
    }

    /// Whether nothing was selected.
    pub(crate) fn are_none(&self) -> bool {
        self.0.is_empty()
    }

    /// The newest samples that any of them selects, as Prometheus' `/federate` gives
    /// them for `match[]`.
    pub(crate) fn newest(&self, window: &Window, now: Timestamp) -> Vec<Newest> {
        let newest = self.0.iter().flat_map(|one| newest(one, window, now));
        let newest: BTreeMap<_, _> = newest.map(|one| (one.metric.clone(), one)).collect();
        newest.into_values().collect()
    }

    /// The series that any of them selects and that were measured within a time, in
    /// milliseconds since the epoch.
    pub(crate) fn measured(&self, window: &Window, (from, until): (i64, i64)) -> Vec<Metric> {
        let series = self.0.iter().flat_map(|one| one.series(window).1);
        let measured = series.filter(|series| series.is_measured(from, until));
        measured.map(|series| series.labels().metric()).collect()
    }
}

/// Gives the newest sample of each series that a plain selector finds.
pub(crate) fn select(
    text: &str,
    window: &Window,
    at: Timestamp,
) -> Result<Vec<Newest>, ExpressionError> {
    Ok(newest(&plain(text)?, window, at))
}

fn newest(selector: &ShiftedSelector, window: &Window, at: Timestamp) -> Vec<Newest> {
    let (_, series) = selector.series(window);
    let found = series.filter_map(|series| {
        let latest = series.latest(at.as_millisecond())?;
        Some(Newest {
            metric: series.labels().metric(),
            at: Timestamp::from_millisecond(latest.at).ok()?,
            value: latest.value,
        })
    });
    found.collect()
}

fn plain(text: &str) -> Result<ShiftedSelector, ExpressionError> {
    let ExpressionPlan::Vector(Vector::Select(selector)) = compile(text)? else {
        return Err(refused("selector", "match[]", "something else"));
    };
    if !selector.shift.is_none() {
        return Err(refused("selector", "match[]", "@ or offset"));
    }
    Ok(selector)
}
