//! The frame of every page: name, links, footer, style sheet and script.

use std::sync::{Arc, OnceLock};

use crate::language::speech::Speech;
use crate::model::text::language::Language;
use crate::web::parts::charts::measured;
use crate::web::parts::context::Present;
use crate::web::parts::look::sign::Sign;
use crate::web::parts::look::style;
use crate::web::parts::self_report;
use crate::web::site::{Names, Revision};
use crate::web::site_elements::Picture;
use crate::web::text::links;
use crate::web::text::machine;
use crate::web::text::markdown;

/// Which page it is, as far as links to pages care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Here {
    /// The first page.
    Status,
    /// A page of one incident.
    Incident,
    /// A page of one component.
    Component,
    /// The history.
    History,
    /// Planned work.
    Maintenance,
    /// How to subscribe.
    Subscribe,
    /// Where visitors report a problem.
    Report,
    /// Any other.
    Other,
}

/// A link in the head or the foot.
#[derive(Debug)]
pub(crate) struct Nav {
    /// What it says.
    pub(crate) name: String,
    /// Where it leads.
    pub(crate) href: String,
    /// Whether it is the page that is shown.
    pub(crate) here: bool,
}

/// The parts of `base.html`.
#[derive(Debug)]
pub(crate) struct Frame<'a> {
    /// The words of the page's language.
    pub(crate) speech: Arc<Speech>,
    /// The revision that the script compares with reported changes.
    pub(crate) revision: Option<Revision>,
    /// The path above all of our addresses.
    pub(crate) base: &'a str,
    /// Name of the service.
    pub(crate) title: &'a str,
    /// What follows the name, unless it says so itself.
    pub(crate) suffix: String,
    /// The site's picture: its address.
    pub(crate) logo: Option<String>,
    /// Whether the name is left out beside it.
    pub(crate) logo_alone: bool,
    /// Pages named in the head.
    pub(crate) head: Vec<Nav>,
    /// Pages named in the foot.
    pub(crate) foot: Vec<Nav>,
    /// The rendered footer.
    pub(crate) description: Option<String>,
    /// When something was measured last, as HTML.
    pub(crate) measured: Option<String>,
    /// How well the page itself did.
    pub(crate) self_report: Option<String>,
    /// Name of the zone that times are shown in.
    pub(crate) zone: String,
    /// The same for the script, which names the visitor's.
    pub(crate) zone_say: String,
    /// How the script says spans of time.
    pub(crate) units: &'static str,
    /// The state as a picture in the browser's tab.
    pub(crate) icon: String,
    /// The style sheet, whose address changes with it, so that browsers may keep it.
    pub(crate) style: String,
    /// The script, in the same way.
    pub(crate) script: String,
}

impl<'a> Frame<'a> {
    /// The frame of a page.
    pub(crate) fn new(present: &Present<'a>, here: Here) -> Self {
        let (names, speech) = (present.view.names, &present.speech);
        let local = present.view.now.to_zoned(names.zone.clone());
        let sign = Sign::from(present.view.board);
        let suffix = speech.say("status-suffix");
        let title = names.title.to_lowercase();
        let own = ["status", suffix.trim()].map(|word| title.contains(&word.to_lowercase()));
        Self {
            base: names.base(),
            revision: present.view.revision,
            title: &names.title,
            suffix: if own.contains(&true) {
                String::new()
            } else {
                suffix
            },
            logo: logo(names),
            logo_alone: names.logo.as_ref().is_some_and(|logo| logo.alone),
            head: head(present, here),
            foot: foot(present, here),
            description: names
                .description
                .as_ref()
                .map(|text| markdown::render_in(text, names, speech)),
            measured: measured::measured(present),
            self_report: self_report::summary(present),
            zone: speech.with("zone", "zone", local.strftime("%Z").to_string()),
            zone_say: speech.with("zone", "zone", "{}"),
            units: units(speech),
            icon: style::icon(names, sign),
            style: style::asked(&present.view, "style.css", style::mark(names)),
            script: style::asked(&present.view, "page.js", &style::SCRIPT_MARK),
            speech: Arc::clone(speech),
        }
    }

