//! What visitors send of subscriptions, and what they are answered.
//!
//! `POST /subscribe` answers every address alike. The links of mails ask when they are
//! followed and act when their form is sent: mail scanners follow links, too.

use std::sync::Arc;

use axum::extract::rejection::{FormRejection, PathRejection};
use axum::extract::{FromRef, FromRequestParts, Path, State};
use axum::http::header::{ACCEPT_LANGUAGE, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Form};
use tokio::sync::{oneshot, watch};

use crate::model::request::receivers::subscription::{
    MailToken, SubscribersDoor, SubscriptionAnswer, SubscriptionErrand,
};
use crate::model::request::samples::push::{Push, PushRefusal};
use crate::model::text::language::Language;
use crate::web::pages::subscription::{self, Progress, Refusal, SubscriptionPage};
use crate::web::serving::connections::visitor::Visitor;
use crate::web::serving::origin::is_ours;
use crate::web::site::Site;
use crate::web::subscriptions::form::{self, Fields, FormFault};
use crate::web::subscriptions::limit::RecentRequests;

/// Where errands go, and who asked for links of late.
#[derive(Clone, Debug)]
pub struct Subscriptions {
    door: SubscribersDoor,
    recent: Arc<watch::Sender<RecentRequests>>,
}

/// The fields of a form, if it could be read.
type SentFields = Result<Form<Fields>, FormRejection>;

impl Subscriptions {
    /// Errands go there.
    pub fn new(door: SubscribersDoor) -> Self {
        let recent = Arc::new(watch::Sender::new(RecentRequests::default()));
        Self { door, recent }
    }

    /// Hands an errand over; `None` if there is no room for it.
    fn hand_over(
        &self,
        what: SubscriptionErrand,
    ) -> Option<oneshot::Receiver<Result<SubscriptionAnswer, PushRefusal>>> {
        let (answer, wait) = oneshot::channel();
        let push = Push { what, answer };
        self.door.errands.try_send(push).is_ok().then_some(wait)
    }

    /// Waits until an errand is done; `None` if it could not be.
    async fn ask(&self, errand: SubscriptionErrand) -> Option<SubscriptionAnswer> {
        self.hand_over(errand)?.await.ok()?.ok()
    }

    /// Asks for a link, within limits. Nobody waits for what becomes of it, so that no
    /// answer tells whether an address is known.
    fn request(
        &self,
        site: &Site,
        visitor: Visitor,
        errand: SubscriptionErrand,
    ) -> SubscriptionPage {
        let mut may = false;
        let (now, limits) = site.show(|view| (view.now, view.names.limits));
        self.recent.send_if_modified(|recent| {
            may = recent.take(visitor, &limits, now);
            may
        });
        if may && self.hand_over(errand).is_none() {
            return SubscriptionPage::Refused(Refusal::Unnoted);
        }
        SubscriptionPage::Asked
    }
}

/// `POST /subscribe`: somebody asks for a link.
pub(crate) async fn subscribe(
    State(site): State<Site>,
    State(subscriptions): State<Subscriptions>,
    Extension(visitor): Extension<Visitor>,
    headers: HeaderMap,
    sent: SentFields,
) -> Response {
    let language = language(&site, &headers);
    let asked = fields(&site, &headers, sent).and_then(|fields| {
        let address = form::address(&fields).map_err(Refusal::Form)?;
        let choice = site.show(|view| form::choice(&fields, view, language));
        let choice = choice.map_err(Refusal::Form)?;
        Ok((address, choice))
    });
    let (address, choice) = match asked {
        Ok(asked) => asked,
        Err(refusal) => return answer(&site, language, &SubscriptionPage::Refused(refusal)),
    };
    let language = choice.language;
    let errand = SubscriptionErrand::Ask(address, choice);
    answer(
        &site,
        language,
        &subscriptions.request(&site, visitor, errand),
    )
}

/// `GET /subscription/<token>`: asks whether to confirm, or shows what is subscribed.
pub(crate) async fn look(link: FollowedLink) -> Response {
    link.follow(SubscriptionErrand::Look, |page, _| page).await
}

/// `POST /subscription/<token>`: confirms it, or changes what is subscribed.
pub(crate) async fn change(link: FollowedLink, headers: HeaderMap, sent: SentFields) -> Response {
    let Some(token) = &link.token else {
        return link.answer(None, &SubscriptionPage::Unknown);
    };
    let errand = fields(&link.site, &headers, sent).and_then(|fields| {
        if fields.iter().any(|(name, _)| name == "confirm") {
            let confirm = SubscriptionErrand::Confirm(token.clone());
            return Ok((confirm, Progress::Confirmed));
        }
        let choice = link
            .site
            .show(|view| form::choice(&fields, view, link.visitor));
        let choice = choice.map_err(Refusal::Form)?;
        let change = SubscriptionErrand::Change(token.clone(), choice);
        Ok((change, Progress::Saved))
    });
    match errand {
        Ok((errand, progress)) => {
            let done = link.subscriptions.ask(errand).await;
            let (page, own) = managed(done, token.clone(), progress);
            link.answer(own, &page)
        }
        Err(refusal) => link.answer(None, &SubscriptionPage::Refused(refusal)),
    }
}

