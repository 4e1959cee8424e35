//! The frame of every page of the console: name, state, navigation, who is logged in.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;

use crate::language::speech::Speech;
use crate::model::access::Scope;
use crate::model::board::Board;
use crate::model::silence::SilenceState;
use crate::model::text::language::Language;
use crate::web::ops::access::acting::Admitted;
use crate::web::ops::console::assets;
use crate::web::ops::console::done_notice::DoneNotice;
use crate::web::ops::console::page_table::ConsolePage;
use crate::web::parts::look::sign::Sign;
use crate::web::parts::look::style;
use crate::web::site::View;

/// What the frame takes from a request.
#[derive(Clone, Debug, Default)]
pub(crate) struct FrameContext {
    /// Who asks.
    pub(crate) admitted: Option<Admitted>,
    /// What was done just before.
    pub(crate) done: Option<DoneNotice>,
}

impl<S: Sync> FromRequestParts<S> for FrameContext {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let query = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri);
        let query = query.map_or_else(|_| Vec::new(), |query| query.0);
        let done = query.iter().find(|(name, _)| name == "done");
        Ok(Self {
            admitted: parts.extensions.get().cloned(),
            done: done.and_then(|(_, word)| DoneNotice::from_word(word)),
        })
    }
}

/// A link of the navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NavEntry {
    /// Where it leads.
    pub(crate) page: ConsolePage,
    /// Whether it is this page, or one below it.
    pub(crate) here: bool,
    /// How much there is to see; nothing is not said.
    pub(crate) count: usize,
}

/// Who is logged in.
#[derive(Clone, Debug)]
pub(crate) struct SignedIn {
    /// Their name.
    pub(crate) name: String,
    /// What they may do.
    pub(crate) scopes: String,
    /// What every form of theirs brings; `None` for those whose token says who they
    /// are, which send no forms.
    pub(crate) form_token: Option<String>,
    /// Whether they can log out here.
    pub(crate) may_leave: bool,
}

/// What the frame of a page shows.
#[derive(Clone, Debug)]
pub(crate) struct ConsoleFrame {
    /// The name of the site.
    pub(crate) site: String,
    /// The heading of the page.
    pub(crate) title: String,
    /// How the whole is.
    pub(crate) sign: Sign,
    /// The same in words.
    pub(crate) state: String,
    /// The sign as a picture.
    pub(crate) icon: String,
    /// The mark of the style sheet.
    pub(crate) style: String,
    /// The mark of the script.
    pub(crate) script: &'static str,
    /// The zone of the times.
    pub(crate) zone: String,
    /// The pages that may be seen.
    pub(crate) nav: Vec<NavEntry>,
    /// Who is logged in.
    pub(crate) who: Option<SignedIn>,
    /// What was done just before.
    pub(crate) done: Option<DoneNotice>,
    may_write: bool,
    may_all: bool,
}

impl ConsoleFrame {
    /// The frame of a page, or of none, for somebody.
    pub(crate) fn new(view: &View<'_>, page: Option<ConsolePage>, context: &FrameContext) -> Self {
        let sign = Sign::from(view.board);
        let may = |scope| {
            let admitted = context.admitted.as_ref();
            admitted.is_some_and(|one| one.scopes.allow(scope))
        };
        let pages = ConsolePage::ALL.into_iter().filter(|one| may(one.scope()));
        let nav = pages.map(|one| NavEntry {
            page: one,
            here: page == Some(one),
            count: count(one, view.board),
        });
        let who = context.admitted.as_ref().map(|admitted| SignedIn {
            name: admitted.actor.name.clone(),
            scopes: admitted.scopes.to_string(),
            form_token: admitted
                .form_token
                .as_ref()
                .map(|one| one.expose().to_owned()),
            may_leave: admitted.session.is_some(),
        });
        Self {
            site: view.names.title.clone(),
            title: page.map_or("Operators", ConsolePage::title).to_owned(),
            sign,
            state: sign.word_if(view.board.is_measured(), &Speech::of(Language::En)),
            icon: style::icon(view.names, sign),
            style: assets::style_mark(view.names),
            script: &assets::SCRIPT_MARK,
            zone: zone(view),
            nav: nav.collect(),
            // Only browsers that show by themselves who they are can send forms.
            may_write: may(Scope::Write)
                && who.as_ref().is_some_and(|one| one.form_token.is_some()),
            may_all: may(Scope::Admin) && who.as_ref().is_some_and(|one| one.form_token.is_some()),
            who,
            done: context.done,
        }
    }

    /// The same with another heading.
    pub(crate) fn titled(self, title: impl Into<String>) -> Self {
        let title = title.into();
        Self { title, ..self }
    }

    /// Whether to show forms that take the scope `write`.
    pub(crate) fn may_write(&self) -> bool {
        self.may_write
    }

    /// Whether to show forms that take the scope `admin`.
    pub(crate) fn may_all(&self) -> bool {
        self.may_all
    }

    /// What every form brings.
    pub(crate) fn form_token(&self) -> &str {
        let token = self.who.as_ref().and_then(|who| who.form_token.as_deref());
        token.unwrap_or_default()
    }
}

/// The zone of the times: `CET`.
fn zone(view: &View<'_>) -> String {
    let local = view.now.to_zoned(view.names.zone.clone());
    local.strftime("%Z").to_string()
}

/// How much there is to see on a page that somebody should look at.
fn count(page: ConsolePage, board: &Board) -> usize {
    let facts = &board.facts;
    match page {
        ConsolePage::Rules => {
            let verdicts = facts.verdicts.iter();
            verdicts.filter(|verdict| verdict.state.is_firing()).count()
        }
        ConsolePage::Incidents => board.waiting().count(),
        ConsolePage::Maintenance => board.running().count(),
        ConsolePage::Silences => {
            let silences = facts.silences.iter();
            silences
                .filter(|one| one.state(board.at) == SilenceState::Active)
                .count()
        }
        ConsolePage::Now
        | ConsolePage::Explore
        | ConsolePage::Events
        | ConsolePage::Subscribers
        | ConsolePage::Deliveries
        | ConsolePage::Settings => 0,
    }
}
