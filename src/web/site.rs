//! What handlers can read: the newest board and the names of the site.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio::sync::watch;

use crate::model::board::{Board, Sight};
use crate::model::component::Health;
use crate::model::facts::firsthand::Firsthand;
use crate::model::request::receivers::subscription::SubscriptionLimits;
use crate::model::text::language::Language;
use crate::model::time::duration::elapsed;
use crate::web::export::memo::ExportMemo;
use crate::web::formats::cstate::declared::Declared;
use crate::web::site_elements::{CategoryNames, Colours, ExtraPage, Logo};
use crate::web::text::machine;

/// A board that is older was made by a monitor that no longer works.
const BOARD_MAX_AGE: Duration = Duration::from_secs(15);

/// The site's own words.
#[derive(Clone, Debug)]
pub struct Names {
    /// Name of the service.
    pub title: String,
    /// One sentence below everything.
    pub description: Option<String>,
    /// The public address of the page, without a slash at its end.
    pub url: Option<String>,
    /// The zone that times are shown in.
    pub zone: TimeZone,
    /// The zone of dates in the files that name none.
    pub dates: TimeZone,
    /// Whether raw HTML in markdown is shown, cleaned, or left out.
    pub raw_html: bool,
    /// Colours of the site's own; `None` are ours.
    pub colours: Option<Colours>,
    /// Headings of the components in their order; if empty, as they come.
    pub categories: Vec<CategoryNames>,
    /// What components are called on the first page, by their names.
    pub labels: BTreeMap<String, String>,
    /// What only cState's clients ask for.
    pub cstate: Declared,
    /// The language of the page; if `None`, that of the visitor.
    pub language: Option<Language>,
    /// The picture at the top.
    pub logo: Option<Logo>,
    /// Links of the site's own, as names and addresses.
    pub tabs: Vec<(String, String)>,
    /// Where components themselves are found, by their names.
    pub links: BTreeMap<String, String>,
    /// Pages besides incidents, by their paths.
    pub pages: BTreeMap<String, ExtraPage>,
    /// The folders whose files are shown as they are; the first that has one counts.
    pub statics: Vec<PathBuf>,
    /// The mark of the style sheet, made of the colours when it is first wanted.
    pub style: OnceLock<String>,
    /// Whether visitors may report; `None` is where we answer them ourselves.
    pub reports: Option<bool>,
    /// Whether visitors may subscribe by e-mail.
    pub subscriptions: bool,
    /// The limits within which they may.
    pub limits: SubscriptionLimits,
    /// Whether visitors read the names of those who wrote updates.
    pub authors: bool,
    /// The same site in its other languages, each below its code: `/de/`.
    pub translations: Vec<SiteTranslation>,
    /// The path that the addresses of this language stand below, if the site has no
    /// address of its own: `/de`, or nothing.
    pub below: String,
    /// Every language of the site as it calls itself, and where it begins; none if
    /// it is but one.
    pub languages: Vec<(String, String)>,
}

/// A site in another of its languages.
#[derive(Clone, Debug)]
pub struct SiteTranslation {
    /// What its addresses begin with: `de`.
    pub code: String,
    /// The site's words in it.
    pub names: Arc<Names>,
}

/// Handed to every handler.
#[derive(Clone, Debug)]
pub struct Site {
    names: Arc<Names>,
    boards: watch::Receiver<Arc<Board>>,
    /// Where pictures of incidents are; without it there are none.
    pictures: Option<Arc<Path>>,
}

/// What a page is made of: everything that it may show, at one moment.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// The site's own words.
    pub names: &'a Names,
    /// The board, marked as blind if it is too old.
    pub board: &'a Board,
    /// The visitor's moment.
    pub now: Timestamp,
    /// The language that the visitor reads.
    pub language: Language,
    /// Where pictures of incidents are; without it there are none.
    pub pictures: Option<&'a Path>,
    /// What its pages share while all of them are exported.
    pub memo: Option<&'a ExportMemo>,
    /// Which state of what pages show this is, while somebody tells open pages of
    /// the next one; `None` in files.
    pub revision: Option<Revision>,
    /// Whether style sheets and scripts are asked for by names that say their version,
    /// because a store gives the same whatever follows a `?`.
    pub names_versions: bool,
}

