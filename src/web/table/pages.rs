//! Every page that people see, with its row.

use crate::model::series::measure::ChartSpan;
use crate::web::files::{pictures, statics};
use crate::web::pages::archive::{self, ArchivePart, Search};
use crate::web::pages::error;
use crate::web::pages::report::{self, ReportState};
use crate::web::pages::{
    charts, component, extra_pages, incident, lists, maintenance, status, subscribe,
};
use crate::web::parts::look::sign::Sign;
use crate::web::parts::look::style;
use crate::web::site::View;
use crate::web::table::answer::{AnswerKind, AnswerTraits, CacheLifetime, PageResult, Policy};
use crate::web::table::row::{Of, Row};

/// A page, or a page of each thing of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Page {
    /// The state of everything.
    First,
    /// The newest incidents.
    Incidents,
    /// The incidents of a year or a month.
    Past,
    /// Planned work.
    Maintenance,
    /// How to subscribe.
    Subscribe,
    /// Where visitors report a problem.
    Report,
    /// Everything that incidents say is affected.
    Parts,
    /// A slice of the list of incidents.
    Slice,
    /// The page of a component.
    Component,
    /// The page of an incident.
    Incident,
    /// The picture of an incident.
    Picture,
    /// A published figure over a span.
    Chart(ChartSpan),
    /// All of them over a span.
    Charts(ChartSpan),
    /// The style sheet.
    Style,
    /// The script of every page.
    Script,
    /// The script that searches where no server does.
    Search,
    /// The sign in the browser's tab.
    Favicon,
    /// What is shown where nothing is.
    Missing,
    /// A page of the site's own, wherever it wants it.
    Extra,
    /// A file of the site's own, wherever nothing else stands.
    File,
}

impl Page {
    /// Every page.
    pub const ALL: [Self; 28] = [
        Self::First,
        Self::Incidents,
        Self::Maintenance,
        Self::Subscribe,
        Self::Report,
        Self::Style,
        Self::Script,
        Self::Search,
        Self::Favicon,
        Self::Past,
        Self::Parts,
        Self::Slice,
        Self::Incident,
        Self::Picture,
        Self::Component,
        Self::Chart(ChartSpan::Hour),
        Self::Chart(ChartSpan::Day),
        Self::Chart(ChartSpan::Week),
        Self::Chart(ChartSpan::Month),
        Self::Chart(ChartSpan::Quarter),
        Self::Charts(ChartSpan::Hour),
        Self::Charts(ChartSpan::Day),
        Self::Charts(ChartSpan::Week),
        Self::Charts(ChartSpan::Month),
        Self::Charts(ChartSpan::Quarter),
        Self::Missing,
        Self::Extra,
        Self::File,
    ];

    /// Whether the site has it at all.
    pub(super) fn is_there(self, view: &View<'_>) -> bool {
        match self {
            Self::Report => view.names.takes_reports(),
            Self::Charts(_) => !view.board.charts.is_empty(),
            Self::First
            | Self::Incidents
            | Self::Past
            | Self::Maintenance
            | Self::Subscribe
            | Self::Parts
            | Self::Slice
            | Self::Component
            | Self::Incident
            | Self::Picture
            | Self::Chart(_)
            | Self::Style
            | Self::Script
            | Self::Search
            | Self::Favicon
            | Self::Missing
            | Self::Extra
            | Self::File => true,
        }
    }

