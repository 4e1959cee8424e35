//! The elements of a drawing, in the order in which they cover each other.

use std::fmt::Write as _;

use jiff::Timestamp;

use crate::chart::describe::{describe, range};
use crate::chart::hours::{self, HourTick};
use crate::chart::place::{Plot, written};
use crate::chart::subject::{Chart, ChartForm, ReferenceLine, Shade};
use crate::model::series::minute::ChartBucket;
use crate::model::text::truncate::truncate;
use crate::model::text::xml;

/// The colours of a file of its own; a page has them in its style sheet.
const STYLE: &str = "\
.chart-paper{fill:#fdfdfc}.chart-text{fill:#5a636d;font:12px system-ui,-apple-system,\
\"Segoe UI\",Roboto,sans-serif}.chart-title{fill:#1b1f23;font-weight:600}\
.chart-grid{stroke:#e2e5e8}.chart-line{fill:none;stroke:#2a5db8;stroke-width:1.5;\
stroke-linejoin:round}.chart-band{fill:#2a5db8;fill-opacity:.18}.chart-dot{fill:#2a5db8}\
.chart-shade{fill:#b3261e;fill-opacity:.1}.chart-warn{stroke:#9a5b00;stroke-dasharray:4 3}\
.chart-bad{stroke:#b3261e;stroke-dasharray:4 3}.chart-over{paint-order:stroke;\
stroke:#fdfdfc;stroke-width:3px;stroke-linejoin:round}\
@media(prefers-color-scheme:dark){.chart-paper{fill:#121518}.chart-text{fill:#a3acb5}\
.chart-title{fill:#e8eaed}.chart-grid{stroke:#2c3238}.chart-line{stroke:#8ab4ff}\
.chart-band,.chart-dot{fill:#8ab4ff}.chart-shade{fill:#ff8a80;fill-opacity:.16}\
.chart-warn{stroke:#f0b04f}.chart-bad{stroke:#ff8a80}.chart-over{stroke:#121518}}";

/// Characters of a title that fit on a line.
const TITLE: usize = 50;

/// Characters of a mark's label that fit within the drawing.
const LABEL: usize = 36;

/// Width of a character of a label.
const SIGN: f64 = 6.4;

/// Characters of the longest label.
const LONGEST: u32 = 60;

/// Where the label of a line across stands.
#[derive(Clone, Copy, Debug)]
struct LabelPlace {
    at_left: bool,
    above: bool,
}

/// An unfinished drawing.
#[derive(Debug)]
pub(crate) struct Paint<'a> {
    chart: &'a Chart<'a>,
    form: ChartForm,
    plot: &'a Plot,
    svg: String,
}

