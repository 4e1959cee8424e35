//! Sends people to the provider, and takes in those whom it sends back.

use axum::Extension;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use crate::model::access::{Actor, Proof};
use crate::model::request::access::{AuditEntry, OpenIdUser, SessionOrigin};
use crate::model::token_hash::{self, TokenHash};
use crate::web::ops::access::acting::Requester;
use crate::web::ops::access::browser::cookies::OpsCookie;
use crate::web::ops::access::browser::login_page::{LoginDesk, LoginView, NextQuery, is_page};
use crate::web::ops::access::oidc::pending::PendingLogin;
use crate::web::ops::access::oidc::provider::Provider;
use crate::web::ops::access::oidc::settings::OidcSettings;

/// What the provider gives back.
#[derive(Deserialize)]
pub(crate) struct Returned {
    state: Option<String>,
    code: Option<String>,
}

/// Somebody who was let in.
struct Returnee {
    user: OpenIdUser,
    /// The secret of the new session.
    secret: SecretString,
    /// The page that they wanted to see.
    next: Option<String>,
}

/// Why a login by the provider leads nowhere: the status, and what the page says.
type Refused = (StatusCode, &'static str);

const NONE: Refused = (StatusCode::NOT_FOUND, "Single sign-on is not configured.");
const AWAY: Refused = (
    StatusCode::BAD_GATEWAY,
    "The identity provider did not say who you are. See the log of critwatch.",
);
const BEGIN_AGAIN: Refused = (
    StatusCode::BAD_REQUEST,
    "This login expired or was started in another browser. Try again.",
);
const DECLINED: Refused = (
    StatusCode::FORBIDDEN,
    "The identity provider did not log you in. Try again.",
);
const STRANGER: Refused = (
    StatusCode::FORBIDDEN,
    "Your account has no access. Ask the people who run critwatch.",
);
const UNKEPT: Refused = (
    StatusCode::SERVICE_UNAVAILABLE,
    "The login could not be saved. See the log of critwatch.",
);

/// Sends somebody to the provider.
pub(crate) async fn begin(
    State(desk): State<LoginDesk>,
    Extension(requester): Extension<Requester>,
    asked: Result<Query<NextQuery>, QueryRejection>,
) -> Response {
    let next = asked.ok().and_then(|Query(asked)| asked.next);
    let next = next.filter(|next| is_page(next));
    match away(&desk, requester, next.clone()).await {
        Ok(answer) => answer,
        Err((status, why)) => desk.page_before(status, LoginView::Ways(Some(why)), next.as_deref()),
    }
}

async fn away(
    desk: &LoginDesk,
    requester: Requester,
    next: Option<String>,
) -> Result<Response, Refused> {
    let (settings, provider) = provider(desk)?;
    let now = desk.authenticator.now();
    let authorization = provider.authorize(settings, now).await;
    let authorization = authorization.map_err(|error| {
        tracing::warn!(%error, "cannot begin a login at the provider");
        AWAY
    })?;
    let browser = token_hash::generate("");
    let login = PendingLogin {
        state: TokenHash::of(authorization.state.expose_secret()),
        browser: TokenHash::of(browser.expose_secret()),
        nonce: authorization.nonce,
        verifier: authorization.verifier,
        next,
    };
    desk.pending.add(login, requester.visitor, now);
    let cookie = OpsCookie::Visit.set(browser.expose_secret(), requester.is_secure);
    let answer = Redirect::to(&authorization.url).into_response();
    Ok(with_cookies(&[cookie], answer))
}

/// Takes in somebody whom the provider sends back.
///
/// The answer is a page and no redirect: a browser that comes from another site does
/// not send the cookie of the session before a page of ours has the next word.
pub(crate) async fn finish(
    State(desk): State<LoginDesk>,
    Extension(requester): Extension<Requester>,
    headers: HeaderMap,
    returned: Result<Query<Returned>, QueryRejection>,
) -> Response {
    let secure = requester.is_secure;
    let gone = OpsCookie::Visit.unset(secure);
    let returned = returned
        .map(|Query(returned)| returned)
        .map_err(|_| BEGIN_AGAIN);
    match back(&desk, requester, &headers, returned).await {
        Ok(Returnee { user, secret, next }) => {
            let view = LoginView::Entered(user.name);
            let page = desk.page_before(StatusCode::OK, view, next.as_deref());
            let session = OpsCookie::Session.set(secret.expose_secret(), secure);
            with_cookies(&[gone, session], page)
        }
        Err((status, why)) => {
            let page = desk.page(status, LoginView::Ways(Some(why)));
            with_cookies(&[gone], page)
        }
    }
}

async fn back(
    desk: &LoginDesk,
    requester: Requester,
    headers: &HeaderMap,
    returned: Result<Returned, Refused>,
) -> Result<Returnee, Refused> {
    let ((settings, provider), returned) = (provider(desk)?, returned?);
    let now = desk.authenticator.now();
    let browser = OpsCookie::Visit.read(headers, requester.is_secure);
    let (state, browser) = returned.state.zip(browser).ok_or(BEGIN_AGAIN)?;
    let login = desk.pending.take(&state, browser, now).ok_or(BEGIN_AGAIN)?;
    let code = returned.code.ok_or(DECLINED)?;
    let secrets = (&login.nonce, &login.verifier);
    let user = provider.redeem(settings, code, secrets, now).await;
    let user = user.map_err(|error| {
        tracing::warn!(%error, "cannot log in with the provider");
        AWAY
    })?;
    if settings.scopes_of(&user).is_none() {
        tracing::warn!(
            user = user.name,
            subject = user.subject,
            email = user.email,
            "refused a login: neither the verified address nor a group is in `[ops.oidc]`",
        );
        return Err(STRANGER);
    }
    let before = OpsCookie::Session.read(headers, requester.is_secure);
    let origin = SessionOrigin::OpenId(user.clone());
    let begun = desk.authenticator.begin(origin, before.map(TokenHash::of));
    let secret = begun.await.ok_or(UNKEPT)?;
    let actor = Actor::new(&*user.name, Proof::OpenId);
    let entry = AuditEntry::new(&actor, "log in", requester.visitor.0.to_string());
    let entry = entry.detail(format!("subject {}", user.subject));
    desk.authenticator.note(entry).await;
    Ok(Returnee {
        user,
        secret,
        next: login.next,
    })
}

fn provider(desk: &LoginDesk) -> Result<(&OidcSettings, &Provider), Refused> {
    let settings = desk.authenticator.settings().oidc.as_ref();
    settings.zip(desk.provider.as_ref()).ok_or(NONE)
}

fn with_cookies(cookies: &[String], mut answer: Response) -> Response {
    for cookie in cookies {
        if let Ok(cookie) = HeaderValue::from_str(cookie) {
            answer.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }
    answer
}
