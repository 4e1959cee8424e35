//! Every address of the public page, in one table.
//!
//! To add one: a variant of [`Page`], its place in `ALL`, and its row.

pub mod answer;
pub mod pages;
pub(crate) mod row;

use std::collections::HashSet;
use std::fmt;

use crate::model::series::measure::ChartSpan;
use crate::web::files::statics;
use crate::web::formats::machines::address::{self, MachineAddress};
use crate::web::pages::error::WebError;
use crate::web::site::View;
use crate::web::table::answer::{AnswerTraits, CacheLifetime, Policy};
use crate::web::table::pages::Page;
use crate::web::table::row::Of;
use crate::web::text::machine;

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
    Machine(MachineAddress),
    /// Any of them in another language of the site: `/de/issues/`.
    Translated {
        /// The language.
        code: Box<str>,
        /// What it is in it.
        address: Box<Self>,
    },
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
    /// # use critwatch::web::table::{Address, pages::Page};
    /// let address = Address::parse("/issues/2026-03-01-a%20b/").unwrap();
    /// assert_eq!(address, Address::of(Page::Incident, "2026-03-01-a b"));
    /// assert_eq!(address.to_string(), "/issues/2026-03-01-a%20b/");
    /// ```
    pub fn parse(path: &str) -> Option<Self> {
        let ours = Self::ours(path).or_else(|| Self::translation(path));
        ours.or_else(|| Self::extra(path))
    }

    /// Reads a path that the site has no say in.
    fn ours(path: &str) -> Option<Self> {
        let ours = Page::ALL.into_iter();
        let ours = ours.filter(|page| !matches!(page, Page::Extra | Page::File));
        let page = ours.into_iter().find_map(|page| {
            let name = page.row().read(path)?;
            Some(Self::Page { page, name })
        });
        let machine = || MachineAddress::parse(path).filter(|machine| !machine.is_extra());
        page.or_else(|| machine().map(Self::Machine))
    }

    /// Reads a path in another language of the site.
    fn translation(path: &str) -> Option<Self> {
        let (code, below) = language_of(path)?;
        let address = Self::ours(below).or_else(|| Self::extra(below))?;
        Some(address.in_language(code))
    }

    fn in_language(self, code: &str) -> Self {
        Self::Translated {
            code: code.into(),
            address: Box::new(self),
        }
    }

    /// Reads a path that a page of the site's own may have.
    fn extra(path: &str) -> Option<Self> {
        let page = Page::Extra;
        let extra = page.row().read(path).map(|name| Self::Page { page, name });
        let machine = || MachineAddress::parse(path).filter(MachineAddress::is_extra);
        extra.or_else(|| machine().map(Self::Machine))
    }

    /// Reads a path that a file of the site's own may have: it is asked for only
    /// where nothing else stands. That of a folder is its `index.html`.
    pub fn file(path: &str) -> Option<Self> {
        let index = if path.ends_with('/') {
            "index.html"
        } else {
            ""
        };
        let name = Page::File.row().read(&format!("{path}{index}"))?;
        Some(Self::Page {
            page: Page::File,
            name,
        })
    }

    /// The same of a file to which pages in another language lead.
    pub(crate) fn translated_file(path: &str) -> Option<Self> {
        let (code, below) = language_of(path)?;
        Some(Self::file(below)?.in_language(code))
    }

    /// The address that is meant by a path that is none: one that lacks its
    /// slash, or the span of a figure.
    pub fn meant(path: &str) -> Option<Self> {
        let path = path.trim_end_matches('/');
        let day = ChartSpan::Day.word();
        let chart = || {
            let day = Self::ours(&format!("{path}/{day}/"))?;
            let is_chart = |page: &Page| matches!(page, Page::Chart(_));
            matches!(&day, Self::Page { page, .. } if is_chart(page)).then_some(day)
        };
        let whole = format!("{path}/");
        let ours = Self::ours(&whole).or_else(chart);
        let ours = ours.or_else(|| Self::translation(&whole));
        ours.or_else(|| Self::extra(&whole))
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
        let machines = MachineAddress::all(view).into_iter();
        let machines = machines.filter(|machine| seen.insert(machine.clone()));
        let translations = view.names.translations.iter().flat_map(|translation| {
            let all = in_language(view, &translation.code, Self::list).unwrap_or_default();
            all.into_iter()
                .map(|address| address.in_language(&translation.code))
        });
        let first = pages.chain(machines.map(Self::Machine));
        first.chain(translations).collect()
    }

    /// How its answer is given.
    pub fn traits(&self) -> AnswerTraits {
        match self {
            Self::Page {
                page: Page::File,
                name,
            } => statics::traits(name),
            Self::Page { page, .. } => page.row().traits,
            Self::Machine(machine) => traits(machine),
            Self::Translated { address, .. } => address.traits(),
        }
    }

    /// Which page it is, in whichever language.
    pub(crate) fn page(&self) -> Option<Page> {
        match self {
            Self::Page { page, .. } => Some(*page),
            Self::Machine(_) => None,
            Self::Translated { address, .. } => address.page(),
        }
    }

    /// The id of the incident that it tells of and of nothing else.
    pub fn incident(&self) -> Option<&str> {
        match self {
            Self::Page {
                page: Page::Incident,
                name,
            } => Some(name),
            Self::Machine(MachineAddress::Issue(id)) => Some(id),
            Self::Translated { address, .. } => address.incident(),
            Self::Page { .. } | Self::Machine(_) => None,
        }
    }

    /// The name in it; empty if there is none.
    pub fn name(&self) -> &str {
        match self {
            Self::Page { name, .. } => name,
            Self::Machine(machine) => machine.name().unwrap_or_default(),
            Self::Translated { address, .. } => address.name(),
        }
    }

    /// The path, with something in the place of a name.
    pub fn pattern(&self, name: &str) -> String {
        match self {
            Self::Page { page, .. } => page.row().pattern(name),
            Self::Machine(machine) => machine.named(name),
            Self::Translated { code, address } => format!("/{code}{}", address.pattern(name)),
        }
    }

    /// Makes the answer.
    pub fn render(&self, view: &View<'_>) -> Result<Vec<u8>, WebError> {
        let made = match self {
            Self::Page { page, .. } if !page.is_there(view) => None,
            Self::Page { page, name } => (page.row().make)(view, name)?,
            Self::Machine(machine) => machine.show(view)?.map(String::into_bytes),
            Self::Translated { code, address } => {
                let other = in_language(view, code, |view| address.render(view));
                // A page of the site's own may be called as a language is.
                let extra = || Self::extra(&self.to_string()).map(|extra| extra.render(view));
                return other.or_else(extra).unwrap_or(Err(WebError::NotFound));
            }
        };
        made.ok_or(WebError::NotFound)
    }
}