impl<'a> Paint<'a> {
    /// Begins a drawing with its text for screen readers.
    pub(crate) fn new(chart: &'a Chart<'a>, form: ChartForm, plot: &'a Plot) -> Self {
        let (width, height) = (written(plot.width), written(plot.height));
        let mut id = name(chart.id);
        if form == ChartForm::Wide {
            // It stands beside the narrow one.
            id.push_str("-wide");
        }
        let size = match form {
            // Half as large again as within a page: a file is looked at alone.
            ChartForm::Alone => format!(
                " width=\"{}\" height=\"{}\"",
                written(plot.width * 1.5),
                written(plot.height * 1.5)
            ),
            ChartForm::Inline | ChartForm::Wide => String::new(),
        };
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart\" viewBox=\"0 0 {width} \
             {height}\"{size} role=\"img\" aria-labelledby=\"{id}-title {id}-desc\">\n\
             <title id=\"{id}-title\">{}</title>\n<desc id=\"{id}-desc\">{}</desc>\n",
            xml::escape(chart.title),
            xml::escape(&describe(chart)),
        );
        if form == ChartForm::Alone {
            let title = truncate(chart.title, TITLE);
            let _ = write!(
                svg,
                "<style>{STYLE}</style>\n<rect class=\"chart-paper\" width=\"{width}\" \
                 height=\"{height}\"/>\n<text class=\"chart-text chart-title\" x=\"10\" \
                 y=\"18\">{}</text>\n<text class=\"chart-text\" x=\"10\" y=\"{}\">{}</text>\n",
                xml::escape(&title),
                written(plot.height - 8.0),
                xml::escape(&range(chart)),
            );
        }
        Self {
            chart,
            form,
            plot,
            svg,
        }
    }

    /// Shades a time range behind everything else.
    pub(crate) fn shade(&mut self, shade: &Shade) {
        let until = shade.until.unwrap_or(self.chart.until);
        if shade.from >= self.chart.until || until <= self.chart.from {
            return;
        }
        let (left, right) = (self.plot.x(shade.from), self.plot.x(until));
        // Short ranges stay visible.
        let wide = (right - left).max(1.5);
        let left = left.min(self.plot.right - wide);
        let _ = writeln!(
            self.svg,
            "<rect class=\"chart-shade\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"><title>{}\
             </title></rect>",
            written(left),
            written(self.plot.top),
            written(wide),
            written(self.plot.bottom - self.plot.top),
            xml::escape(&shade.label),
        );
    }

    /// Lines across at round values, and what these are.
    pub(crate) fn grid(&mut self) {
        let plot = self.plot;
        for (value, label) in &plot.scale.ticks {
            let y = plot.y(*value);
            let _ = writeln!(
                self.svg,
                "<path class=\"chart-grid\" d=\"M{},{y} L{},{y}\"/>\
                 <text class=\"chart-text\" x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>",
                written(plot.left),
                written(plot.right),
                written(plot.left - 5.0),
                written(y + 4.0),
                xml::escape(label),
                y = written(y),
            );
        }
    }

    /// A line across at a value to compare with.
    pub(crate) fn mark(&mut self, mark: &ReferenceLine<'_>) {
        let class = if mark.grave { "bad" } else { "warn" };
        if mark.value.is_finite() {
            let _ = writeln!(
                self.svg,
                "<path class=\"chart-{class}\" d=\"M{},{y} L{},{y}\"/>",
                written(self.plot.left),
                written(self.plot.right),
                y = written(self.plot.y(mark.value)),
            );
        }
    }

    /// What a line across is: the highest above it, others below, so that near
    /// ones do not cover each other.
    pub(crate) fn label(&mut self, mark: &ReferenceLine<'_>) {
        if !mark.value.is_finite() {
            return;
        }
        let plot = self.plot;
        let y = plot.y(mark.value);
        let others = self.chart.marks.iter();
        let highest = others.fold(f64::NEG_INFINITY, |high, other| high.max(other.value));
        let above = if mark.value < highest {
            plot.bottom - y < 14.0
        } else {
            y - plot.top > 10.0
        };
        let text = format!(
            "{}: {}",
            isolated(&truncate(mark.label, LABEL)),
            self.chart.unit.say(mark.value)
        );
        let place = self.free_place(y, above, &text);
        let (x, anchor) = if place.at_left {
            (plot.left + 3.0, "start")
        } else {
            (plot.right - 3.0, "end")
        };
        let _ = writeln!(
            self.svg,
            "<text class=\"chart-text chart-over\" x=\"{}\" y=\"{}\" text-anchor=\"{anchor}\">{}\
             </text>",
            written(x),
            written(if place.above { y - 4.0 } else { y + 12.0 }),
            xml::escape(&text),
        );
    }

    /// Where the label of a line across does not lie on the series, if there is
    /// such a place; else where it would stand without one.
    fn free_place(&self, y: f64, above: bool, text: &str) -> LabelPlace {
        let plot = self.plot;
        let signs = f64::from(u32::try_from(text.chars().count()).unwrap_or(LONGEST));
        let wide = signs * SIGN;
        let fits = |place: &LabelPlace| {
            let room = if place.above {
                y - plot.top > 10.0
            } else {
                plot.bottom - y >= 14.0
            };
            let x = if place.at_left {
                (plot.left, plot.left + 3.0 + wide)
            } else {
                (plot.right - 3.0 - wide, plot.right)
            };
            let y = if place.above {
                (y - 14.0, y - 1.0)
            } else {
                (y + 1.0, y + 14.0)
            };
            room && !self.is_drawn_on(x, y)
        };
        let places = [
            (false, above),
            (true, above),
            (false, !above),
            (true, !above),
        ];
        let mut places = places
            .map(|(at_left, above)| LabelPlace { at_left, above })
            .into_iter();
        places.find(fits).unwrap_or(LabelPlace {
            at_left: false,
            above,
        })
    }

    /// Whether the series passes through a box.
    fn is_drawn_on(&self, (left, right): (f64, f64), (top, bottom): (f64, f64)) -> bool {
        let plot = self.plot;
        let drawn = |bucket: &ChartBucket| {
            let x = plot.x(middle(self.chart, bucket));
            (x, plot.y(bucket.max), plot.y(bucket.min))
        };
        let through = |pair: &[ChartBucket]| {
            let (first, last) = (drawn(&pair[0]), drawn(&pair[pair.len() - 1]));
            let (high, low) = (first.1.min(last.1), first.2.max(last.2));
            first.0 < right && last.0 > left && high < bottom && low > top
        };
        let buckets = &self.chart.buckets;
        buckets.windows(2.min(buckets.len().max(1))).any(through)
    }

    /// Parts without a gap: a band from the smallest to the largest, and the mean.
    pub(crate) fn run(&mut self, run: &[ChartBucket]) {
        let (plot, chart) = (self.plot, self.chart);
        let line = |value: fn(&ChartBucket) -> f64| -> Vec<String> {
            let points = run.iter().map(|bucket| {
                let (x, y) = (plot.x(middle(chart, bucket)), plot.y(value(bucket)));
                format!("{},{}", written(x), written(y))
            });
            points.collect()
        };
        let mean = line(|bucket| bucket.mean);
        if let [only] = mean.as_slice() {
            let (x, y) = only.split_once(',').unwrap_or((only, "0"));
            let dot = format!("<circle class=\"chart-dot\" cx=\"{x}\" cy=\"{y}\" r=\"1.5\"/>\n");
            self.svg.push_str(&dot);
            return;
        }
        let (mut band, mut below) = (line(|bucket| bucket.max), line(|bucket| bucket.min));
        below.reverse();
        band.append(&mut below);
        let _ = writeln!(
            self.svg,
            "<path class=\"chart-band\" d=\"M{} Z\"/>\n<path class=\"chart-line\" d=\"M{}\"/>",
            band.join(" L"),
            mean.join(" L"),
        );
    }

    /// Round moments below.
    pub(crate) fn hours(&mut self) {
        let (plot, chart) = (self.plot, self.chart);
        for tick in hours::ticks(chart.from, chart.until, chart.zone) {
            let x = plot.x(tick.at);
            // A label that would leave the drawing is left out.
            if x > plot.width - 18.0 {
                continue;
            }
            let _ = writeln!(
                self.svg,
                "<path class=\"chart-grid\" d=\"M{x},{} L{x},{}\"/>\
                 <text class=\"chart-text\" x=\"{x}\" y=\"{}\" text-anchor=\"middle\"{}>{}</text>",
                written(plot.bottom),
                written(plot.bottom + 4.0),
                written(plot.bottom + 16.0),
                self.moment(&tick),
                xml::escape(&tick.label),
                x = written(x),
            );
        }
    }

    /// What a script needs to say a tick in the visitor's zone; a file has no script.
    fn moment(&self, tick: &HourTick) -> String {
        let kind = if tick.is_daily { "date" } else { "tick" };
        match self.form {
            ChartForm::Alone => String::new(),
            ChartForm::Inline | ChartForm::Wide => {
                let at = tick.at.strftime("%Y-%m-%dT%H:%M:%SZ");
                format!(" data-at=\"{kind}\" data-time=\"{at}\"")
            }
        }
    }

    /// Finishes the drawing.
    pub(crate) fn finish(mut self) -> String {
        self.svg.push_str("</svg>");
        if self.form == ChartForm::Alone {
            self.svg.push('\n');
        }
        self.svg
    }
}

/// The middle of a part: what was measured in it stands there.
fn middle(chart: &Chart<'_>, bucket: &ChartBucket) -> Timestamp {
    let middle = bucket.at.checked_add(chart.step / 2);
    middle.unwrap_or(bucket.at)
}

/// What may stand in an id, and in an address of it.
fn name(id: &str) -> String {
    let plain = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '-' | '_');
    let name: String = id.chars().filter(|sign| plain(*sign)).collect();
    format!("chart-{name}")
}

/// A text of any direction within one that runs from left to right.
fn isolated(text: &str) -> String {
    if text.is_ascii() {
        text.to_owned()
    } else {
        format!("\u{2068}{text}\u{2069}")
    }
}
