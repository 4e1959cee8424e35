//! The addresses of machines: read, printed, listed and shown.

use percent_encoding::percent_decode_str;
use serde::Serialize;
use serde_json::Value;

use crate::web::formats::cstate::{badge, index, issue, lists, pages, rss};
use crate::web::formats::machines::openapi;
use crate::web::formats::statuspage::StatuspageDocument;
use crate::web::formats::{atom, calendar, crawlers, embed, shields};
use crate::web::pages::extra_pages;
use crate::web::site::View;
use crate::web::table::answer::AnswerKind;
use crate::web::text::{links, machine};

/// Something that a machine may ask for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MachineAddress {
    /// cState's state of all.
    Index,
    /// cState's list of incidents.
    Issues,
    /// cState's incident, by its id.
    Issue(String),
    /// cState's component, by its address.
    Affected(String),
    /// cState's feed of all incidents.
    Feed,
    /// cState's feed of all pages.
    IssuesFeed,
    /// cState's feed of a component.
    AffectedFeed(String),
    /// cState's feed of all that is affected.
    PartsFeed,
    /// A page of the site's own, or all pages of one of its folders, by their path.
    Extra(String),
    /// The feed of such a folder.
    ExtraFeed(String),
    /// cState's badge.
    Badge,
    /// cState's badge of a component.
    AffectedBadge(String),
    /// Statuspage's documents.
    Statuspage(StatuspageDocument),
    /// The feed of incidents and updates.
    Atom,
    /// Statuspage's feed of incidents, as Atom.
    HistoryAtom,
    /// The same as RSS.
    HistoryRss,
    /// Planned work for calendars.
    Calendar,
    /// A badge for shields.io, by the component's address or id.
    Shields(String),
    /// What all of this is.
    OpenApi,
    /// What crawlers may read.
    Robots,
    /// What there is to read.
    Sitemap,
    /// The state in a few words.
    EmbedState,
    /// The script for other sites.
    EmbedScript,
    /// The page for frames.
    EmbedFrame,
    /// Its style.
    EmbedStyle,
}

/// Those without a name in their address.
const FIXED: [MachineAddress; 17] = [
    MachineAddress::Index,
    MachineAddress::Issues,
    MachineAddress::Feed,
    MachineAddress::IssuesFeed,
    MachineAddress::PartsFeed,
    MachineAddress::Badge,
    MachineAddress::Atom,
    MachineAddress::HistoryAtom,
    MachineAddress::HistoryRss,
    MachineAddress::Calendar,
    MachineAddress::OpenApi,
    MachineAddress::Robots,
    MachineAddress::Sitemap,
    MachineAddress::EmbedState,
    MachineAddress::EmbedScript,
    MachineAddress::EmbedFrame,
    MachineAddress::EmbedStyle,
];

/// Makes an address of the name in it.
type Named = fn(String) -> MachineAddress;

/// What stands before and after the name in an address.
const NAMED: [(&str, &str, Named); 7] = [
    ("/issues/", "/index.json", MachineAddress::Issue),
    ("/affected/", "/index.json", MachineAddress::Affected),
    ("/affected/", "/index.xml", MachineAddress::AffectedFeed),
    ("/affected/", "/index.svg", MachineAddress::AffectedBadge),
    ("/badge/", ".json", MachineAddress::Shields),
    // Any path may be that of a page of the site's own: these are the last.
    ("/", "/index.json", MachineAddress::Extra),
    ("/", "/index.xml", MachineAddress::ExtraFeed),
];

impl MachineAddress {
    /// Reads the path of an address; `None` if it is none of a machine's.
    pub fn parse(path: &str) -> Option<Self> {
        if let Some(machine) = fixed().find(|machine| machine.pattern() == path) {
            return Some(machine);
        }
        NAMED.into_iter().find_map(|(before, after, named)| {
            let name = path.strip_prefix(before)?.strip_suffix(after)?;
            let name = percent_decode_str(name).decode_utf8().ok()?;
            let is_one = !name.is_empty() && !name.ends_with('/');
            is_one.then(|| named(name.into_owned()))
        })
    }

    /// Whether its path may be any, so that whatever else stands there comes first.
    pub(crate) fn is_extra(&self) -> bool {
        matches!(self, Self::Extra(_) | Self::ExtraFeed(_))
    }

    /// Its path.
    pub fn path(&self) -> String {
        match self.name() {
            Some(name) => self.named(&machine::address(name)),
            None => self.pattern().to_owned(),
        }
    }