/// The moment, in Unix milliseconds, at which what pages show came to be as it is.
///
/// It grows with every change, over restarts, too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Revision(pub i64);

impl<'a> View<'a> {
    /// A board as it is shown at a moment, in the site's own language.
    pub fn new(names: &'a Names, board: &'a Board, now: Timestamp) -> Self {
        Self {
            names,
            board,
            now,
            language: names.language(None),
            pictures: None,
            memo: None,
            revision: None,
            names_versions: false,
        }
    }
}

impl Names {
    /// The words of a site that says nothing but its title.
    pub fn new(title: impl Into<String>, zone: TimeZone) -> Self {
        Self {
            title: title.into(),
            description: None,
            url: None,
            dates: TimeZone::UTC,
            zone,
            raw_html: false,
            colours: None,
            categories: Vec::new(),
            labels: BTreeMap::new(),
            cstate: Declared::default(),
            language: None,
            logo: None,
            tabs: Vec::new(),
            links: BTreeMap::new(),
            pages: BTreeMap::new(),
            statics: Vec::new(),
            style: OnceLock::new(),
            reports: None,
            subscriptions: false,
            limits: SubscriptionLimits::default(),
            authors: false,
            translations: Vec::new(),
            below: String::new(),
            languages: Vec::new(),
        }
    }

    /// The site's words in the language of a code.
    pub(crate) fn translation(&self, code: &str) -> Option<&Self> {
        let found = self
            .translations
            .iter()
            .find(|translation| translation.code == code);
        found.map(|translation| &*translation.names)
    }

    /// The same for plain files, behind which nobody takes reports unless the site
    /// says so, and nobody subscribes by e-mail.
    #[must_use]
    pub(crate) fn for_files(self) -> Self {
        self.in_every_language(&|names| {
            names.reports = Some(names.reports == Some(true));
            names.subscriptions = false;
        })
    }

    /// The same where visitors may subscribe by e-mail, within limits.
    #[must_use]
    pub fn with_subscriptions(self, limits: SubscriptionLimits) -> Self {
        self.in_every_language(&|names| {
            names.subscriptions = true;
            names.limits = limits;
        })
    }

    fn in_every_language(mut self, change: &dyn Fn(&mut Self)) -> Self {
        change(&mut self);
        for translation in &mut self.translations {
            let names = Self::clone(&translation.names).in_every_language(change);
            translation.names = Arc::new(names);
        }
        self
    }

    /// Whether visitors may say that something fails for them.
    pub(crate) fn takes_reports(&self) -> bool {
        self.reports != Some(false)
    }

    /// The language for a visitor who sends `Accept-Language`: the site's, if it
    /// has one of its own.
    pub fn language(&self, accept: Option<&str>) -> Language {
        let liked = || accept.and_then(Language::liked).unwrap_or_default();
        self.language.unwrap_or_else(liked)
    }

    /// The path of the page's own address, without a slash at its end: every address
    /// of ours stands below it. It is empty for a site that has a host to itself.
    pub fn base(&self) -> &str {
        let url = self.url.as_deref();
        url.map_or(&*self.below, |url| machine::path_of(Some(url)))
    }

    /// Whether the page's own address opens with `https`.
    pub(crate) fn is_secure(&self) -> bool {
        let url = self.url.as_deref();
        url.is_some_and(|url| url.starts_with("https://"))
    }
}

impl Site {
    /// Ties names and boards together.
    pub fn new(names: Names, boards: watch::Receiver<Arc<Board>>) -> Self {
        Self {
            names: Arc::new(names),
            boards,
            pictures: None,
        }
    }

