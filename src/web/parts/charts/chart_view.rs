//! A figure drawn over a span: the chart, its values for the script and as a table.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::chart::subject::{Chart, ChartForm, ReferenceLine, Shade};
use crate::chart::{draw, edges};
use crate::model::incident::Incident;
use crate::model::series::measure::{ChartSpan, ChartState, Course};
use crate::model::series::minute::ChartBucket;
use crate::model::text::unit::Unit;
use crate::web::parts::charts::newest_value;
use crate::web::parts::context::Present;
use crate::web::parts::times::When;
use crate::web::site::View;
use crate::web::text::html;
use crate::web::text::machine;

/// Rows of a table at most.
const ROWS: i64 = 24;

/// A row of the table that says what the chart shows.
#[derive(Debug)]
pub(crate) struct RowView {
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
pub(crate) struct ChartView {
    /// Its name in addresses.
    pub id: String,
    /// Its page.
    pub href: String,
    /// What it is.
    pub title: String,
    /// The newest value with its age, as HTML.
    pub newest: Option<String>,
    /// The chart.
    pub svg: String,
    /// The same for a page that has room for it, if it stands alone in its row.
    pub wide: Option<String>,
    /// The same as a table.
    pub rows: Vec<RowView>,
}

/// The address of a figure's page.
pub(crate) fn address(id: &str, span: ChartSpan) -> String {
    format!("/figures/{}/{}/", machine::address(id), span.word())
}

/// Draws a figure over a span; also for a page that has room, if it stands alone.
pub(crate) fn figure(
    present: &Present<'_>,
    state: &ChartState,
    span: ChartSpan,
    is_wide: bool,
) -> ChartView {
    let view = present.view;
    let figure = &state.series;
    let course = state.courses.get(&span).cloned();
    let course = course.unwrap_or_else(|| nothing(view.board.at, span));
    let (limit, warning) = (
        present.speech.say("chart-limit"),
        present.speech.say("chart-warning"),
    );
    let mark = |label, value: Option<f64>, grave| {
        let value = value.filter(|_| !course.is_binary());
        value.map(|value| ReferenceLine {
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
            mark(&*limit, figure.bad, true),
            mark(&*warning, figure.warn, false),
        ]
        .into_iter()
        .flatten()
        .collect(),
        shades: shades(&view, state, &course),
        zone: &view.names.zone,
        speech: &present.speech,
    };
    let drawn = |form| {
        let points = points(&chart, &course, form);
        with_points(&draw(&chart, form), &points)
    };
    ChartView {
        id: figure.id.clone(),
        href: present.to(&address(&figure.id, ChartSpan::Day)),
        title: figure.title.clone(),
        newest: newest_value::newest(present, state),
        svg: drawn(ChartForm::Inline),
        wide: is_wide.then(|| drawn(ChartForm::Wide)),
        rows: rows(present, &course, figure.unit),
    }
}

/// A span of which nothing was read yet.
fn nothing(now: Timestamp, span: ChartSpan) -> Arc<Course> {
    Arc::new(Course {
        from: now.checked_sub(span.length()).unwrap_or(Timestamp::MIN),
        until: now,
        step: Duration::from_mins(1),
        buckets: Vec::new(),
    })
}

/// The incidents that concern a figure, as far as visitors may read them.
fn shades(view: &View<'_>, state: &ChartState, course: &Course) -> Vec<Shade> {
    let components = view.board.components.iter();
    let names: Vec<_> = components
        .filter(|one| state.series.components.contains(&one.component.id))
        .map(|one| &one.component.name)
        .collect();
    let concerns = |incident: &Incident| {
        let affected = incident.affected.iter().any(|name| names.contains(&name));
        affected || state.series.components.is_empty()
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
    let incidents = view.board.facts.incidents.iter().map(AsRef::as_ref);
    incidents
        .filter(|incident: &&Incident| incident.is_public() && !incident.informational)
        .filter(|incident| incident.severity.is_some() && concerns(incident))
        .filter_map(shade)
        .collect()
}

fn part(course: &Course, bucket: &ChartBucket) -> i64 {
    let step = i64::try_from(course.step.as_secs())
        .unwrap_or(i64::MAX)
        .max(1);
    (bucket.at.as_second() - course.from.as_second()).div_euclid(step)
}

/// The chart as a table of a few rows.
fn rows(present: &Present<'_>, course: &Course, unit: Unit) -> Vec<RowView> {
    let length = course.until.as_second() - course.from.as_second();
    let step = i64::try_from(course.step.as_secs())
        .unwrap_or(i64::MAX)
        .max(1);
    let parts = (length / step / ROWS).max(1);
    let row = |run: &[ChartBucket]| {
        let first = run.first()?;
        let count = f64::from(u32::try_from(run.len()).unwrap_or(u32::MAX));
        let fold = |value: fn(&ChartBucket) -> f64, better: fn(f64, f64) -> f64| {
            unit.say(run.iter().map(value).reduce(better).unwrap_or(f64::NAN))
        };
        Some(RowView {
            at: present.when(first.at),
            min: fold(|one| one.min, f64::min),
            mean: unit.say(run.iter().map(|one| one.mean / count).sum()),
            max: fold(|one| one.max, f64::max),
        })
    };
    let together = |one: &ChartBucket, other: &ChartBucket| {
        part(course, one).div_euclid(parts) == part(course, other).div_euclid(parts)
    };
    course.buckets.chunk_by(together).filter_map(row).collect()
}

/// What each part says and where it is, from left to right as a share of the
/// width, for the script: `[[0.1,1772366400,"5 s"]]`.
fn points(chart: &Chart<'_>, course: &Course, form: ChartForm) -> String {
    let [width, left, right] =
        edges(chart, form).map(|edge| edge.parse::<f64>().unwrap_or_default());
    let length = course.until.duration_since(course.from).as_secs_f64();
    let half = course.step.as_secs_f64() / 2.0;
    let points = course.buckets.iter().map(|bucket| {
        let passed = bucket.at.duration_since(course.from).as_secs_f64() + half;
        let x = (left + (right - left) * passed / length.max(1.0)) / width.max(1.0);
        let x = (x.clamp(0.0, 1.0) * 1000.0).round() / 1000.0;
        serde_json::json!([x, bucket.at.as_second(), chart.unit.say(bucket.mean)])
    });
    points.collect::<serde_json::Value>().to_string()
}

/// The drawing with its points for the script.
fn with_points(svg: &str, points: &str) -> String {
    if points == "[]" {
        return svg.to_owned();
    }
    let points = html::escape(points);
    svg.replacen("<svg ", &format!("<svg data-points=\"{points}\" "), 1)
}