/// `GET /unsubscribe/<token>`: asks whether to end it.
pub(crate) async fn leaving(link: FollowedLink) -> Response {
    let asks = |page, token| match page {
        SubscriptionPage::Waiting(_) | SubscriptionPage::Subscribed(..) => {
            SubscriptionPage::Leaving(token)
        }
        SubscriptionPage::Asked
        | SubscriptionPage::Refused(_)
        | SubscriptionPage::Leaving(_)
        | SubscriptionPage::Left
        | SubscriptionPage::Unknown => page,
    };
    link.follow(SubscriptionErrand::Look, asks).await
}

/// `POST /unsubscribe/<token>`: ends it, as mail programs ask for it with one click
/// (RFC 8058). The token alone counts: they send no header of ours.
pub(crate) async fn leave(link: FollowedLink) -> Response {
    link.follow(SubscriptionErrand::Leave, |page, _| page).await
}

/// A link of a mail, and who followed it.
pub(crate) struct FollowedLink {
    site: Site,
    subscriptions: Subscriptions,
    /// What the link holds, if it can be one of ours.
    token: Option<MailToken>,
    /// The language of the visitor.
    visitor: Language,
}

impl<S> FromRequestParts<S> for FollowedLink
where
    S: Send + Sync,
    Site: FromRef<S>,
    Subscriptions: FromRef<S>,
{
    type Rejection = PathRejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, PathRejection> {
        let Path(token) = Path::<String>::from_request_parts(parts, state).await?;
        let site = Site::from_ref(state);
        Ok(Self {
            visitor: language(&site, &parts.headers),
            subscriptions: Subscriptions::from_ref(state),
            token: MailToken::parse(&token),
            site,
        })
    }
}

impl FollowedLink {
    /// Does what the link is for, and answers with the page that `shown` makes of that.
    async fn follow(
        self,
        errand: impl FnOnce(MailToken) -> SubscriptionErrand,
        shown: impl FnOnce(SubscriptionPage, MailToken) -> SubscriptionPage,
    ) -> Response {
        let Some(token) = self.token.clone() else {
            return self.answer(None, &SubscriptionPage::Unknown);
        };
        let done = self.subscriptions.ask(errand(token.clone())).await;
        let (page, own) = managed(done, token.clone(), Progress::None);
        self.answer(own, &shown(page, token))
    }

    /// A page in the language of the subscriber, or else of the visitor.
    fn answer(&self, own: Option<Language>, page: &SubscriptionPage) -> Response {
        answer(&self.site, own.unwrap_or(self.visitor), page)
    }
}

/// The page of what a link leads to, and the language of its subscriber.
fn managed(
    found: Option<SubscriptionAnswer>,
    token: MailToken,
    progress: Progress,
) -> (SubscriptionPage, Option<Language>) {
    match found {
        None => (SubscriptionPage::Refused(Refusal::Unnoted), None),
        Some(SubscriptionAnswer::Unknown | SubscriptionAnswer::Asked) => {
            (SubscriptionPage::Unknown, None)
        }
        Some(SubscriptionAnswer::Left) => (SubscriptionPage::Left, None),
        Some(SubscriptionAnswer::Waiting(choice)) => {
            (SubscriptionPage::Waiting(token), Some(choice.language))
        }
        Some(SubscriptionAnswer::Subscribed(choice)) => {
            let language = choice.language;
            let page = SubscriptionPage::Subscribed(token, choice, progress);
            (page, Some(language))
        }
    }
}

/// The fields of a form of ours.
fn fields(site: &Site, headers: &HeaderMap, sent: SentFields) -> Result<Fields, Refusal> {
    if !is_ours(headers, &site.names()) {
        return Err(Refusal::Foreign);
    }
    let Form(fields) = sent.map_err(|_| Refusal::Form(FormFault::Unclear))?;
    Ok(fields)
}

/// The language of a visitor.
fn language(site: &Site, headers: &HeaderMap) -> Language {
    let accept = headers.get(ACCEPT_LANGUAGE);
    let accept = accept.and_then(|accept| accept.to_str().ok());
    site.names().language(accept)
}

fn answer(site: &Site, language: Language, page: &SubscriptionPage) -> Response {
    let status = match page {
        SubscriptionPage::Asked
        | SubscriptionPage::Waiting(_)
        | SubscriptionPage::Subscribed(..)
        | SubscriptionPage::Leaving(_)
        | SubscriptionPage::Left => StatusCode::OK,
        SubscriptionPage::Unknown => StatusCode::NOT_FOUND,
        SubscriptionPage::Refused(Refusal::Foreign) => StatusCode::FORBIDDEN,
        SubscriptionPage::Refused(Refusal::Form(_)) => StatusCode::BAD_REQUEST,
        SubscriptionPage::Refused(Refusal::Unnoted) => StatusCode::SERVICE_UNAVAILABLE,
    };
    match site.show_in(language, |view| subscription::page(view, page)) {
        Ok(page) => (status, [(CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response(),
        Err(error) => {
            tracing::error!(%error, "cannot render the page of a subscription");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
