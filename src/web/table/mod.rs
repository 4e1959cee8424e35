//! Every address of the public page, in one table.
//!
//! To add one: a variant, its place in `ALL`, and its row.

use std::collections::HashSet;
use std::fmt;

use percent_encoding::percent_decode_str;

use crate::model::measure::Span;
use crate::web::answer::{Kind, Life, Made, Manner, Policy};
use crate::web::error::{self, WebError};
use crate::web::machines::address::{self, Machine};
use crate::web::site::View;
use crate::web::{figures, frame, incidents, pictures, status, words};

/// A page, or a page of each thing of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Page {
    /// The state of everything.
    First,
    /// The list of all incidents.
    Incidents,
    /// The page of an incident.
    Incident,
    /// The picture of an incident.
    Picture,
    /// A published figure over a span.
    Figure(Span),
    /// The style sheet.
    Style,
    /// The sign in the browser's tab.
    Favicon,
    /// What is shown where nothing is.
    Missing,
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
    pub const ALL: [Self; 12] = [
        Self::First,
        Self::Incidents,
        Self::Style,
        Self::Favicon,
        Self::Incident,
        Self::Picture,
        Self::Figure(Span::Hour),
        Self::Figure(Span::Day),
        Self::Figure(Span::Week),
        Self::Figure(Span::Month),
        Self::Figure(Span::Quarter),
        Self::Missing,
    ];

    /// Its row.
    pub fn row(self) -> Row {
        use Kind::{Css, Html, Svg};
        match self {
            Self::First => Row::site("/", Html, |view, _| text(status::page(view))),
            Self::Incidents => Row::site("/issues/", Html, |view, _| text(incidents::list(view))),
            Self::Incident => Row::each("/issues/", Of::Incident, "/", Html, |view, id| {
                incidents::page(view, id).map_or(Ok(None), text)
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
            Self::Style => Row::site("/style.css", Css, |view, _| some(frame::style(view.names))),
            Self::Favicon => Row::site("/favicon.svg", Svg, |view, _| some(frame::favicon(view))),
            Self::Missing => {
                let row = Row::site("/404.html", Html, |view, _| text(error::missing(view)));
                let life = Life::Never;
                let manner = Manner { life, ..row.manner };
                Row { manner, ..row }
            }
        }
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
    figures::page(view, id, span).map_or(Ok(None), text)
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
            Of::Incident | Of::Picture | Of::Figure => {
                format!("{}{name}{}", self.before, self.after)
            }
        }
    }

    fn read(&self, path: &str) -> Option<Box<str>> {
        let rest = path.strip_prefix(self.before)?;
        if self.of == Of::Site {
            return rest.is_empty().then(Box::default);
        }
        let name = rest.strip_suffix(self.after)?;
        let name = percent_decode_str(name).decode_utf8().ok()?;
        (!name.is_empty()).then(|| name.as_ref().into())
    }

    /// What its pages are pages of, by name.
    fn names(&self, view: &View<'_>) -> Vec<Box<str>> {
        match self.of {
            Of::Site => vec![Box::default()],
            Of::Incident => {
                let incidents = view.board.incidents.iter();
                let public = incidents.filter(|incident| incident.is_public());
                public
                    .map(|incident| incident.id.0.as_str().into())
                    .collect()
            }
            Of::Picture => pictures::all(view).into_iter().map(Into::into).collect(),
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
        let page = Page::ALL.into_iter().find_map(|page| {
            let name = page.row().read(path)?;
            Some(Self::Page { page, name })
        });
        page.or_else(|| Machine::parse(path).map(Self::Machine))
    }

    /// The address that is meant by a path that is none: one that lacks its
    /// slash, or the span of a figure.
    pub fn meant(path: &str) -> Option<Self> {
        let path = path.trim_end_matches('/');
        let day = Span::Day.word();
        Self::parse(&format!("{path}/")).or_else(|| {
            let day = Self::parse(&format!("{path}/{day}/"))?;
            let is_figure = |page: &Page| matches!(page, Page::Figure(_));
            matches!(&day, Self::Page { page, .. } if is_figure(page)).then_some(day)
        })
    }

    /// Every address that exists, for the export and for lists of addresses.
    pub fn list(view: &View<'_>) -> Vec<Self> {
        let pages = Page::ALL.into_iter().flat_map(|page| {
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
        (row.pattern(name), row.manner, row.of != Of::Site)
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

fn text(page: askama::Result<String>) -> Made {
    Ok(Some(page?.into_bytes()))
}

#[expect(clippy::unnecessary_wraps, reason = "the form of every row")]
fn some(text: String) -> Made {
    Ok(Some(text.into_bytes()))
}

#[cfg(test)]
mod tests;
