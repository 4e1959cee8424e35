//! Kind, cache lifetime and policy of the response of each address.

use crate::web::pages::error::WebError;

/// What a page function makes; `None` if there is nothing of that name.
pub(crate) type PageResult = Result<Option<Vec<u8>>, WebError>;

/// What the bytes of an answer are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerKind {
    /// A page for people.
    Html,
    /// The style sheet.
    Css,
    /// A script of ours.
    Script,
    /// A drawing.
    Svg,
    /// A photograph, or a drawing made of points.
    Png,
    /// A photograph.
    Jpeg,
    /// A picture of few colours.
    Gif,
    /// A photograph made small.
    Webp,
    /// Data.
    Json,
    /// A feed as cState writes it.
    Rss,
    /// A feed with every update.
    Atom,
    /// A calendar.
    Calendar,
    /// A list of addresses.
    Xml,
    /// Lines of plain text.
    Text,
    /// A file of the site's own, by its media type.
    File(&'static str),
}

impl AnswerKind {
    /// The media type.
    pub(crate) fn content_type(self) -> &'static str {
        match self {
            Self::Html => "text/html; charset=utf-8",
            Self::Css => "text/css; charset=utf-8",
            Self::Script => "text/javascript; charset=utf-8",
            Self::Svg => "image/svg+xml",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Gif => "image/gif",
            Self::Webp => "image/webp",
            Self::Json => "application/json",
            Self::Rss => "application/rss+xml; charset=utf-8",
            Self::Atom => "application/atom+xml; charset=utf-8",
            Self::Calendar => "text/calendar; charset=utf-8",
            Self::Xml => "application/xml; charset=utf-8",
            Self::Text => "text/plain; charset=utf-8",
            Self::File(kind) => kind,
        }
    }

    /// Whether compressing makes it smaller.
    pub(crate) fn shrinks(self) -> bool {
        !matches!(
            self,
            Self::Png | Self::Jpeg | Self::Gif | Self::Webp | Self::File(_)
        )
    }

    /// Whether a part of it may be asked for: pages are wanted whole.
    pub(crate) fn is_picture(self) -> bool {
        self == Self::Svg || !self.shrinks()
    }
}

/// What an answer may load, and where it may be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// It loads what is ours, and nobody shows it within another page.
    Page,
    /// Everybody may show it within theirs, and only our own script runs in it.
    Frame,
    /// A picture that brings its colours with it.
    Picture,
    /// It is the owner's own page, and loads what they want.
    Own,
}

/// Traits of a response, whatever its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnswerTraits {
    /// What it is.
    pub kind: AnswerKind,
    /// How long it may be cached.
    pub lifetime: CacheLifetime,
    /// Whether it is for programs, which may read it from any other site.
    pub open: bool,
    /// What it may load, and where it may be shown.
    pub policy: Policy,
}

/// How long a response may be cached, and by whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CacheLifetime {
    /// It shows the board: browsers ask again each time, and what stands
    /// between takes the load for two seconds. It may show what it has for
    /// eight seconds more while it asks, and for a day if we do not answer.
    Board,
    /// It shows the board to programs, which may come back too often.
    Machine,
    /// It may be cached for good under an address that names its version.
    Marked,
    /// Nobody may cache it.
    Never,
}

impl CacheLifetime {
    /// The header `Cache-Control`; `marked` if the address names the present mark.
    pub(crate) fn control(self, marked: bool) -> &'static str {
        match (self, marked) {
            (Self::Board, _) => {
                "public, max-age=0, s-maxage=2, stale-while-revalidate=8, stale-if-error=86400"
            }
            (Self::Machine, _) => {
                "public, max-age=5, s-maxage=2, stale-while-revalidate=8, stale-if-error=86400"
            }
            (Self::Marked, true) => "public, max-age=31536000, immutable",
            (Self::Marked, false) => "public, max-age=0, s-maxage=60",
            (Self::Never, _) => "no-store",
        }
    }
}
