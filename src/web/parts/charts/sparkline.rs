//! Published series of one component as lines of its row: name, the last day, value.

use std::fmt::Write as _;

use crate::model::component::ComponentId;
use crate::model::series::measure::{ChartSpan, ChartState, Course};
use crate::web::parts::charts::newest_value;
use crate::web::parts::context::Present;

/// The size of a drawing.
pub(crate) const WIDTH: u32 = 120;
pub(crate) const HEIGHT: u32 = 20;

/// A figure in a row.
#[derive(Debug)]
pub(crate) struct Sparkline {
    /// What it is.
    pub(crate) title: String,
    /// The line of the last day as an SVG path; empty if there is none.
    pub(crate) path: String,
    /// Its value in words of HTML.
    pub(crate) newest: Option<String>,
}

/// Whether a figure is that of this component and of no other.
pub(crate) fn is_of(state: &ChartState, component: &ComponentId) -> bool {
    matches!(state.series.components.as_slice(), [only] if only == component)
}

/// The sparklines in the row of a component.
pub(crate) fn of(present: &Present<'_>, component: &ComponentId) -> Vec<Sparkline> {
    let states = present.view.board.charts.iter();
    let lines = states
        .filter(|state| is_of(state, component))
        .map(|state| Sparkline {
            title: state.series.title.clone(),
            path: state
                .courses
                .get(&ChartSpan::Day)
                .map(|course| path(course))
                .unwrap_or_default(),
            newest: newest_value::newest(present, state),
        });
    lines
        .filter(|line| !line.path.is_empty() || line.newest.is_some())
        .collect()
}

/// The means of a span from left to right, with gaps where nothing was measured.
fn path(course: &Course) -> String {
    let seen = || course.buckets.iter().filter(|part| part.mean.is_finite());
    let low = seen().map(|part| part.mean).fold(f64::INFINITY, f64::min);
    let high = seen()
        .map(|part| part.mean)
        .fold(f64::NEG_INFINITY, f64::max);
    let (width, height) = (f64::from(WIDTH), f64::from(HEIGHT) - 2.0);
    let length = course
        .until
        .duration_since(course.from)
        .as_secs_f64()
        .max(1.0);
    let gap = course.step.as_secs_f64() * 1.5;
    let mut path = String::new();
    let mut before = f64::NEG_INFINITY;
    for part in seen() {
        let passed = part.at.duration_since(course.from).as_secs_f64();
        // A constant series is a line in the middle.
        let share = if high > low {
            (part.mean - low) / (high - low)
        } else {
            0.5
        };
        let x = passed / length * width;
        let y = 1.0 + (1.0 - share) * height;
        let sign = if passed - before > gap { 'M' } else { 'L' };
        let _ = write!(path, "{sign}{x:.0} {y:.0}");
        before = passed;
    }
    // A single moment is no line.
    if path.contains('L') {
        path
    } else {
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::Timestamp;

    use crate::model::series::minute::ChartBucket;

    use super::*;

    #[test]
    fn a_line_has_gaps_and_fills_its_height() {
        let at = |minute: i64| Timestamp::from_second(minute * 60).unwrap();
        let bucket = |(minute, mean): &(i64, f64)| ChartBucket {
            at: at(*minute),
            min: *mean,
            mean: *mean,
            max: *mean,
        };
        let check = |values: &[(i64, f64)], expected| {
            let course = Course {
                from: at(0),
                until: at(120),
                step: Duration::from_mins(10),
                buckets: values.iter().map(bucket).collect(),
            };
            assert_eq!(path(&course), expected);
        };
        let values = [(0, 1.0), (10, 2.0), (20, 3.0), (60, 1.0), (70, 3.0)];
        check(&values, "M0 19L10 10L20 1M60 19L70 1");
        check(&[(0, 5.0), (10, 5.0)], "M0 10L10 10");
        check(&[(0, 5.0)], "");
        check(&[], "");
    }
}