    /// The same with the folder in which pictures of incidents are.
    #[must_use]
    pub fn with_pictures(self, folder: &Path) -> Self {
        Self {
            pictures: Some(folder.into()),
            ..self
        }
    }

    /// Where pictures of incidents are.
    pub fn pictures(&self) -> Option<Arc<Path>> {
        self.pictures.clone()
    }

    /// Makes something of the newest board; nothing in it may wait.
    pub fn show<T>(&self, page: impl FnOnce(&View<'_>) -> T) -> T {
        self.show_in(self.names.language(None), page)
    }

    /// The same in a language.
    pub(crate) fn show_in<T>(&self, language: Language, page: impl FnOnce(&View<'_>) -> T) -> T {
        let (board, now) = self.snapshot();
        page(&View {
            language,
            pictures: self.pictures.as_deref(),
            ..View::new(&self.names, &board, now)
        })
    }

    /// The newest board, marked as blind if it is too old, and the moment.
    pub fn snapshot(&self) -> (Arc<Board>, Timestamp) {
        let now = clock();
        let board = self.boards.borrow().clone();
        (blind_if_stale(board, now), now)
    }

    /// The site's own words.
    pub fn names(&self) -> Arc<Names> {
        Arc::clone(&self.names)
    }

    /// Every board that is made from now on.
    pub fn boards(&self) -> watch::Receiver<Arc<Board>> {
        self.boards.clone()
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "law 8: the visitor's moment is read here only"
)]
fn clock() -> Timestamp {
    Timestamp::now()
}

/// Marks a board that nobody renews as blind.
fn blind_if_stale(board: Arc<Board>, now: Timestamp) -> Arc<Board> {
    let age: Duration = elapsed(board.at, now);
    if age <= BOARD_MAX_AGE || board.facts.sight == Sight::Unwatched {
        return board;
    }
    let mut blind = Board::clone(&board);
    // Reports of providers and visitors from then may be out of date.
    blind.facts.related.clear();
    blind.facts.firsthand = Firsthand::default();
    blind.facts.sight = match board.facts.sight {
        Sight::Blind { since } => Sight::Blind { since },
        Sight::Fresh { .. } | Sight::Unwatched => Sight::Blind { since: board.at },
    };
    for state in &mut blind.components {
        if state.is_measured {
            state.health = state.health.max(Health::Unknown);
            state.counted = state.counted.max(Health::Unknown);
        }
    }
    blind.health = blind.health.max(Health::Unknown);
    blind.counted = blind.counted.max(Health::Unknown);
    Arc::new(blind)
}

#[cfg(test)]
mod tests {
    use crate::model::board::Facts;
    use crate::model::fixtures;
    use crate::model::verdict::RuleState;

    use super::*;

    fn board(at: Timestamp) -> Board {
        let components = ["watched", "kept-by-people"].map(|id| fixtures::component(id, id));
        let quiet = RuleState::Quiet { since: at };
        Board::new(
            at,
            fixtures::fresh(components),
            Facts {
                verdicts: vec![fixtures::verdict("r", "watched", quiet)],
                ..Facts::of(Sight::Fresh { last: at })
            },
        )
    }

    #[test]
    fn a_board_that_nobody_renews_is_shown_as_blind() {
        let at = Timestamp::from_second(1_000_000).unwrap();
        let healths = |age| {
            let shown = blind_if_stale(Arc::new(board(at)), at + Duration::from_secs(age));
            let healths: Vec<_> = shown.components.iter().map(|state| state.health).collect();
            (shown.facts.sight, shown.health, healths)
        };
        let fresh = (
            Sight::Fresh { last: at },
            Health::Ok,
            vec![Health::Ok, Health::Ok],
        );
        assert_eq!(healths(15), fresh);
        let blind = (
            Sight::Blind { since: at },
            Health::Unknown,
            vec![Health::Unknown, Health::Ok],
        );
        assert_eq!(healths(16), blind);
    }
}
