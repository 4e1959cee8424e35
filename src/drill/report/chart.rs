//! What was true, what was said then and what critwatch says, over one axis of time.

use std::fmt::Write as _;

use crate::drill::record::{DrillRecord, MinuteSeen};
use crate::drill::report::facts;
use crate::drill::scenario::outage::{SaidVerdict, Scenario};
use crate::model::component::Health;
use crate::model::incident::Phase;

/// Height of the numbers of operators' steps, above everything.
const STEPS: f64 = 22.0;
/// Height of a lane's title.
const TITLE: f64 = 24.0;
/// Height of the lane with the memory.
const MEMORY: f64 = 96.0;
/// Height of the strip of errors below it.
const ERRORS: f64 = 8.0;
/// Height of a band of states.
const BAND: f64 = 30.0;
/// Space between lanes.
const GAP: f64 = 16.0;
/// Height of the axis.
const AXIS: f64 = 26.0;
/// The mean width of a character, in the size of the labels.
const LETTER: f64 = 6.6;

/// A stretch of a band.
#[derive(Clone, Debug, PartialEq)]
struct BandPart {
    from: f64,
    to: f64,
    class: &'static str,
    label: String,
    is_wrong: bool,
}

/// Draws the chart for a width in pixels.
pub(crate) fn draw(scenario: &Scenario, record: &DrillRecord, wrong: &[f64], width: f64) -> String {
    let has_said = !scenario.said.is_empty() && !record.is_fixed;
    let mut canvas = Canvas {
        svg: String::new(),
        from: scenario.from(),
        to: scenario.to(),
        width,
    };
    let memory = STEPS + TITLE;
    let bands = memory + MEMORY + ERRORS + GAP;
    let said = bands + TITLE;
    let page = if has_said {
        said + BAND + GAP + TITLE
    } else {
        said
    };
    let axis = page + BAND + 12.0;
    canvas.steps(record, axis);
    canvas.title(memory, "What was true", "memory of the cache · errors");
    canvas.memory(record, memory);
    if has_said {
        canvas.title(said, "What people said then", "");
        canvas.band(&said_then(scenario), said);
    }
    canvas.title(page, "What critwatch says", "● announced");
    canvas.band(&page_now(record, wrong), page);
    canvas.messages(record, page + BAND + 7.0);
    canvas.axis(axis);
    let height = axis + AXIS;
    format!(
        "<svg viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" height=\"{height:.0}\" \
         role=\"img\" aria-label=\"What was true, what people said then, and what critwatch says, \
         from {} to {}\">{}</svg>",
        facts::minute(scenario.from()),
        facts::minute(scenario.to()),
        canvas.svg
    )
}

struct Canvas {
    svg: String,
    from: f64,
    to: f64,
    width: f64,
}

impl Canvas {
    fn x(&self, t: f64) -> f64 {
        let share = (t - self.from) / (self.to - self.from).max(f64::EPSILON);
        share.clamp(0.0, 1.0) * self.width
    }

    fn title(&mut self, below: f64, title: &str, legend: &str) {
        let y = below - 8.0;
        let _ = write!(
            self.svg,
            "<text class=\"lane\" x=\"0\" y=\"{y:.0}\">{title}</text>"
        );
        if !legend.is_empty() {
            let _ = write!(
                self.svg,
                "<text class=\"soft\" x=\"{:.0}\" y=\"{y:.0}\" text-anchor=\"end\">{legend}</text>",
                self.width
            );
        }
    }

    /// A number and a thin line for each thing that operators did.
    fn steps(&mut self, record: &DrillRecord, bottom: f64) {
        let at: Vec<f64> = record.steps.iter().map(|step| self.x(step.t)).collect();
        let places = apart(&at, self.width);
        for (number, ((step, x), place)) in record.steps.iter().zip(at).zip(places).enumerate() {
            let _ = write!(
                self.svg,
                "<line class=\"step\" x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"16\" y2=\"{bottom:.0}\"/>\
                 <g class=\"number\"><circle cx=\"{place:.1}\" cy=\"9\" r=\"8\"/><text x=\"{place:.1}\" \
                 y=\"13\" text-anchor=\"middle\">{}</text><title>{} {}</title></g>",
                number + 1,
                facts::minute(step.t),
                escape(&step.text)
            );
        }
    }

