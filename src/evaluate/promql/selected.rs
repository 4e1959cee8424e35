//! Series as plain selectors find them, for those who ask for no more.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::evaluate::promql::error::{ExpressionError, refused};
use crate::evaluate::promql::parse::compile::compile;
use crate::evaluate::promql::plan::selector::ShiftedSelector;
use crate::evaluate::promql::plan::tree::{ExpressionPlan, Vector};
use crate::evaluate::window::Window;
use crate::model::request::ask::Newest;
use crate::model::sample::Metric;

/// The newest samples that any of the selectors selects, as Prometheus' `/federate`
/// gives them for `match[]`, or what is wrong with one.
pub(crate) fn newest(
    selectors: &[String],
    window: &Window,
    now: Timestamp,
) -> Result<Vec<Newest>, String> {
    let mut newest = BTreeMap::new();
    for selector in selectors {
        let selected = select(selector, window, now).map_err(|error| error.to_string())?;
        newest.extend(selected.into_iter().map(|one| (one.metric.clone(), one)));
    }
    Ok(newest.into_values().collect())
}

/// Gives the newest sample of each series that a plain selector finds.
pub(crate) fn select(
    text: &str,
    window: &Window,
    at: Timestamp,
) -> Result<Vec<Newest>, ExpressionError> {
    let selector = plain(text)?;
    let (_, series) = selector.series(window);
    let found = series.filter_map(|series| {
        let latest = series.latest(at.as_millisecond())?;
        Some(Newest {
            metric: series.labels().metric(),
            at: Timestamp::from_millisecond(latest.at).ok()?,
            value: latest.value,
        })
    });
    Ok(found.collect())
}

/// Gives the series that a plain selector finds and that were measured within a time,
/// in milliseconds since the epoch.
pub(crate) fn measured(
    text: &str,
    window: &Window,
    (from, until): (i64, i64),
) -> Result<Vec<Metric>, ExpressionError> {
    let selector = plain(text)?;
    let (_, series) = selector.series(window);
    let measured = series.filter(|series| series.is_measured(from, until));
    Ok(measured.map(|series| series.labels().metric()).collect())
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