    /// Its path with `{name}` for the name in it, as it is described.
    pub fn pattern(&self) -> &'static str {
        match self {
            Self::Index => "/index.json",
            Self::Issues => "/issues/index.json",
            Self::Issue(_) => "/issues/{name}/index.json",
            Self::Affected(_) => "/affected/{name}/index.json",
            Self::Feed => "/index.xml",
            Self::IssuesFeed => "/issues/index.xml",
            Self::AffectedFeed(_) => "/affected/{name}/index.xml",
            Self::PartsFeed => "/affected/index.xml",
            Self::Extra(_) => "/{name}/index.json",
            Self::ExtraFeed(_) => "/{name}/index.xml",
            Self::Badge => "/index.svg",
            Self::AffectedBadge(_) => "/affected/{name}/index.svg",
            Self::Statuspage(document) => document.path(),
            Self::Atom => "/feed.atom",
            Self::HistoryAtom => "/history.atom",
            Self::HistoryRss => "/history.rss",
            Self::Calendar => "/calendar.ics",
            Self::Shields(_) => "/badge/{name}.json",
            Self::OpenApi => "/api/openapi.json",
            Self::Robots => "/robots.txt",
            Self::Sitemap => "/sitemap.xml",
            Self::EmbedState => "/api/embed.json",
            Self::EmbedScript => "/embed.js",
            Self::EmbedFrame => "/embed/",
            Self::EmbedStyle => "/embed.css",
        }
    }

    /// Its path with that name in it as it is.
    pub fn named(&self, name: &str) -> String {
        self.pattern().replace("{name}", name)
    }

    /// The name in its path, if there is one.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Issue(name)
            | Self::Affected(name)
            | Self::AffectedFeed(name)
            | Self::AffectedBadge(name)
            | Self::Extra(name)
            | Self::ExtraFeed(name)
            | Self::Shields(name) => Some(name),
            Self::Index
            | Self::Issues
            | Self::Feed
            | Self::IssuesFeed
            | Self::PartsFeed
            | Self::Statuspage(_)
            | Self::Badge
            | Self::Atom
            | Self::HistoryAtom
            | Self::HistoryRss
            | Self::Calendar
            | Self::OpenApi
            | Self::Robots
            | Self::Sitemap
            | Self::EmbedState
            | Self::EmbedScript
            | Self::EmbedFrame
            | Self::EmbedStyle => None,
        }
    }

    /// What its answer is.
    pub fn kind(&self) -> AnswerKind {
        match self {
            Self::Index
            | Self::Issues
            | Self::Issue(_)
            | Self::Affected(_)
            | Self::Extra(_)
            | Self::Statuspage(_)
            | Self::Shields(_)
            | Self::OpenApi
            | Self::EmbedState => AnswerKind::Json,
            Self::Feed
            | Self::IssuesFeed
            | Self::AffectedFeed(_)
            | Self::PartsFeed
            | Self::HistoryRss
            | Self::ExtraFeed(_) => AnswerKind::Rss,
            Self::Badge | Self::AffectedBadge(_) => AnswerKind::Svg,
            Self::Atom | Self::HistoryAtom => AnswerKind::Atom,
            Self::Calendar => AnswerKind::Calendar,
            Self::Robots => AnswerKind::Text,
            Self::Sitemap => AnswerKind::Xml,
            Self::EmbedScript => AnswerKind::Script,
            Self::EmbedFrame => AnswerKind::Html,
            Self::EmbedStyle => AnswerKind::Css,
        }
    }

    /// What it says of a view; `None` if there is nothing of that name.
    pub fn show(&self, view: &View<'_>) -> askama::Result<Option<String>> {
        let json = |value: Value| Ok(Some(format!("{value:#}\n")));
        let found = |value: Option<Value>| Ok(value.map(|value| format!("{value:#}\n")));
        let xml = |text: askama::Result<String>| text.map(|text| Some(clean(text)));
        let found_xml = |text: Option<askama::Result<String>>| text.map_or(Ok(None), xml);
        match self {
            Self::Index => json(index::index(view)),
            Self::Issues => printed(&lists::issues(view)),
            Self::Issue(name) => found(issue::page(view, name)),
            Self::Affected(name) => {
                let system = lists::system(view, name);
                system.map_or(Ok(None), |system| printed(&system))
            }
            Self::Feed => xml(rss::index(view)),
            Self::IssuesFeed => xml(rss::issues(view)),
            Self::AffectedFeed(name) => found_xml(rss::system(view, name)),
            Self::PartsFeed => xml(rss::parts(view)),
            Self::Extra(path) => found(pages::page(view, path).or_else(|| pages::list(view, path))),
            Self::ExtraFeed(path) => found_xml(rss::pages(view, path)),
            Self::Badge => xml(badge::index(view)),
            Self::AffectedBadge(name) => found_xml(badge::system(view, name)),
            Self::Statuspage(document) => json(document.show(view)),
            Self::Atom => xml(atom::feed(view)),
            Self::HistoryAtom => xml(atom::history(view)),
            Self::HistoryRss => xml(rss::history(view)),
            Self::Calendar => Ok(Some(calendar::calendar(view))),
            Self::Shields(name) => found(shields::badge(view, name)),
            Self::OpenApi => json(openapi::document(view)),
            Self::Robots => Ok(Some(crawlers::robots(view))),
            Self::Sitemap => xml(crawlers::sitemap(view)),
            Self::EmbedState => json(embed::json(view)),
            Self::EmbedScript => Ok(Some(embed::SCRIPT.to_owned())),
            Self::EmbedFrame => xml(embed::frame(view)),
            Self::EmbedStyle => Ok(Some(embed::style(view))),
        }
    }

    /// Everything that there is for a view.
    pub fn all(view: &View<'_>) -> Vec<Self> {
        let board = view.board;
        let pages = board.facts.incidents.iter().filter(|page| page.has_page());
        let mut all: Vec<_> = fixed().collect();
        all.extend(pages.map(|page| Self::Issue(page.id.0.clone())));
        let components = board.components.iter();
        all.extend(components.map(|state| Self::Shields(links::slug(&state.component))));
        for path in extra_pages::paths(view.names) {
            all.push(Self::Extra(path.to_owned()));
        }
        for section in extra_pages::sections(view.names) {
            all.push(Self::Extra(section.to_owned()));
            all.push(Self::ExtraFeed(section.to_owned()));
        }
        for slug in links::slugs(board) {
            all.push(Self::Affected(slug.clone()));
            all.push(Self::AffectedFeed(slug.clone()));
            all.push(Self::AffectedBadge(slug));
        }
        all
    }
}

