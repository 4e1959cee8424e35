//! Logs people in by a token, and out again.

use std::time::Duration;

use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{DefaultBodyLimit, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use axum::{Extension, Form, Router};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use tower_http::timeout::TimeoutLayer;

use crate::model::request::access::{AuditEntry, SessionOrigin};
use crate::model::token_hash::TokenHash;
use crate::web::ops::access::acting::{Admitted, Requester};
use crate::web::ops::access::browser::cookies::OpsCookie;
use crate::web::ops::access::browser::form::CheckedForm;
use crate::web::ops::access::browser::login_page::{LoginDesk, LoginView, NextQuery, is_page};
use crate::web::ops::access::error::OpsError;
use crate::web::ops::access::oidc::visit;
use crate::web::ops::console::page_table::CONSOLE;

/// Longest form.
const BODY_LIMIT: usize = 4 * 1024;

/// How long a login may take; the provider is asked three times at most.
const TIMEOUT: Duration = Duration::from_secs(25);

/// The routes of logins.
pub(crate) fn routes(desk: LoginDesk) -> Router {
    Router::new()
        .route("/login", get(show).post(log_in))
        .route("/logout", post(log_out))
        .route("/login/openid", get(visit::begin))
        .route("/login/callback", get(visit::finish))
        .route("/style.css", get(style))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::REQUEST_TIMEOUT,
            TIMEOUT,
        ))
        .with_state(desk)
}

/// What the form sends.
#[derive(Deserialize)]
struct SentToken {
    token: SecretString,
    next: Option<String>,
}

/// Logging out takes nothing but the token that every form has.
#[derive(Deserialize)]
struct Leaving {}

async fn style(State(desk): State<LoginDesk>) -> Response {
    desk.style_sheet()
}

async fn show(
    State(desk): State<LoginDesk>,
    admission: Option<Extension<Admitted>>,
    asked: Result<Query<NextQuery>, QueryRejection>,
) -> Response {
    let view = match admission {
        Some(Extension(admission)) => LoginView::Inside(admission),
        None => LoginView::Ways(None),
    };
    let next = asked.ok().and_then(|Query(asked)| asked.next);
    desk.page_before(StatusCode::OK, view, next.as_deref())
}

/// Logs somebody in by a token: the session has a new secret, whatever the browser
/// brought.
async fn log_in(
    State(desk): State<LoginDesk>,
    Extension(requester): Extension<Requester>,
    headers: HeaderMap,
    sent: Result<Form<SentToken>, FormRejection>,
) -> Response {
    let Ok(Form(SentToken { token, next })) = sent else {
        let why = "Enter a token in the form below.";
        return desk.page(StatusCode::BAD_REQUEST, LoginView::Ways(Some(why)));
    };
    let next = next.as_deref();
    let refused = |status, why| desk.page_before(status, LoginView::Ways(Some(why)), next);
    let token = token.expose_secret().trim();
    let admission = match desk.authenticator.admit(token, requester.visitor) {
        Ok(admission) => admission,
        Err(None) => {
            let why = "This token is unknown, revoked or expired.";
            return refused(StatusCode::UNAUTHORIZED, why);
        }
        Err(Some(wait)) => {
            let why = "Too many failed logins from your address. Try again in a few minutes.";
            let page = refused(StatusCode::TOO_MANY_REQUESTS, why);
            return (
                [(header::RETRY_AFTER, wait.as_secs().max(1).to_string())],
                page,
            )
                .into_response();
        }
    };
    let before = OpsCookie::Session.read(&headers, requester.is_secure);
    let origin = SessionOrigin::Token(TokenHash::of(token));
    let begun = desk.authenticator.begin(origin, before.map(TokenHash::of));
    let Some(secret) = begun.await else {
        let why = "The login could not be saved. See the log of critwatch.";
        return refused(StatusCode::SERVICE_UNAVAILABLE, why);
    };
    let entry = AuditEntry::new(&admission.actor, "log in", requester.visitor.0.to_string());
    desk.authenticator.note(entry).await;
    let cookie = OpsCookie::Session.set(secret.expose_secret(), requester.is_secure);
    let next = next.filter(|next| is_page(next)).unwrap_or(CONSOLE);
    with_cookie(&cookie, Redirect::to(next).into_response())
}

/// An answer that sets a cookie.
fn with_cookie(cookie: &str, mut answer: Response) -> Response {
    if let Ok(cookie) = HeaderValue::from_str(cookie) {
        answer.headers_mut().append(header::SET_COOKIE, cookie);
    }
    answer
}

/// Ends the session, whatever else still shows who asks.
async fn log_out(
    State(desk): State<LoginDesk>,
    Extension(requester): Extension<Requester>,
    admission: Option<Extension<Admitted>>,
    _: CheckedForm<Leaving>,
) -> Response {
    if let Some(Extension(admission)) = admission
        && let Some(session) = admission.session
    {
        if desk.authenticator.end(session).await.is_none() {
            let words = "the login could not be ended; the log says why";
            return OpsError::whole(StatusCode::SERVICE_UNAVAILABLE, words).into_response();
        }
        let entry = AuditEntry::new(&admission.actor, "log out", requester.visitor.0.to_string());
        desk.authenticator.note(entry).await;
    }
    let cookie = OpsCookie::Session.unset(requester.is_secure);
    with_cookie(&cookie, Redirect::to("/login").into_response())
}