    /// Its row.
    pub(crate) fn row(self) -> Row {
        use AnswerKind::{Css, Html, Script, Svg};
        match self {
            Self::First => Row::site("/", Html, |view, _| text(status::page(view))),
            Self::Incidents => Row::site("/issues/", Html, |view, _| {
                maybe(archive::page(view, &ArchivePart::Newest(Search::default())))
            }),
            Self::Past => Row::each("/history/", Of::Time, "/", Html, |view, time| {
                maybe(ArchivePart::from_path(time).and_then(|part| archive::page(view, &part)))
            }),
            Self::Maintenance => Row::site("/maintenance/", Html, |view, _| {
                text(maintenance::page(view))
            }),
            Self::Subscribe => Row::site("/subscribe", Html, |view, _| text(subscribe::page(view))),
            Self::Report => Row::site("/report", Html, |view, _| {
                text(report::page(view, ReportState::Open))
            }),
            Self::Parts => Row::site("/affected/", Html, |view, _| {
                text(lists::affected_names(view))
            }),
            Self::Slice => Row::each("/page/", Of::Slice, "/", Html, |view, number| {
                maybe(lists::slice(view, number))
            }),
            Self::Component => Row::each("/affected/", Of::Component, "/", Html, |view, path| {
                maybe(component::page(view, path))
            }),
            Self::Extra => Row::each("/", Of::Extra, "/", Html, |view, path| {
                maybe(extra_pages::page(view, path))
            }),
            Self::File => Row::each("/", Of::File, "", statics::OTHER_KIND, |view, path| {
                Ok(statics::read(&view.names.statics, path))
            }),
            Self::Incident => Row::each("/issues/", Of::Incident, "/", Html, |view, id| {
                maybe(incident::page(view, id).or_else(|| extra_pages::among(view, id)))
            }),
            Self::Picture => Row::each(
                "/issues/",
                Of::Picture,
                pictures::ENDING,
                Svg,
                |view, name| Ok(pictures::read(view, name)),
            )
            .with_policy(Policy::Picture),
            Self::Chart(span) => chart(span),
            Self::Charts(span) => chart_list(span),
            Self::Style => Row::site("/style.css", Css, |view, _| some(style::style(view.names))),
            Self::Script => Row::site("/page.js", Script, |_, _| some(style::script())),
            Self::Search => Row::site("/search.js", Script, |_, _| some(style::SEARCH.to_owned())),
            Self::Favicon => Row::site("/favicon.svg", Svg, |view, _| {
                let sign = Sign::from(view.board);
                some(style::favicon(view.names, sign))
            }),
            Self::Missing => missing(),
        }
    }
}

/// The row of what is shown where nothing is.
fn missing() -> Row {
    let row = Row::site("/404.html", AnswerKind::Html, |view, _| {
        text(error::missing(view))
    });
    let lifetime = CacheLifetime::Never;
    let traits = AnswerTraits {
        lifetime,
        ..row.traits
    };
    Row { traits, ..row }
}

/// The row of charts of one span.
fn chart(span: ChartSpan) -> Row {
    let (after, make): (_, fn(&View<'_>, &str) -> PageResult) = match span {
        ChartSpan::Hour => ("/hour/", |view, id| drawn(view, id, ChartSpan::Hour)),
        ChartSpan::Day => ("/day/", |view, id| drawn(view, id, ChartSpan::Day)),
        ChartSpan::Week => ("/week/", |view, id| drawn(view, id, ChartSpan::Week)),
        ChartSpan::Month => ("/30-days/", |view, id| drawn(view, id, ChartSpan::Month)),
        ChartSpan::Quarter => ("/90-days/", |view, id| drawn(view, id, ChartSpan::Quarter)),
    };
    Row::each("/figures/", Of::Chart, after, AnswerKind::Html, make)
}

/// The row of all charts of one span.
fn chart_list(span: ChartSpan) -> Row {
    let (path, make): (_, fn(&View<'_>, &str) -> PageResult) = match span {
        ChartSpan::Hour => ("/figures/hour/", |view, _| all(view, ChartSpan::Hour)),
        ChartSpan::Day => ("/figures/", |view, _| all(view, ChartSpan::Day)),
        ChartSpan::Week => ("/figures/week/", |view, _| all(view, ChartSpan::Week)),
        ChartSpan::Month => ("/figures/30-days/", |view, _| all(view, ChartSpan::Month)),
        ChartSpan::Quarter => ("/figures/90-days/", |view, _| all(view, ChartSpan::Quarter)),
    };
    Row::site(path, AnswerKind::Html, make)
}

fn all(view: &View<'_>, span: ChartSpan) -> PageResult {
    maybe(charts::list(view, span))
}

fn drawn(view: &View<'_>, id: &str, span: ChartSpan) -> PageResult {
    maybe(charts::page(view, id, span))
}

fn maybe(page: Option<askama::Result<String>>) -> PageResult {
    page.map_or(Ok(None), text)
}

fn text(page: askama::Result<String>) -> PageResult {
    Ok(Some(page?.into_bytes()))
}

#[expect(clippy::unnecessary_wraps, reason = "the form of every row")]
fn some(text: String) -> PageResult {
    Ok(Some(text.into_bytes()))
}