impl fmt::Display for Address {
    /// Prints the path, as it stands in links.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.pattern(&machine::address(self.name())))
    }
}

/// Parts a path into what may be a language, as only the site knows, and the rest.
fn language_of(path: &str) -> Option<(&str, &str)> {
    let (code, _) = path.strip_prefix('/')?.split_once('/')?;
    let letters = |part: &str| {
        let mut bytes = part.bytes();
        let small = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit();
        !part.is_empty() && bytes.all(small)
    };
    let first = code.split('-').next().unwrap_or_default();
    let is_code = matches!(first.len(), 2 | 3) && code.split('-').all(letters);
    is_code.then(|| (code, &path[1 + code.len()..]))
}

/// Makes something of a view in another language of the site.
pub(crate) fn in_language<T>(
    view: &View<'_>,
    code: &str,
    make: impl FnOnce(&View<'_>) -> T,
) -> Option<T> {
    let names = view.names.translation(code)?;
    let board = view.board.in_language(code);
    Some(make(&View {
        names,
        board: &board,
        language: names.language.unwrap_or(view.language),
        memo: view.memo.and_then(|memo| memo.in_language(code)),
        ..*view
    }))
}

/// One address of each form, with `name` for what stands between.
pub(crate) fn forms(name: &str) -> Vec<(String, AnswerTraits, bool)> {
    // Files may be anything; other servers know them by their names.
    let pages = Page::ALL.into_iter().filter(|page| *page != Page::File);
    let pages = pages.map(|page| {
        let row = page.row();
        let is_named = row.of != Of::Site;
        (row.pattern(name), row.traits, is_named)
    });
    let machines = address::each().map(|machine| {
        let is_named = machine.name().is_some();
        (machine.named(name), traits(&machine), is_named)
    });
    pages.chain(machines).collect()
}

/// Machines may read all of it from everywhere; one may be shown there, too.
fn traits(machine: &MachineAddress) -> AnswerTraits {
    AnswerTraits {
        kind: machine.kind(),
        lifetime: CacheLifetime::Machine,
        open: true,
        policy: if *machine == MachineAddress::EmbedFrame {
            Policy::Frame
        } else {
            Policy::Page
        },
    }
}

#[cfg(test)]
mod tests;
