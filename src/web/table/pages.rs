//! Every page that people see, with its row.

use crate::model::measure::Span;
use crate::web::answer::{Kind, Life, Made, Manner, Policy};
use crate::web::archive::{self, Part, Search};
use crate::web::error;
use crate::web::present::Present;
use crate::web::report::{self, Report};
use crate::web::site::View;
use crate::web::table::row::{LOGO, LOGO_PATH, Of, Row, logo};
use crate::web::{
    component, figures, free, incidents, maintenance, pictures, status, style, subscribe,
};

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
    /// How to be told.
    Subscribe,
    /// Where visitors report a problem.
    Report,
    /// The page of a component.
    Component,
    /// The page of an incident.
    Incident,
    /// The picture of an incident.
    Picture,
    /// A published figure over a span.
    Figure(Span),
    /// The style sheet.
    Style,
    /// The script of every page.
    Script,
    /// The script that searches where no server does.
    Search,
    /// The site's picture, in one of the forms that it may have.
    Logo(Form),
    /// The sign in the browser's tab.
    Favicon,
    /// What is shown where nothing is.
    Missing,
    /// A page of the site's own, wherever it wants it.
    Free,
}

/// The forms of pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// A drawing.
    Svg,
    /// Points.
    Png,
    /// A photograph.
    Jpg,
    /// The same under its longer name.
    Jpeg,
    /// Few colours.
    Gif,
    /// A photograph made small.
    Webp,
}

impl Page {
    /// Every page.
    pub const ALL: [Self; 26] = [
        Self::First,
        Self::Incidents,
        Self::Maintenance,
        Self::Subscribe,
        Self::Report,
        Self::Style,
        Self::Script,
        Self::Search,
        Self::Favicon,
        Self::Logo(Form::Svg),
        Self::Logo(Form::Png),
        Self::Logo(Form::Jpg),
        Self::Logo(Form::Jpeg),
        Self::Logo(Form::Gif),
        Self::Logo(Form::Webp),
        Self::Past,
        Self::Incident,
        Self::Picture,
        Self::Component,
        Self::Figure(Span::Hour),
        Self::Figure(Span::Day),
        Self::Figure(Span::Week),
        Self::Figure(Span::Month),
        Self::Figure(Span::Quarter),
        Self::Missing,
        Self::Free,
    ];

    /// Whether the site has it at all.
    pub(super) fn is_there(self, view: &View<'_>) -> bool {
        self != Self::Report || view.names.takes_reports()
    }

    /// Its row.
    pub fn row(self) -> Row {
        use Kind::{Css, Html, Script, Svg};
        match self {
            Self::First => Row::site("/", Html, |view, _| text(status::page(view))),
            Self::Incidents => Row::site("/issues/", Html, |view, _| {
                maybe(archive::page(view, &Part::Newest(Search::default())))
            }),
            Self::Past => Row::each("/history/", Of::Time, "/", Html, |view, time| {
                maybe(Part::from_path(time).and_then(|part| archive::page(view, &part)))
            }),
            Self::Maintenance => Row::site("/maintenance/", Html, |view, _| {
                text(maintenance::page(view))
            }),
            Self::Subscribe => Row::site("/subscribe", Html, |view, _| text(subscribe::page(view))),
            Self::Report => Row::site("/report", Html, |view, _| {
                text(report::page(view, Report::Open))
            }),
            Self::Component => Row::each("/affected/", Of::Component, "/", Html, |view, path| {
                maybe(component::page(view, path))
            }),
            Self::Free => Row::each("/", Of::Free, "/", Html, |view, path| {
                maybe(free::page(view, path))
            }),
            Self::Incident => Row::each("/issues/", Of::Incident, "/", Html, |view, id| {
                maybe(incidents::page(view, id).or_else(|| free::among(view, id)))
            }),
            Self::Picture => Row::each(
                "/issues/",
                Of::Picture,
                pictures::ENDING,
                Svg,
                |view, name| Ok(pictures::read(view, name)),
            )
            .with_policy(Policy::Picture),
            Self::Figure(span) => figure(span),
            Self::Style => Row::site("/style.css", Css, |view, _| some(style::style(view.names))),
            Self::Script => Row::site("/page.js", Script, |_, _| some(style::script())),
            Self::Search => Row::site("/search.js", Script, |_, _| some(style::SEARCH.to_owned())),
            Self::Favicon => Row::site("/favicon.svg", Svg, |view, _| {
                let sign = Present::new(view).overall();
                some(style::favicon(view.names, sign))
            }),
            Self::Logo(form) => form.row(),
            Self::Missing => {
                let row = Row::site("/404.html", Html, |view, _| text(error::missing(view)));
                let life = Life::Never;
                let manner = Manner { life, ..row.manner };
                Row { manner, ..row }
            }
        }
    }
}

impl Form {
    fn row(self) -> Row {
        let (after, kind) = match self {
            Self::Svg => ("svg", Kind::Svg),
            Self::Png => ("png", Kind::Png),
            Self::Jpg => ("jpg", Kind::Jpeg),
            Self::Jpeg => ("jpeg", Kind::Jpeg),
            Self::Gif => ("gif", Kind::Gif),
            Self::Webp => ("webp", Kind::Webp),
        };
        let make: fn(&View<'_>, &str) -> Made = |view, form| {
            let logo = logo(view).filter(|(file, _)| *file == format!("{LOGO}{form}"));
            Ok(logo.map(|(_, bytes)| bytes.to_vec()))
        };
        Row::each(LOGO_PATH, Of::Logo, after, kind, make)
    }
}

/// The rows of figures, one for each span.
fn figure(span: Span) -> Row {
    let (after, make): (_, fn(&View<'_>, &str) -> Made) = match span {
        Span::Hour => ("/hour/", |view, id| drawn(view, id, Span::Hour)),
        Span::Day => ("/day/", |view, id| drawn(view, id, Span::Day)),
        Span::Week => ("/week/", |view, id| drawn(view, id, Span::Week)),
        Span::Month => ("/30-days/", |view, id| drawn(view, id, Span::Month)),
        Span::Quarter => ("/90-days/", |view, id| drawn(view, id, Span::Quarter)),
    };
    Row::each("/figures/", Of::Figure, after, Kind::Html, make)
}

fn drawn(view: &View<'_>, id: &str, span: Span) -> Made {
    maybe(figures::page(view, id, span))
}

fn maybe(page: Option<askama::Result<String>>) -> Made {
    page.map_or(Ok(None), text)
}

fn text(page: askama::Result<String>) -> Made {
    Ok(Some(page?.into_bytes()))
}

#[expect(clippy::unnecessary_wraps, reason = "the form of every row")]
fn some(text: String) -> Made {
    Ok(Some(text.into_bytes()))
}