/// One of each, to describe them by.
pub fn each() -> impl Iterator<Item = MachineAddress> {
    let named = NAMED.into_iter();
    fixed().chain(named.map(|(_, _, named)| named(String::new())))
}

fn fixed() -> impl Iterator<Item = MachineAddress> {
    let documents = StatuspageDocument::ALL
        .into_iter()
        .map(MachineAddress::Statuspage);
    FIXED.into_iter().chain(documents)
}

/// A list in JSON, indented.
fn printed(list: &impl Serialize) -> askama::Result<Option<String>> {
    let text = serde_json::to_string_pretty(list);
    let text = text.map_err(|error| askama::Error::Custom(error.into()))?;
    Ok(Some(text + "\n"))
}

/// Leaves out what no XML and no HTML may hold, however it is written.
fn clean(mut text: String) -> String {
    let allowed = |c: char| {
        matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{fffd}' | '\u{10000}'..)
            && !matches!(c, '\u{7f}'..='\u{9f}')
    };
    // Most texts are long and hold nothing of that kind.
    if !text.chars().all(allowed) {
        text.retain(allowed);
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_address_is_one_of_a_machine_or_none() {
        for (path, expected) in [
            ("/index.json", Some(MachineAddress::Index)),
            ("/issues/index.json", Some(MachineAddress::Issues)),
            (
                "/issues/a/index.json",
                Some(MachineAddress::Issue("a".into())),
            ),
            (
                "/affected/nfs-/home/index.xml",
                Some(MachineAddress::AffectedFeed("nfs-/home".into())),
            ),
            (
                "/affected/%C3%BCber/index.svg",
                Some(MachineAddress::AffectedBadge("über".into())),
            ),
            (
                "/api/v2/incidents/unresolved.json",
                Some(MachineAddress::Statuspage(StatuspageDocument::Unresolved)),
            ),
            (
                "/badge/api.json",
                Some(MachineAddress::Shields("api".into())),
            ),
            ("/badge/.json", None),
            ("/affected//index.json", None),
            ("/affected/%ff/index.json", None),
            ("/issues/", None),
            ("/issues/a/", None),
            ("/", None),
        ] {
            assert_eq!(MachineAddress::parse(path), expected, "{path}");
        }
    }

    #[test]
    fn what_no_xml_may_hold_is_left_out() {
        let text = "a\u{0}\u{8}\tb\n\u{b}\u{1b}[0m\u{fffe}\u{ffff}\u{85}🎲";
        assert_eq!(clean(text.to_owned()), "a\tb\n[0m🎲");
    }

    proptest! {
        #[test]
        fn an_address_is_read_as_it_is_printed(name in "[-a-z0-9.ü日 %#?]{1,20}", which in 0..NAMED.len()) {
            let machine = NAMED[which].2(name);
            prop_assert_eq!(MachineAddress::parse(&machine.path()), Some(machine));
        }

        #[test]
        fn no_path_makes_it_panic(path in "/(issues|affected|badge)?[-a-z/%.]{0,30}(index)?(.json|.xml)?") {
            let _ = MachineAddress::parse(&path);
        }
    }
}
