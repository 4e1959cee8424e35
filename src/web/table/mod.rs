//! Every address of the public page, in one table.
//!
//! To add one: a variant, its place in `ALL`, and its row.

use std::collections::HashSet;
use std::fmt;

use percent_encoding::percent_decode_str;

use crate::model::measure::Span;
use crate::web::answer::{Kind, Life, Made, Manner, Policy};
use crate::web::archive::{self, Part, Search};
use crate::web::error::{self, WebError};
use crate::web::machines::address::{self, Machine};
use crate::web::present::Present;
use crate::web::report::{self, Report};
use crate::web::site::Picture;
use crate::web::site::View;
use crate::web::{
    component, figures, free, incidents, links, maintenance, pictures, status, style, subscribe,
    words,
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

/// What the pages of a row are pages of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// The whole site: there is one.
    Site,
    /// An incident; its id is a part of the address.
    Incident,
    /// An incident that has a picture; its file's name is a part of the address.
    Picture,
    /// A published figure; its id is a part of the address.
    Figure,
    /// A component; what names it in addresses is a part of the address.
    Component,
    /// A year, or a month of one: `2026/11`.
    Time,
    /// The site's picture, if it has that form.
    Logo,
    /// A page of the site's own, by its path.
    Free,
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// What the address begins with.
    pub before: &'static str,
    /// What stands between, if anything does.
    pub of: Of,
    /// What it ends with.
    pub after: &'static str,
    /// How the answer is given.
    pub manner: Manner,
    /// Makes it, given what stands between.
    pub make: fn(&View<'_>, &str) -> Made,
}

/// An address that something may have.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Address {
    /// That of a page.
    Page {
        /// Which row it is of.
        page: Page,
        /// Whose page it is; empty for the site's own.
        name: Box<str>,
    },
    /// That of something that a machine asks for.
    Machine(Machine),
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
    fn is_there(self, view: &View<'_>) -> bool {
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

/// What the file of the site's picture is called, but for its form.
const LOGO: &str = "logo.";
const LOGO_PATH: &str = "/logo.";

/// The site's picture, if it is kept here: its name and its bytes.
fn logo<'a>(view: &View<'a>) -> Option<(&'a str, &'a [u8])> {
    match &view.names.logo.as_ref()?.source {
        Picture::Own { bytes, file, .. } => Some((file, bytes)),
        Picture::Elsewhere(_) => None,
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

impl Row {
    fn site(path: &'static str, kind: Kind, make: fn(&View<'_>, &str) -> Made) -> Self {
        Self::each(path, Of::Site, "", kind, make)
    }

    fn each(
        before: &'static str,
        of: Of,
        after: &'static str,
        kind: Kind,
        make: fn(&View<'_>, &str) -> Made,
    ) -> Self {
        let life = match kind {
            Kind::Html => Life::Board,
            Kind::Css | Kind::Script => Life::Marked,
            _ => Life::Machine,
        };
        let manner = Manner {
            kind,
            life,
            open: !matches!(kind, Kind::Html | Kind::Css | Kind::Script),
            policy: Policy::Page,
        };
        Self {
            before,
            of,
            after,
            manner,
            make,
        }
    }

    fn with_policy(mut self, policy: Policy) -> Self {
        self.manner.policy = policy;
        self
    }

    /// The path, with something in the place of a name.
    pub fn pattern(&self, name: &str) -> String {
        match self.of {
            Of::Site => self.before.to_owned(),
            Of::Logo => format!("{}{}", self.before, self.after),
            _ => format!("{}{name}{}", self.before, self.after),
        }
    }

    fn read(&self, path: &str) -> Option<Box<str>> {
        let rest = path.strip_prefix(self.before)?;
        if self.of == Of::Site {
            return rest.is_empty().then(Box::default);
        }
        let name = if self.of == Of::Logo {
            rest.strip_suffix(self.after)?
                .is_empty()
                .then_some(self.after)?
        } else {
            rest.strip_suffix(self.after)?
        };
        let name = percent_decode_str(name).decode_utf8().ok()?;
        let is_none = name.is_empty() || (self.of == Of::Free && name.ends_with('/'));
        (!is_none).then(|| name.as_ref().into())
    }

    /// What its pages are pages of, by name.
    fn names(&self, view: &View<'_>) -> Vec<Box<str>> {
        match self.of {
            Of::Site => vec![Box::default()],
            Of::Incident => {
                let incidents = view.board.incidents.iter();
                let pages = incidents.filter(|incident| incident.has_page());
                pages
                    .map(|incident| incident.id.0.as_str().into())
                    .collect()
            }
            Of::Picture => pictures::all(view).into_iter().map(Into::into).collect(),
            Of::Component => {
                let slugs = links::components(view.board).into_iter();
                slugs.map(Into::into).collect()
            }
            Of::Time => {
                let parts = archive::parts(view);
                let names = parts.iter().filter_map(Part::path);
                names.map(Into::into).collect()
            }
            Of::Logo => {
                let own = logo(view).and_then(|(file, _)| file.strip_prefix(LOGO));
                let own = own.filter(|form| *form == self.after);
                own.map(Into::into).into_iter().collect()
            }
            Of::Free => view
                .names
                .pages
                .keys()
                .map(|path| path.as_str().into())
                .collect(),
            Of::Figure => {
                let figures = view.board.figures.iter();
                figures
                    .map(|state| state.figure.id.as_str().into())
                    .collect()
            }
        }
    }
}

impl Address {
    /// The address of one of the site's own pages.
    pub fn site(page: Page) -> Self {
        Self::of(page, "")
    }

    /// The address of the page of something.
    pub fn of(page: Page, name: &str) -> Self {
        let name = name.into();
        Self::Page { page, name }
    }

    /// Reads a path; `None` if nothing could have it.
    ///
    /// ```
    /// # use critwatch::web::table::{Address, Page};
    /// let address = Address::parse("/issues/2026-03-01-a%20b/").unwrap();
    /// assert_eq!(address, Address::of(Page::Incident, "2026-03-01-a b"));
    /// assert_eq!(address.to_string(), "/issues/2026-03-01-a%20b/");
    /// ```
    pub fn parse(path: &str) -> Option<Self> {
        Self::ours(path).or_else(|| Self::free(path))
    }

    /// Reads a path that the site has no say in.
    fn ours(path: &str) -> Option<Self> {
        let ours = Page::ALL.into_iter().filter(|page| *page != Page::Free);
        let page = ours.into_iter().find_map(|page| {
            let name = page.row().read(path)?;
            Some(Self::Page { page, name })
        });
        page.or_else(|| Machine::parse(path).map(Self::Machine))
    }

    /// Reads a path that a page of the site's own may have.
    fn free(path: &str) -> Option<Self> {
        let (page, name) = (Page::Free, Page::Free.row().read(path)?);
        Some(Self::Page { page, name })
    }

    /// The address that is meant by a path that is none: one that lacks its
    /// slash, or the span of a figure.
    pub fn meant(path: &str) -> Option<Self> {
        let path = path.trim_end_matches('/');
        let day = Span::Day.word();
        let figure = || {
            let day = Self::ours(&format!("{path}/{day}/"))?;
            let is_figure = |page: &Page| matches!(page, Page::Figure(_));
            matches!(&day, Self::Page { page, .. } if is_figure(page)).then_some(day)
        };
        let whole = format!("{path}/");
        let ours = Self::ours(&whole).or_else(figure);
        ours.or_else(|| Self::free(&whole))
    }

    /// Every address that exists, for the export and for lists of addresses.
    pub fn list(view: &View<'_>) -> Vec<Self> {
        let pages = Page::ALL.into_iter().filter(|page| page.is_there(view));
        let pages = pages.flat_map(|page| {
            let names = page.row().names(view).into_iter();
            names.map(move |name| Self::Page { page, name })
        });
        // Components of the same name have their addresses in common.
        let mut seen = HashSet::new();
        let machines = Machine::all(view).into_iter();
        let machines = machines.filter(|machine| seen.insert(machine.clone()));
        pages.chain(machines.map(Self::Machine)).collect()
    }

    /// How its answer is given.
    pub fn manner(&self) -> Manner {
        match self {
            Self::Page { page, .. } => page.row().manner,
            Self::Machine(machine) => manner(machine),
        }
    }

    /// The id of the incident that it tells of and of nothing else.
    pub fn incident(&self) -> Option<&str> {
        match self {
            Self::Page {
                page: Page::Incident,
                name,
            } => Some(name),
            Self::Machine(Machine::Issue(id)) => Some(id),
            _ => None,
        }
    }

    /// The name in it; empty if there is none.
    pub fn name(&self) -> &str {
        match self {
            Self::Page { name, .. } => name,
            Self::Machine(machine) => machine.name().unwrap_or_default(),
        }
    }

    /// The path, with something in the place of a name.
    pub fn pattern(&self, name: &str) -> String {
        match self {
            Self::Page { page, .. } => page.row().pattern(name),
            Self::Machine(machine) => machine.named(name),
        }
    }

    /// Makes the answer.
    pub fn render(&self, view: &View<'_>) -> Result<Vec<u8>, WebError> {
        let made = match self {
            Self::Page { page, .. } if !page.is_there(view) => None,
            Self::Page { page, name } => (page.row().make)(view, name)?,
            Self::Machine(machine) => machine.show(view)?.map(String::into_bytes),
        };
        made.ok_or(WebError::NotFound)
    }
}

impl fmt::Display for Address {
    /// Prints the path, as it stands in links.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.pattern(&words::address(self.name())))
    }
}

/// One address of each form, with `name` for what stands between.
pub fn forms(name: &str) -> Vec<(String, Manner, bool)> {
    let pages = Page::ALL.into_iter().map(|page| {
        let row = page.row();
        let is_named = !matches!(row.of, Of::Site | Of::Logo);
        (row.pattern(name), row.manner, is_named)
    });
    let machines = address::each().map(|machine| {
        let is_named = machine.name().is_some();
        (machine.named(name), manner(&machine), is_named)
    });
    pages.chain(machines).collect()
}

/// Machines may read all of it from everywhere; one may be shown there, too.
fn manner(machine: &Machine) -> Manner {
    Manner {
        kind: machine.kind(),
        life: Life::Machine,
        open: true,
        policy: if *machine == Machine::EmbedFrame {
            Policy::Frame
        } else {
            Policy::Page
        },
    }
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

#[cfg(test)]
mod tests;
