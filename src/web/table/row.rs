//! A row of the table: the form of an address, and how what is there is made.

use percent_encoding::percent_decode_str;

use crate::web::files::{pictures, statics};
use crate::web::pages::archive::{self, ArchivePart};
use crate::web::pages::{extra_pages, lists};
use crate::web::site::View;
use crate::web::table::answer::{AnswerKind, AnswerTraits, CacheLifetime, PageResult, Policy};
use crate::web::text::links;

/// What the pages of a row are pages of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Of {
    /// The whole site: there is one.
    Site,
    /// An incident; its id is a part of the address.
    Incident,
    /// An incident that has a picture; its file's name is a part of the address.
    Picture,
    /// A published figure; its id is a part of the address.
    Chart,
    /// A component; what names it in addresses is a part of the address.
    Component,
    /// A year, or a month of one: `2026/11`.
    Time,
    /// A number of incidents that stand together in the list.
    Slice,
    /// A page of the site's own, by its path.
    Extra,
    /// A file of the site's own, by its path.
    File,
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    /// What the address begins with.
    pub(crate) before: &'static str,
    /// What stands between, if anything does.
    pub(crate) of: Of,
    /// What it ends with.
    pub(crate) after: &'static str,
    /// How the answer is given.
    pub(crate) traits: AnswerTraits,
    /// Makes it, given what stands between.
    pub(crate) make: fn(&View<'_>, &str) -> PageResult,
}

impl Row {
    pub(super) fn site(
        path: &'static str,
        kind: AnswerKind,
        make: fn(&View<'_>, &str) -> PageResult,
    ) -> Self {
        Self::each(path, Of::Site, "", kind, make)
    }

    pub(super) fn each(
        before: &'static str,
        of: Of,
        after: &'static str,
        kind: AnswerKind,
        make: fn(&View<'_>, &str) -> PageResult,
    ) -> Self {
        let lifetime = match kind {
            AnswerKind::Html => CacheLifetime::Board,
            AnswerKind::Css | AnswerKind::Script => CacheLifetime::Marked,
            AnswerKind::Svg
            | AnswerKind::Png
            | AnswerKind::Jpeg
            | AnswerKind::Gif
            | AnswerKind::Webp
            | AnswerKind::Json
            | AnswerKind::Rss
            | AnswerKind::Atom
            | AnswerKind::Calendar
            | AnswerKind::Xml
            | AnswerKind::Text
            | AnswerKind::File(_) => CacheLifetime::Machine,
        };
        let traits = AnswerTraits {
            kind,
            lifetime,
            open: !matches!(
                kind,
                AnswerKind::Html | AnswerKind::Css | AnswerKind::Script
            ),
            policy: Policy::Page,
        };
        Self {
            before,
            of,
            after,
            traits,
            make,
        }
    }

    pub(super) fn with_policy(mut self, policy: Policy) -> Self {
        self.traits.policy = policy;
        self
    }

    /// The path, with something in the place of a name.
    pub(crate) fn pattern(&self, name: &str) -> String {
        match self.of {
            Of::Site => self.before.to_owned(),
            Of::Incident
            | Of::Picture
            | Of::Chart
            | Of::Component
            | Of::Time
            | Of::Slice
            | Of::Extra
            | Of::File => format!("{}{name}{}", self.before, self.after),
        }
    }

    pub(super) fn read(&self, path: &str) -> Option<Box<str>> {
        let rest = path.strip_prefix(self.before)?;
        if self.of == Of::Site {
            return rest.is_empty().then(Box::default);
        }
        let name = rest.strip_suffix(self.after)?;
        let name = percent_decode_str(name).decode_utf8().ok()?;
        let is_one = match self.of {
            Of::Extra => !name.is_empty() && !name.ends_with('/'),
            Of::File => statics::is_plain(&name),
            Of::Site
            | Of::Incident
            | Of::Picture
            | Of::Chart
            | Of::Component
            | Of::Time
            | Of::Slice => !name.is_empty(),
        };
        is_one.then(|| name.as_ref().into())
    }

    /// What its pages are pages of, by name.
    pub(super) fn names(&self, view: &View<'_>) -> Vec<Box<str>> {
        match self.of {
            Of::Site => vec![Box::default()],
            Of::Incident => {
                let incidents = view.board.facts.incidents.iter();
                let pages = incidents.filter(|incident| incident.has_page());
                pages
                    .map(|incident| incident.id.0.as_str().into())
                    .collect()
            }
            Of::Picture => pictures::all(view).into_iter().map(Into::into).collect(),
            Of::Component => {
                let slugs = links::slugs(view.board).into_iter();
                let slices = lists::all_of(view).into_iter();
                slugs.chain(slices).map(Into::into).collect()
            }
            Of::Time => {
                let parts = archive::parts(view);
                let names = parts.iter().filter_map(ArchivePart::path);
                names.map(Into::into).collect()
            }
            Of::Slice => lists::all(view).into_iter().map(Into::into).collect(),
            Of::Extra => {
                let paths = extra_pages::paths(view.names).into_iter();
                paths.map(Into::into).collect()
            }
            Of::File => {
                let files = statics::all(&view.names.statics).into_iter();
                files.map(Into::into).collect()
            }
            Of::Chart => {
                let charts = view.board.charts.iter();
                charts
                    .map(|state| state.series.id.as_str().into())
                    .collect()
            }
        }
    }
}
