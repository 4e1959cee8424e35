//! Published series: charts on the first page, and a page for each.

use std::sync::Arc;

use askama::Template;

use crate::language::speech::Speech;
use crate::model::component::ComponentId;
use crate::model::series::measure::{ChartSpan, ChartState};
use crate::web::parts::charts::chart_view::{ChartView, address, figure};
use crate::web::parts::context::Present;
use crate::web::parts::look::frame::{Frame, Here};
use crate::web::site::View;

/// Another span of the same figure.
#[derive(Debug)]
pub(crate) struct SpanLink {
    /// Its page.
    pub href: String,
    /// Its name.
    pub name: String,
    /// Whether it is the one that is shown.
    pub is_shown: bool,
}

/// The address of the charts of a span.
pub fn list_address(span: ChartSpan) -> String {
    match span {
        ChartSpan::Day => "/figures/".to_owned(),
        ChartSpan::Hour | ChartSpan::Week | ChartSpan::Month | ChartSpan::Quarter => {
            format!("/figures/{}/", span.word())
        }
    }
}

/// Figures with their charts, and the switch to other spans of all of them.
struct ChartGroup {
    spans: Vec<SpanLink>,
    charts: Vec<ChartView>,
}

#[derive(Template)]
#[template(path = "chart_section.html")]
struct ChartSection {
    speech: Arc<Speech>,
    group: ChartGroup,
}

/// Charts of the last day as a part of a page: those that concern a component, if
/// it is named, and else those that are not the figures of one component, which
/// stand in its row. Empty if there is nothing to draw.
pub(crate) fn section(
    present: &Present<'_>,
    component: Option<&ComponentId>,
) -> askama::Result<String> {
    let concerns = |state: &ChartState| match component {
        Some(id) => state.series.components.contains(id),
        None => state.series.components.len() != 1,
    };
    let group = group(present, ChartSpan::Day, concerns);
    if group.charts.is_empty() {
        return Ok(String::new());
    }
    ChartSection {
        speech: Arc::clone(&present.speech),
        group,
    }
    .render()
}

fn group(
    present: &Present<'_>,
    span: ChartSpan,
    concerns: impl Fn(&ChartState) -> bool,
) -> ChartGroup {
    let states = present.view.board.charts.iter();
    let drawn = |state: &&Arc<ChartState>| {
        let course = state.courses.get(&span);
        course.is_some_and(|course| !course.buckets.is_empty())
    };
    let states: Vec<_> = states
        .filter(|state| concerns(state))
        .filter(drawn)
        .collect();
    let alone = states.len().checked_sub(1).filter(|last| last % 2 == 0);
    let charts = states.into_iter().enumerate().map(|(at, state)| {
        // The odd one has a row for itself.
        figure(present, state, span, alone == Some(at))
    });
    ChartGroup {
        charts: charts.collect(),
        spans: spans(present, span, list_address),
    }
}

/// Every span with its address.
fn spans(
    present: &Present<'_>,
    shown: ChartSpan,
    address: impl Fn(ChartSpan) -> String,
) -> Vec<SpanLink> {
    let spans = ChartSpan::ALL.into_iter().map(|span| SpanLink {
        href: present.to(&address(span)),
        name: span_name(&present.speech, span),
        is_shown: span == shown,
    });
    spans.collect()
}

#[derive(Template)]
#[template(path = "chart_list.html")]
struct ChartList<'a> {
    frame: Frame<'a>,
    speech: Arc<Speech>,
    span: String,
    group: ChartGroup,
}

/// All charts of a span; `None` if nothing is published.
pub fn list(view: &View<'_>, span: ChartSpan) -> Option<askama::Result<String>> {
    if view.board.charts.is_empty() {
        return None;
    }
    let present = Present::new(view);
    let page = ChartList {
        frame: Frame::new(&present, Here::Other),
        speech: Arc::clone(&present.speech),
        span: span_name(&present.speech, span),
        group: group(&present, span, |_| true),
    };
    Some(page.render())
}

#[derive(Template)]
#[template(path = "chart_page.html")]
struct ChartPage<'a> {
    frame: Frame<'a>,
    speech: Arc<Speech>,
    span: String,
    spans: Vec<SpanLink>,
    figure: ChartView,
}

/// The page of a figure and a span; `None` if there is none of that name.
pub fn page(view: &View<'_>, id: &str, span: ChartSpan) -> Option<askama::Result<String>> {
    let mut charts = view.board.charts.iter();
    let state = charts.find(|state| state.series.id == id)?;
    let present = Present::new(view);
    let page = ChartPage {
        frame: Frame::new(&present, Here::Other),
        speech: Arc::clone(&present.speech),
        span: span_name(&present.speech, span),
        spans: spans(&present, span, |span| address(id, span)),
        figure: figure(&present, state, span, true),
    };
    Some(page.render())
}

/// The name of a span.
fn span_name(speech: &Speech, span: ChartSpan) -> String {
    speech.say(match span {
        ChartSpan::Hour => "figure-hour",
        ChartSpan::Day => "figure-day",
        ChartSpan::Week => "figure-week",
        ChartSpan::Month => "figure-30-days",
        ChartSpan::Quarter => "figure-90-days",
    })
}
