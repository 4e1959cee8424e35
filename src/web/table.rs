//! Every address of the public page, in one table.
//!
//! To add one: a variant, its place in `ALL`, and its row.

use std::fmt;

use percent_encoding::percent_decode_str;

use crate::web::answer::{Kind, Life, Made};
use crate::web::error::{self, WebError};
use crate::web::site::View;
use crate::web::{api, frame, incidents, status, words};

/// A page, or a page of each thing of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Page {
    /// The state of everything.
    First,
    /// The list of all incidents.
    Incidents,
    /// The page of an incident.
    Incident,
    /// cState's data.
    Index,
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
    /// What the answer is.
    pub kind: Kind,
    /// How long it may be kept.
    pub life: Life,
    /// Whether other sites may show it within theirs.
    pub frameable: bool,
    /// Makes it, given what stands between.
    pub make: fn(&View<'_>, &str) -> Made,
}

/// An address that a page may have.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Address {
    /// Which row it is of.
    pub page: Page,
    /// Whose page it is; empty for the site's own.
    pub name: Box<str>,
}

impl Page {
    /// Every page.
    pub const ALL: [Self; 7] = [
        Self::First,
        Self::Incidents,
        Self::Index,
        Self::Style,
        Self::Favicon,
        Self::Incident,
        Self::Missing,
    ];

    /// Its row.
    pub fn row(self) -> Row {
        use Kind::{Css, Html, Json, Svg};
        match self {
            Self::First => Row::site("/", Html, |view, _| text(status::page(view))),
            Self::Incidents => Row::site("/issues/", Html, |view, _| text(incidents::list(view))),
            Self::Incident => Row::each("/issues/", Of::Incident, "/", Html, |view, id| {
                incidents::page(view, id).map_or(Ok(None), text)
            }),
            Self::Index => Row::site("/index.json", Json, |view, _| json(&api::index(view))),
            Self::Style => Row::site("/style.css", Css, |view, _| some(frame::style(view.names))),
            Self::Favicon => Row::site("/favicon.svg", Svg, |view, _| some(frame::favicon(view))),
            Self::Missing => Row {
                life: Life::Never,
                ..Row::site("/404.html", Html, |view, _| text(error::missing(view)))
            },
        }
    }
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
        Self {
            before,
            of,
            after,
            kind,
            life,
            frameable: false,
            make,
        }
    }

    /// The path, with something in the place of a name.
    pub fn pattern(&self, name: &str) -> String {
        match self.of {
            Of::Site => self.before.to_owned(),
            Of::Incident => format!("{}{name}{}", self.before, self.after),
        }
    }
}

impl Address {
    /// The address of one of the site's own pages.
    pub fn site(page: Page) -> Self {
        Self {
            page,
            name: Box::default(),
        }
    }

    /// Reads a path; `None` if no page could have it.
    ///
    /// ```
    /// # use critwatch::web::table::{Address, Page};
    /// let address = Address::parse("/issues/2026-03-01-a%20b/").unwrap();
    /// assert_eq!((address.page, &*address.name), (Page::Incident, "2026-03-01-a b"));
    /// assert_eq!(address.to_string(), "/issues/2026-03-01-a%20b/");
    /// ```
    pub fn parse(path: &str) -> Option<Self> {
        Page::ALL.into_iter().find_map(|page| {
            let row = page.row();
            let rest = path.strip_prefix(row.before)?;
            match row.of {
                Of::Site => rest.is_empty().then(|| Self::site(page)),
                Of::Incident => {
                    let name = rest
                        .strip_suffix(row.after)
                        .filter(|name| !name.is_empty())?;
                    let name = percent_decode_str(name).decode_utf8().ok()?;
                    let name = name.as_ref().into();
                    Some(Self { page, name })
                }
            }
        })
    }

    /// Every address that exists, for the export and for lists of addresses.
    pub fn list(view: &View<'_>) -> Vec<Self> {
        let pages = Page::ALL.into_iter();
        let of = |page: Page| match page.row().of {
            Of::Site => vec![Self::site(page)],
            Of::Incident => {
                let incidents = view.board.incidents.iter();
                let public = incidents.filter(|incident| incident.is_public());
                public
                    .map(|incident| Self {
                        page,
                        name: incident.id.0.as_str().into(),
                    })
                    .collect()
            }
        };
        pages.flat_map(of).collect()
    }

    /// Makes the answer.
    pub fn render(&self, view: &View<'_>) -> Result<Vec<u8>, WebError> {
        (self.page.row().make)(view, &self.name)?.ok_or(WebError::NotFound)
    }
}

impl fmt::Display for Address {
    /// Prints the path, as it stands in links.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.page.row().pattern(&words::address(&self.name)))
    }
}

fn text(page: askama::Result<String>) -> Made {
    Ok(Some(page?.into_bytes()))
}

fn json(value: &serde_json::Value) -> Made {
    some(format!("{value:#}\n"))
}

#[expect(clippy::unnecessary_wraps, reason = "the form of every row")]
fn some(text: String) -> Made {
    Ok(Some(text.into_bytes()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_page_is_found_at_its_own_address() {
        for page in Page::ALL {
            let name = match page.row().of {
                Of::Site => "",
                Of::Incident => "2026-03-01-rolls-fail",
            };
            let address = Address {
                page,
                name: name.into(),
            };
            assert_eq!(Address::parse(&address.to_string()), Some(address));
        }
    }

    #[test]
    fn what_is_no_address_is_none() {
        for path in [
            "",
            "issues/",
            "/issues",
            "/issues//",
            "//",
            "/style.css/",
            "/issues/%ff/",
        ] {
            assert_eq!(Address::parse(path), None, "{path}");
        }
    }

    proptest! {
        #[test]
        fn any_name_comes_back_from_its_address(name in "[^/]{1,20}") {
            let address = Address { page: Page::Incident, name: name.as_str().into() };
            prop_assert_eq!(Address::parse(&address.to_string()), Some(address));
        }

        #[test]
        fn no_path_makes_it_panic(path in ".{0,40}") {
            let _ = Address::parse(&path);
        }
    }
}
