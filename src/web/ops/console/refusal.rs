//! Refusals as pages: a browser that opens a page of the console gets words and a way on,
//! not JSON.

use askama::Template;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use crate::web::ops::access::acting::Admitted;
use crate::web::ops::access::error::PROBLEM;
use crate::web::ops::console::desk::ConsoleDesk;
use crate::web::ops::console::frame::{ConsoleFrame, FrameContext};
use crate::web::ops::console::page_table::CONSOLE;

/// Who opens an address of the API reads what programs read.
const API: &str = "/api/";

/// What a refusal without words is: no route leads there.
const NOWHERE: &str = "there is no such page";

/// Longer words are not ours.
const LONGEST: usize = 64 * 1024;

#[derive(Template)]
#[template(path = "console/refusal.html")]
struct ConsoleRefusal {
    frame: ConsoleFrame,
    /// Whether nobody can log in yet.
    is_closed: bool,
    /// Whether the host name is the fault: other pages would be refused, too.
    is_stranger: bool,
    /// What is wrong.
    words: String,
}

/// A page that has the browser ask again by itself.
#[derive(Template)]
#[template(path = "console/again.html")]
struct AskAgain {
    address: String,
}

/// Makes a page of each refusal that a browser would show, whoever refused.
pub(crate) async fn dress(
    State(desk): State<ConsoleDesk>,
    request: Request,
    next: Next,
) -> Response {
    let (uri, looks) = (request.uri().clone(), *request.method() == Method::GET);
    if uri.path().starts_with(API) || !wants_page(request.headers()) {
        return next.run(request).await;
    }
    let comes_from_elsewhere = comes_from_elsewhere(request.headers());
    let mut context = FrameContext {
        admitted: request.extensions().get::<Admitted>().cloned(),
        ..FrameContext::default()
    };
    let answer = next.run(request).await;
    let kind = answer.headers().get(header::CONTENT_TYPE);
    let is_missing = answer.status() == StatusCode::NOT_FOUND && kind.is_none();
    if !is_missing && kind.is_none_or(|kind| kind != PROBLEM) {
        return answer;
    }
    if answer.status() == StatusCode::UNAUTHORIZED && looks {
        return if comes_from_elsewhere {
            ask_again(&uri)
        } else {
            to_login(&uri)
        };
    }
    let (head, body) = answer.into_parts();
    let is_stranger = head.status == StatusCode::MISDIRECTED_REQUEST;
    if is_stranger {
        // A site of a stranger that took a name of this address reads the answer: it
        // must find nobody's name and no token for forms in it.
        context.admitted = None;
    }
    let body = to_bytes(body, LONGEST).await.unwrap_or_default();
    let problem: Value = serde_json::from_slice(&body).unwrap_or_default();
    let words = problem["detail"].as_str().unwrap_or(NOWHERE).to_owned();
    let is_closed = context.admitted.is_none() && head.status == StatusCode::FORBIDDEN && looks;
    let page = desk.show_as(head.status, None, &context, |frame, _| ConsoleRefusal {
        frame: frame.titled(heading(head.status, is_closed)),
        is_closed,
        is_stranger,
        words,
    });
    let (mut made, body) = page.into_parts();
    if let Some(wait) = head.headers.get(header::RETRY_AFTER) {
        made.headers.insert(header::RETRY_AFTER, wait.clone());
    }
    Response::from_parts(made, body)
}

/// Whether a browser asks, and no program.
fn wants_page(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT);
    let accepted = accepted.and_then(|accepted| accepted.to_str().ok());
    accepted.is_some_and(|accepted| accepted.contains("text/html"))
}

fn heading(status: StatusCode, is_closed: bool) -> &'static str {
    match status {
        _ if is_closed => "Nobody can log in yet",
        StatusCode::UNAUTHORIZED => "You are logged out",
        StatusCode::FORBIDDEN => "Not allowed",
        StatusCode::NOT_FOUND => "Not found",
        StatusCode::TOO_MANY_REQUESTS => "Too many requests",
        StatusCode::MISDIRECTED_REQUEST => "Unknown host name",
        _ => "Something went wrong",
    }
}

/// Whether a link of another site, or of a chat, led here: then the browser does not send
/// the cookie of a login, whether or not it has one.
fn comes_from_elsewhere(headers: &HeaderMap) -> bool {
    let site = headers.get("sec-fetch-site");
    site.is_some_and(|site| site == "cross-site" || site == "same-site")
}

fn ask_again(uri: &Uri) -> Response {
    let address = uri
        .path_and_query()
        .map_or(CONSOLE, |address| address.as_str());
    let page = AskAgain {
        address: address.to_owned(),
    };
    match page.render() {
        Ok(page) => (StatusCode::OK, Html(page)).into_response(),
        Err(_) => to_login(uri),
    }
}

fn to_login(uri: &Uri) -> Response {
    let address = uri
        .path_and_query()
        .map_or(CONSOLE, |address| address.as_str());
    let next = utf8_percent_encode(address, NON_ALPHANUMERIC);
    Redirect::to(&format!("/login?next={next}")).into_response()
}