    /// A message.
    pub(crate) fn say(&self, name: &str) -> String {
        self.speech.say(name)
    }

    /// The language of the page.
    pub(crate) fn language(&self) -> &'static str {
        self.speech.language().tag()
    }

    /// The direction in which it is written.
    pub(crate) fn direction(&self) -> &'static str {
        self.speech.language().direction()
    }
}

/// Where the site's picture is.
fn logo(names: &Names) -> Option<String> {
    let logo = names.logo.as_ref()?;
    Some(match &logo.source {
        Picture::Own(path) => links::own(names, &format!("/{}", machine::address(path))),
        Picture::Elsewhere(address) => address.clone(),
    })
}

fn head(present: &Present<'_>, here: Here) -> Vec<Nav> {
    vec![Nav {
        name: present.speech.say("nav-history"),
        href: present.to("/issues/"),
        here: here == Here::History,
    }]
}

fn foot(present: &Present<'_>, here: Here) -> Vec<Nav> {
    let (names, speech) = (present.view.names, &present.speech);
    let ours = [
        ("nav-status", "/", Here::Status),
        ("nav-history", "/issues/", Here::History),
        ("nav-maintenance", "/maintenance/", Here::Maintenance),
        ("nav-subscribe", "/subscribe", Here::Subscribe),
        ("nav-report", "/report", Here::Report),
    ];
    let there = |page: &Here| *page != Here::Report || names.takes_reports();
    let ours = ours.into_iter().filter(|(_, _, page)| there(page));
    let ours = ours.map(|(name, href, page)| Nav {
        name: speech.say(name),
        href: present.to(href),
        here: page == here,
    });
    let pages = names.pages.iter().map(|(path, page)| Nav {
        name: page.title.clone(),
        href: present.to(&links::free_path(path)),
        here: false,
    });
    let tabs = names.tabs.iter().map(|(name, href)| Nav {
        name: name.clone(),
        href: href.clone(),
        here: false,
    });
    let others = names.languages.iter();
    let others = others.filter(|(_, href)| href.trim_end_matches('/') != names.base());
    let languages = others.map(|(name, href)| Nav {
        name: name.clone(),
        href: href.clone(),
        here: false,
    });
    ours.chain(pages).chain(tabs).chain(languages).collect()
}

/// A number of every plural category of our languages: one, two, few, many, other.
const PLURALS: [u64; 5] = [1, 2, 3, 11, 100];

/// How the script says spans: seconds, minutes, hours and days, each as said of
/// [`PLURALS`]; two of them; and a day with its clock.
///
/// They are the same on every page of a language, and take a tenth of the time of one.
fn units(speech: &Speech) -> &'static str {
    static UNITS: [OnceLock<String>; Language::ALL.len()] =
        [const { OnceLock::new() }; Language::ALL.len()];
    let place = Language::ALL
        .iter()
        .position(|one| *one == speech.language());
    UNITS[place.unwrap_or_default()].get_or_init(|| all_units(speech))
}

fn all_units(speech: &Speech) -> String {
    let unit = |name: &str| {
        let forms = PLURALS.map(|n| {
            let text = speech.tell(name, [("n", n.into())]);
            text.replace(&n.to_string(), "{}")
        });
        // The last form serves those that follow.
        let same = forms.iter().rev().take_while(|form| **form == forms[4]);
        let kept = forms.len() + 1 - same.count();
        forms[..kept].join("~")
    };
    let both = [("first", "{}".into()), ("second", "{}".into())];
    let moment = [("day", "{}".into()), ("clock", "{}".into())];
    [
        unit("unit-s"),
        unit("unit-min"),
        unit("unit-h"),
        unit("unit-d"),
        speech.tell("span", both),
        speech.tell("day-and-clock", moment),
    ]
    .join("|")
}
