//! What the operator publishes: charts on the first page, and a page of each.

use std::sync::Arc;
use std::time::Duration;

use askama::Template;
use jiff::Timestamp;

use crate::chart::subject::{Chart, Form, Mark, Shade};
use crate::chart::{draw, edges};
use crate::model::incident::Incident;
use crate::model::measure::{Course, FigureState, Span};
use crate::model::minute::Bucket;
use crate::model::unit::Unit;
use crate::web::frame::Frame;
use crate::web::site::View;
use crate::web::words::{self, When};

/// Rows of a table at most.
const ROWS: i64 = 24;

/// Another span of the same figure.
#[derive(Debug)]
pub struct SpanLink {
    /// Its page.
    pub href: String,
    /// Its name.
    pub name: &'static str,
    /// Whether it is the one that is shown.
    pub is_shown: bool,
}

/// A row of the table that says what the chart shows.
#[derive(Debug)]
pub struct RowView {
    /// Where it begins.
    pub at: When,
    /// The smallest value.
    pub min: String,
    /// The mean.
    pub mean: String,
    /// The largest value.
    pub max: String,
}

/// A figure as shown.
#[derive(Debug)]
pub struct FigureView {
    /// Its name in addresses.
    pub id: String,
    /// What it is.
    pub title: String,
    /// The value of the newest part, if that is not long ago.
    pub newest: Option<String>,
    /// The span that is shown.
    pub span: &'static str,
    /// Every span of it.
    pub spans: Vec<SpanLink>,
    /// The chart.
    pub svg: String,
    /// The same as a table.
    pub rows: Vec<RowView>,
    /// For a script: where the first part begins, in seconds since 1970.
    pub from: i64,
    /// For a script: seconds of a part.
    pub step: u64,
    /// For a script: the width of the drawing, and where the series begins and
    /// ends in it.
    pub edges: [String; 3],
    /// For a script: what each part says, one behind the other; empty in gaps.
    pub said: String,
}

/// The address of a figure's page.
pub fn address(id: &str, span: Span) -> String {
    format!("/figures/{}/{}/", words::address(id), span.word())
}

/// Every figure with its last day, in the order of the settings.
pub fn shown(view: &View<'_>) -> Vec<FigureView> {
    let figures = view.board.figures.iter();
    figures
        .map(|state| figure(view, state, Span::Day))
        .collect()
}

#[derive(Template)]
#[template(path = "figure.html")]
struct FigurePage<'a> {
    frame: Frame<'a>,
    figure: FigureView,
}

/// The page of a figure and a span; `None` if there is none of that name.
pub fn page(view: &View<'_>, id: &str, span: Span) -> Option<askama::Result<String>> {
    let mut figures = view.board.figures.iter();
    let state = figures.find(|state| state.figure.id == id)?;
    let page = FigurePage {
        frame: Frame::new(view),
        figure: figure(view, state, span),
    };
    Some(page.render())
}

fn figure(view: &View<'_>, state: &FigureState, span: Span) -> FigureView {
    let figure = &state.figure;
    let course = state.courses.get(&span).cloned();
    let course = course.unwrap_or_else(|| nothing(view.board.at, span));
    let mark = |label, value: Option<f64>, grave| {
        value.map(|value| Mark {
            label,
            value,
            grave,
        })
    };
    let chart = Chart {
        id: &figure.id,
        title: &figure.title,
        unit: figure.unit,
        from: course.from,
        until: course.until,
        step: course.step,
        buckets: &course.buckets,
        marks: [
            mark("limit", figure.bad, true),
            mark("warning", figure.warn, false),
        ]
        .into_iter()
        .flatten()
        .collect(),
        shades: shades(view, state, &course),
        zone: &view.names.zone,
    };
    FigureView {
        id: figure.id.clone(),
        title: figure.title.clone(),
        newest: newest(view, &course, figure.unit),
        span: span.name(),
        spans: Span::ALL
            .into_iter()
            .map(|other| SpanLink {
                href: address(&figure.id, other),
                name: other.name(),
                is_shown: other == span,
            })
            .collect(),
        svg: draw(&chart, Form::Inline),
        rows: rows(view, &course, figure.unit),
        from: course.from.as_second(),
        step: course.step.as_secs(),
        edges: edges(&chart, Form::Inline),
        said: said(&course, figure.unit),
    }
}

