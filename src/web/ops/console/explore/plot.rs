//! Several series over a stretch of time, drawn into one picture.

use std::fmt::Write as _;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::chart::hours;
use crate::chart::scale::Scale;
use crate::model::request::samples::question::TimedValue;
use crate::model::sample::Metric;
use crate::model::text::unit::Unit;
use crate::web::ops::console::explore::values::series_name;
use crate::web::text::html;

/// Lines that eyes can tell apart.
pub(crate) const MOST_LINES: usize = 8;

/// The widths of the picture on a narrow and on a wide screen.
const WIDTHS: [f64; 2] = [360.0, 880.0];

/// Its height, and the room for labels within it.
const HEIGHT: f64 = 260.0;
const LEFT: f64 = 44.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 232.0;

/// A picture with the names of its lines.
#[derive(Clone, Debug)]
pub(crate) struct Plotted {
    /// The picture for a narrow screen, and for a wide one.
    pub(crate) svg: [String; 2],
    /// The name of each line.
    pub(crate) names: Vec<String>,
    /// How many series are not drawn.
    pub(crate) further: usize,
}

/// What is drawn.
struct Drawing<'a> {
    courses: &'a [(Metric, Vec<TimedValue>)],
    from: Timestamp,
    until: Timestamp,
    /// Where more lies between two values a line has a gap.
    gap: f64,
    zone: &'a TimeZone,
    scale: Scale,
}

/// Draws series over a time, with a value at every step.
pub(crate) fn plot(
    courses: &[(Metric, Vec<TimedValue>)],
    (from, until): (Timestamp, Timestamp),
    step: Duration,
    zone: &TimeZone,
) -> Plotted {
    let drawn = &courses[..courses.len().min(MOST_LINES)];
    let values = drawn.iter().flat_map(|(_, values)| values);
    let drawing = Drawing {
        scale: Scale::of(Unit::Count, values.map(|(_, value)| *value)),
        courses: drawn,
        from,
        until,
        gap: step.as_secs_f64() * 1.5,
        zone,
    };
    let names = drawn.iter().map(|(metric, _)| series_name(metric));
    Plotted {
        svg: WIDTHS.map(|width| drawing.svg(width)),
        names: names.collect(),
        further: courses.len() - drawn.len(),
    }
}

impl Drawing<'_> {
    fn svg(&self, width: f64) -> String {
        let right = width - 8.0;
        let length = self
            .until
            .duration_since(self.from)
            .as_secs_f64()
            .max(0.001);
        let x = |at: Timestamp| {
            LEFT + (right - LEFT) * at.duration_since(self.from).as_secs_f64() / length
        };
        let y = |value: f64| BOTTOM - (BOTTOM - TOP) * self.scale.place(value);
        let mut svg = format!(
            "<svg class=\"chart plot\" viewBox=\"0 0 {width} {HEIGHT}\" role=\"img\" \
            aria-label=\"{} lines; the table below lists their last values\">",
            self.courses.len()
        );
        for (value, label) in &self.scale.ticks {
            let (at, label) = (y(*value), html::escape(label));
            let _ = write!(
                svg,
                "<path class=\"chart-grid\" d=\"M{LEFT} {at:.1}H{right}\"/>\
                <text class=\"chart-text\" x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{label}</text>",
                LEFT - 6.0,
                at + 4.0
            );
        }
        for tick in hours::ticks(self.from, self.until, self.zone) {
            let (at, label) = (x(tick.at), html::escape(&tick.label));
            let kind = if tick.is_daily { "date" } else { "tick" };
            let iso = tick.at.strftime("%Y-%m-%dT%H:%M:%SZ");
            let _ = write!(
                svg,
                "<text class=\"chart-text\" x=\"{at:.1}\" y=\"{}\" \
                text-anchor=\"middle\" data-at=\"{kind}\" data-time=\"{iso}\">{label}</text>",
                BOTTOM + 20.0
            );
        }
        for (number, (_, values)) in self.courses.iter().enumerate() {
            let _ = write!(svg, "<path class=\"line line-{number}\" d=\"");
            let mut before: Option<Timestamp> = None;
            for (at, value) in values.iter().filter(|(_, value)| value.is_finite()) {
                let apart = before.map(|before| at.duration_since(before).as_secs_f64());
                let (x, y) = (x(*at), y(*value));
                // A moment alone is a dot.
                let _ = match apart.filter(|apart| *apart <= self.gap) {
                    Some(_) => write!(svg, "L{x:.1} {y:.1}"),
                    None => write!(svg, "M{x:.1} {y:.1}h.01"),
                };
                before = Some(*at);
            }
            svg.push_str("\"/>");
        }
        svg.push_str("</svg>");
        svg
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_gaps_and_a_name_that_runs_nothing() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let values = vec![
            (at(0), 1.0),
            (at(10), 2.0),
            (at(60), f64::NAN),
            (at(90), 3.0),
        ];
        let metric = Metric::new("up", [("job", "<script>")]);
        let course = (metric, values);
        let courses = vec![course; 10];
        let plotted = plot(
            &courses,
            (at(0), at(100)),
            Duration::from_secs(10),
            &TimeZone::UTC,
        );
        assert_eq!(plotted.svg[0].matches("class=\"line ").count(), MOST_LINES);
        assert_eq!(plotted.further, 2);
        let line = plotted.svg[1].split("line-0\" d=\"").nth(1).unwrap();
        let line = line.split('"').next().unwrap();
        assert_eq!(
            (line.matches('M').count(), line.matches('L').count()),
            (2, 1),
            "{line}"
        );
        assert!(!plotted.svg[0].contains("<script>"));
    }
}