    fn memory(&mut self, record: &DrillRecord, top: f64) {
        let bottom = top + MEMORY;
        // A little room above the limit, which Redis may exceed.
        let y = |share: f64| bottom - share.clamp(0.0, 1.1) / 1.1 * MEMORY;
        let _ = write!(
            self.svg,
            "<rect class=\"plot\" x=\"0\" y=\"{top:.0}\" width=\"{:.0}\" height=\"{MEMORY:.0}\"/>\
             <line class=\"limit\" x1=\"0\" x2=\"{:.0}\" y1=\"{:.1}\" y2=\"{:.1}\"/>",
            self.width,
            self.width,
            y(1.0),
            y(1.0)
        );
        for run in record
            .minutes
            .chunk_by(|one, other| one.service.memory.is_some() == other.service.memory.is_some())
        {
            let points: Vec<_> = run
                .iter()
                .filter_map(|minute| Some((self.x(minute.t), y(minute.service.memory?))))
                .collect();
            let (Some(first), Some(last)) = (points.first(), points.last()) else {
                continue;
            };
            let mut line = String::new();
            for (x, y) in &points {
                let _ = write!(line, "{x:.1},{y:.1} ");
            }
            let _ = write!(
                self.svg,
                "<polygon class=\"area\" points=\"{:.1},{bottom:.0} {line}{:.1},{bottom:.0}\"/>\
                 <polyline class=\"memory\" points=\"{line}\"/>",
                first.0, last.0
            );
        }
        for part in runs(&record.minutes, self.to, |minute| {
            minute.service.is_failing()
        }) {
            if part.2 {
                let (x, end) = (self.x(part.0), self.x(part.1));
                let _ = write!(
                    self.svg,
                    "<rect class=\"error\" x=\"{x:.1}\" y=\"{:.0}\" width=\"{:.1}\" height=\"{ERRORS:.0}\"/>",
                    bottom + 2.0,
                    (end - x).max(1.0)
                );
            }
        }
    }

    fn band(&mut self, parts: &[BandPart], top: f64) {
        for part in parts {
            let (x, end) = (self.x(part.from), self.x(part.to));
            let width = (end - x).max(1.0);
            let _ = write!(
                self.svg,
                "<g class=\"part is-{}\"><title>{} to {}: {}{}</title><rect x=\"{x:.1}\" \
                 y=\"{top:.0}\" width=\"{width:.1}\" height=\"{BAND:.0}\"/>",
                part.class,
                facts::minute(part.from),
                facts::minute(part.to),
                escape(&part.label),
                if part.is_wrong { ", wrong" } else { "" }
            );
            if part.is_wrong {
                let _ = write!(
                    self.svg,
                    "<rect class=\"wrong\" x=\"{x:.1}\" y=\"{top:.0}\" width=\"{width:.1}\" \
                     height=\"{BAND:.0}\"/>"
                );
            }
            let label = if part.is_wrong {
                format!("{} ✗", part.label)
            } else {
                part.label.clone()
            };
            let length = label.chars().fold(0.0, |length, _| length + LETTER);
            if length + 12.0 < width {
                let _ = write!(
                    self.svg,
                    "<text x=\"{:.1}\" y=\"{:.0}\">{}</text>",
                    x + 7.0,
                    top + BAND / 2.0 + 4.5,
                    escape(&label)
                );
            }
            self.svg.push_str("</g>");
        }
    }

    fn messages(&mut self, record: &DrillRecord, y: f64) {
        for message in &record.messages {
            let _ = write!(
                self.svg,
                "<circle class=\"message\" cx=\"{:.1}\" cy=\"{y:.1}\" r=\"3\"><title>{} {}</title></circle>",
                self.x(message.t),
                facts::minute(message.t),
                escape(&message.title)
            );
        }
    }