/// A span of which nothing was read yet.
fn nothing(now: Timestamp, span: Span) -> Arc<Course> {
    Arc::new(Course {
        from: now.checked_sub(span.length()).unwrap_or(Timestamp::MIN),
        until: now,
        step: Duration::from_mins(1),
        buckets: Vec::new(),
    })
}

/// The incidents that concern a figure, as far as visitors may read them.
fn shades(view: &View<'_>, state: &FigureState, course: &Course) -> Vec<Shade> {
    let components = view.board.components.iter();
    let names: Vec<_> = components
        .filter(|one| state.figure.components.contains(&one.component.id))
        .map(|one| &one.component.name)
        .collect();
    let concerns = |incident: &Incident| {
        let affected = incident.affected.iter().any(|name| names.contains(&name));
        affected || state.figure.components.is_empty()
    };
    let shade = |incident: &Incident| {
        let from = incident.date.filter(|from| *from < course.until)?;
        let until = if incident.resolved == Some(true) {
            Some(incident.resolved_when?)
        } else {
            None
        };
        let within = until.is_none_or(|until| until > course.from);
        within.then(|| Shade {
            from,
            until,
            label: incident.title.clone(),
        })
    };
    let incidents = view.board.incidents.iter().map(AsRef::as_ref);
    incidents
        .filter(|incident: &&Incident| incident.is_public() && !incident.informational)
        .filter(|incident| incident.severity.is_some() && concerns(incident))
        .filter_map(shade)
        .collect()
}

/// The newest value, unless it is older than two parts.
fn newest(view: &View<'_>, course: &Course, unit: Unit) -> Option<String> {
    let last = course.buckets.last()?;
    let age = Duration::try_from(view.board.at.duration_since(last.at)).unwrap_or_default();
    (age < course.step * 2).then(|| unit.say(last.mean))
}

fn part(course: &Course, bucket: &Bucket) -> i64 {
    let step = i64::try_from(course.step.as_secs())
        .unwrap_or(i64::MAX)
        .max(1);
    (bucket.at.as_second() - course.from.as_second()).div_euclid(step)
}

/// The chart as a table of a few rows.
fn rows(view: &View<'_>, course: &Course, unit: Unit) -> Vec<RowView> {
    let length = course.until.as_second() - course.from.as_second();
    let step = i64::try_from(course.step.as_secs())
        .unwrap_or(i64::MAX)
        .max(1);
    let parts = (length / step / ROWS).max(1);
    let row = |run: &[Bucket]| {
        let first = run.first()?;
        let count = f64::from(u32::try_from(run.len()).unwrap_or(u32::MAX));
        let fold = |value: fn(&Bucket) -> f64, better: fn(f64, f64) -> f64| {
            unit.say(run.iter().map(value).reduce(better).unwrap_or(f64::NAN))
        };
        Some(RowView {
            at: words::when(first.at, view.now, &view.names.zone),
            min: fold(|one| one.min, f64::min),
            mean: unit.say(run.iter().map(|one| one.mean / count).sum()),
            max: fold(|one| one.max, f64::max),
        })
    };
    let together = |one: &Bucket, other: &Bucket| {
        part(course, one).div_euclid(parts) == part(course, other).div_euclid(parts)
    };
    course.buckets.chunk_by(together).filter_map(row).collect()
}

/// What each part says, for a script, up to the last one that says anything.
fn said(course: &Course, unit: Unit) -> String {
    let mut said = String::new();
    let mut next = 0;
    for bucket in &course.buckets {
        let part = part(course, bucket);
        while next < part {
            said.push('|');
            next += 1;
        }
        said.push_str(&unit.say(bucket.mean));
    }
    said
}
