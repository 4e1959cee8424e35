//! Everything that machines ask for, with the door that answers them.

pub mod address;
pub mod openapi;

use axum::extract::{Request, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ALLOW, CONTENT_SECURITY_POLICY,
    CONTENT_TYPE,
};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::model::language::Language;
use crate::web::embed;
use crate::web::error::WebError;
use crate::web::machines::address::Machine;
use crate::web::site::Site;

/// What may be done with these addresses.
const METHODS: &str = "GET, HEAD, OPTIONS";

/// Everybody may read them from any other site; nothing in them is secret.
const OPEN: [(HeaderName, &str); 5] = [
    (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    (ACCESS_CONTROL_ALLOW_METHODS, METHODS),
    (ACCESS_CONTROL_ALLOW_HEADERS, "If-None-Match"),
    (ACCESS_CONTROL_EXPOSE_HEADERS, "ETag"),
    (ACCESS_CONTROL_MAX_AGE, "86400"),
];

/// Answers what machines ask for; all else goes on to the pages.
pub async fn answer(State(site): State<Site>, request: Request, next: Next) -> Response {
    let Some(machine) = Machine::parse(request.uri().path()) else {
        return next.run(request).await;
    };
    let mut response = match *request.method() {
        Method::GET | Method::HEAD => show(&site, &machine),
        Method::OPTIONS => (StatusCode::NO_CONTENT, [(ALLOW, METHODS)]).into_response(),
        _ => (StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, METHODS)]).into_response(),
    };
    for (name, value) in OPEN {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    response
}

fn show(site: &Site, machine: &Machine) -> Response {
    match site.show(|view| machine.show(view)) {
        Ok(Some(text)) => {
            let mut response = ([(CONTENT_TYPE, machine.kind())], text).into_response();
            if *machine == Machine::EmbedFrame {
                let policy = HeaderValue::from_static(embed::POLICY);
                response
                    .headers_mut()
                    .insert(CONTENT_SECURITY_POLICY, policy);
            }
            response
        }
        Ok(None) => WebError::NotFound.page(site, Language::default()),
        Err(error) => WebError::from(error).page(site, Language::default()),
    }
}
