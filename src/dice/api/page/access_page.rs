//! Coming, going, and letting a device in.

use std::sync::Arc;

use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Deserialize;

use crate::dice::api::account::activation_routes::usable_code;
use crate::dice::api::account::{session, user_routes};
use crate::dice::api::caller::{Caller, MaybeCaller};
use crate::dice::api::page::frame;
use crate::dice::api::refusal::ApiError;
use crate::dice::api::state::ApiState;
use crate::dice::clock;
use crate::dice::database::activations;

#[derive(Template)]
#[template(path = "dice/activate.html")]
struct ActivationPage {
    name: Option<String>,
    is_confirmed: bool,
    problem: Option<&'static str>,
}

/// The form of a new guest.
#[derive(Debug, Deserialize)]
pub(crate) struct NameForm {
    #[serde(default)]
    name: String,
    /// Where the guest wanted to go.
    next: Option<NextPage>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum NextPage {
    Activate,
}

/// The form that confirms a device.
#[derive(Debug, Deserialize)]
pub(crate) struct CodeForm {
    code: String,
}

/// Makes a guest with a session.
pub(crate) async fn log_in(
    State(desk): State<Arc<ApiState>>,
    Form(form): Form<NameForm>,
) -> Result<Response, ApiError> {
    let (_, token) = user_routes::begin(&desk, Some(&form.name)).await?;
    let place = match form.next {
        Some(NextPage::Activate) => "/activate",
        None => "/",
    };
    let mut response = frame::see_other(place);
    let cookie = session::cookie(Some(&token), desk.session_ttl);
    response.headers_mut().insert(SET_COOKIE, cookie);
    Ok(response)
}

/// Ends the session.
pub(crate) async fn log_out(
    State(desk): State<Arc<ApiState>>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    if let Some(token) = session::token(&headers) {
        session::close(&mut desk.link.clone(), token).await?;
    }
    let mut response = frame::see_other("/");
    let cookie = session::cookie(None, desk.session_ttl);
    response.headers_mut().insert(SET_COOKIE, cookie);
    Ok(response)
}

/// Asks for the code of a device.
pub(crate) async fn show_activation(MaybeCaller(user): MaybeCaller) -> Result<Response, ApiError> {
    let page = ActivationPage {
        name: user.map(|user| user.name),
        is_confirmed: false,
        problem: None,
    };
    frame::page(&page, StatusCode::OK)
}

/// Lets a device act for the caller.
pub(crate) async fn confirm(
    State(desk): State<Arc<ApiState>>,
    Caller(user): Caller,
    Form(form): Form<CodeForm>,
) -> Result<Response, ApiError> {
    let is_confirmed = match usable_code(&form.code) {
        Some(code) => activations::confirm(&desk.database, code, user.uuid, clock::now()).await?,
        None => false,
    };
    let problem = "No device waits with this code. Codes have six characters and end after a quarter of an hour.";
    let page = ActivationPage {
        name: Some(user.name),
        is_confirmed,
        problem: (!is_confirmed).then_some(problem),
    };
    let status = if is_confirmed {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    frame::page(&page, status)
}
