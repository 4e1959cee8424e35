//! Series drawn as SVG: on the page, and as pictures beside incident files.
//!
//! It is on the lowest floor because two stages draw that must not import each other:
//! `incident/` writes pictures, `web/` shows charts. Pure: the same values give the
//! same bytes.

pub(crate) mod describe;
pub(crate) mod hours;
pub(crate) mod paint;
pub(crate) mod place;
pub(crate) mod scale;
pub(crate) mod subject;

use crate::chart::paint::Paint;
use crate::chart::place::Plot;
use crate::chart::subject::{Chart, ChartForm};
use crate::model::series::minute::ChartBucket;

/// Draws a chart.
pub(crate) fn draw(chart: &Chart<'_>, form: ChartForm) -> String {
    let plot = Plot::of(chart, form);
    let mut paint = Paint::new(chart, form, &plot);
    for shade in &chart.shades {
        paint.shade(shade);
    }
    paint.grid();
    for mark in &chart.marks {
        paint.mark(mark);
    }
    for run in runs(chart) {
        paint.run(run);
    }
    for mark in &chart.marks {
        paint.label(mark);
    }
    paint.hours();
    paint.finish()
}

/// The width of a drawing and the left and right edge of its plot area, for scripts
/// that describe the value under a pointer.
pub(crate) fn edges(chart: &Chart<'_>, form: ChartForm) -> [String; 3] {
    let plot = Plot::of(chart, form);
    [plot.width, plot.left, plot.right].map(place::written)
}

/// Runs of parts without a gap between them.
fn runs<'a>(chart: &'a Chart<'_>) -> Vec<&'a [ChartBucket]> {
    let step = i64::try_from(chart.step.as_secs()).unwrap_or(i64::MAX);
    let near = |one: &ChartBucket, other: &ChartBucket| {
        let apart = other.at.as_second() - one.at.as_second();
        apart <= step.saturating_mul(3) / 2 && seen(one) && seen(other)
    };
    let runs = chart.buckets.chunk_by(near);
    runs.filter(|run| run.first().is_some_and(seen)).collect()
}

/// Whether a part has values that can be drawn.
fn seen(bucket: &ChartBucket) -> bool {
    bucket.min.is_finite() && bucket.mean.is_finite() && bucket.max.is_finite()
}

#[cfg(test)]
mod tests;