    fn axis(&mut self, top: f64) {
        let step = [5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 240.0, 480.0]
            .into_iter()
            .find(|step| (self.to - self.from) / step * 56.0 <= self.width)
            .unwrap_or(960.0);
        let mut t = (self.from / step).ceil() * step;
        while t <= self.to {
            let x = self.x(t);
            let label = if t == 0.0 {
                "first error".to_owned()
            } else if step >= 60.0 {
                format!("{:+.0} h", t / 60.0).replace('-', "−")
            } else {
                format!("{t:+.0} min").replace('-', "−")
            };
            let half = label.chars().fold(0.0, |length, _| length + LETTER) / 2.0;
            let anchor = if x < half {
                "start"
            } else if x > self.width - half {
                "end"
            } else {
                "middle"
            };
            let _ = write!(
                self.svg,
                "<line class=\"tick\" x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{top:.0}\" y2=\"{:.0}\"/>\
                 <text class=\"soft\" x=\"{x:.1}\" y=\"{:.0}\" text-anchor=\"{anchor}\">{label}</text>",
                top + 5.0,
                top + 19.0
            );
            t += step;
        }
    }
}

/// Moves numbers apart that would cover each other, and keeps all within the width.
fn apart(at: &[f64], width: f64) -> Vec<f64> {
    let mut places = Vec::new();
    let mut last = f64::MIN;
    for x in at {
        last = x.max(8.0).max(last + 17.0);
        places.push(last);
    }
    let mut next = f64::MAX;
    for place in places.iter_mut().rev() {
        next = place.min(width - 8.0).min(next - 17.0);
        *place = next;
    }
    places
}

/// What readers knew then: nothing, until the first word.
fn said_then(scenario: &Scenario) -> Vec<BandPart> {
    let mut parts = Vec::new();
    let end = scenario.to();
    let first = scenario.said.first().map_or(end, |said| said.at);
    let mut silent = |from: f64, to: f64, is_wrong| {
        if from < to {
            parts.push(BandPart {
                from,
                to,
                class: "silent",
                label: "nothing".to_owned(),
                is_wrong,
            });
        }
    };
    silent(scenario.from(), first.min(0.0), false);
    silent(0.0_f64.max(scenario.from()), first, true);
    for (at, said) in scenario.said.iter().enumerate() {
        let next = scenario.said.get(at + 1).map_or(end, |next| next.at);
        let label = match (said.state, said.verdict) {
            (Health::Ok, _) => "over",
            (_, SaidVerdict::WrongCause) => "outage, wrong cause",
            _ => "outage",
        };
        parts.push(BandPart {
            from: said.at.min(end),
            to: next.min(end),
            class: said.state.word(),
            label: label.to_owned(),
            is_wrong: said.verdict != SaidVerdict::True,
        });
    }
    parts
}

/// What the public page showed.
fn page_now(record: &DrillRecord, wrong: &[f64]) -> Vec<BandPart> {
    let end = record.minutes.last().map_or(0.0, |minute| minute.t) + 1.0;
    let shown = |minute: &MinuteSeen| {
        let page = minute.page.as_ref();
        let is_watched = page.is_some_and(|page| {
            page.open
                .iter()
                .any(|(_, phase)| *phase == Phase::Monitoring)
        });
        let health = page.map_or(Health::Unknown, |page| page.overall);
        (health, is_watched, wrong.contains(&minute.t))
    };
    runs(&record.minutes, end, shown)
        .into_iter()
        .map(|(from, to, (health, is_watched, is_wrong))| BandPart {
            from,
            to,
            class: health.word(),
            label: if is_watched {
                "watched".to_owned()
            } else {
                health.word().to_owned()
            },
            is_wrong,
        })
        .collect()
}

/// Stretches of looks that are alike, each until the next one begins.
fn runs<T: PartialEq>(
    minutes: &[MinuteSeen],
    end: f64,
    of: impl Fn(&MinuteSeen) -> T,
) -> Vec<(f64, f64, T)> {
    let mut runs: Vec<(f64, f64, T)> = Vec::new();
    for minute in minutes {
        let value = of(minute);
        match runs.last_mut() {
            Some(last) if last.2 == value => last.1 = minute.t,
            last => {
                if let Some(last) = last {
                    last.1 = minute.t;
                }
                runs.push((minute.t, minute.t, value));
            }
        }
    }
    if let Some(last) = runs.last_mut() {
        last.1 = end;
    }
    runs
}

/// Text within SVG.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
