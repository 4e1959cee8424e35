//! Coordinates of values and moments in a chart.

use jiff::Timestamp;

use crate::chart::scale::Scale;
use crate::chart::subject::{Chart, ChartForm};
use crate::model::text::unit::without_zeros;

/// The width of most charts: that of a small phone, so that their texts need not
/// shrink there; and that of a wide page.
const WIDTHS: (f64, f64) = (360.0, 736.0);

/// Width of a character of a label.
const SIGN: f64 = 6.4;

/// The plot area of a drawing.
#[derive(Clone, Debug)]
pub(crate) struct Plot {
    /// The edges of the plot area.
    pub(crate) left: f64,
    pub(crate) right: f64,
    pub(crate) top: f64,
    pub(crate) bottom: f64,
    /// The width and the height of the whole drawing.
    pub(crate) width: f64,
    pub(crate) height: f64,
    /// The axis of values.
    pub(crate) scale: Scale,
    from: Timestamp,
    /// Its length in seconds, never zero.
    length: f64,
}

impl Plot {
    /// Lays out a chart.
    pub(crate) fn of(chart: &Chart<'_>, form: ChartForm) -> Self {
        let values = chart
            .buckets
            .iter()
            .flat_map(|bucket| [bucket.min, bucket.max])
            .chain(chart.marks.iter().map(|mark| mark.value));
        let scale = Scale::of(chart.unit, values);
        let longest = scale.ticks.iter().map(|(_, label)| label.chars().count());
        let signs = f64::from(u32::try_from(longest.max().unwrap_or_default()).unwrap_or(12));
        let (width, top, tall, below) = match form {
            ChartForm::Alone => (WIDTHS.0, 34.0, 150.0, 38.0),
            ChartForm::Inline => (WIDTHS.0, 12.0, 150.0, 20.0),
            ChartForm::Wide => (WIDTHS.1, 12.0, 190.0, 20.0),
        };
        let height = top + tall + below;
        Self {
            left: signs * SIGN + 10.0,
            right: width - 10.0,
            top,
            bottom: height - below,
            width,
            height,
            scale,
            from: chart.from,
            length: seconds(chart.from, chart.until).max(1.0),
        }
    }

    /// The x coordinate of a moment, clamped to the plot area.
    pub(crate) fn x(&self, at: Timestamp) -> f64 {
        let part = (seconds(self.from, at) / self.length).clamp(0.0, 1.0);
        self.left + part * (self.right - self.left)
    }

    /// The y coordinate of a value, clamped to the plot area.
    pub(crate) fn y(&self, value: f64) -> f64 {
        self.bottom - self.scale.place(value) * (self.bottom - self.top)
    }
}

/// Seconds from one moment to another.
fn seconds(from: Timestamp, to: Timestamp) -> f64 {
    to.duration_since(from).as_secs_f64()
}

/// A coordinate with one decimal at most.
pub(crate) fn written(coordinate: f64) -> String {
    let text = format!("{coordinate:.1}");
    without_zeros(&text).to_owned()
}
