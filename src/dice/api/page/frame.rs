//! What all pages share: headers, errors as pages, and that forms come from here.

use askama::Template;
use axum::extract::Request;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, LOCATION, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse as _, Response};

use crate::dice::api::caller::is_same_origin;
use crate::dice::api::refusal::{ApiError, RefusalWords};

const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; \
     img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
);

#[derive(Template)]
#[template(path = "dice/error.html")]
struct RefusalPage<'a> {
    message: &'a str,
    is_passing: bool,
}

/// Renders a page.
pub(crate) fn page(template: &impl Template, status: StatusCode) -> Result<Response, ApiError> {
    let text = template
        .render()
        .map_err(|error| ApiError::Failed(error.to_string()))?;
    Ok((status, Html(text)).into_response())
}

/// Leads to another page after a form.
pub(crate) fn see_other(place: &str) -> Response {
    let place = HeaderValue::try_from(place).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(LOCATION, place)]).into_response()
}

/// Refuses forms of other pages, shows errors as pages, and sets the headers of all pages.
pub(crate) async fn frame(request: Request, next: Next) -> Response {
    let is_foreign = request.method() == Method::POST && !is_same_origin(request.headers());
    let response = if is_foreign {
        ApiError::Forbidden("this form was sent by another page").into_response()
    } else {
        next.run(request).await
    };
    let mut response = shown(response);
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, POLICY);
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Makes a page of an error; its status and other headers stay.
fn shown(response: Response) -> Response {
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let is_page = response
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if is_page {
        return response;
    }
    let refusal = response.extensions().get::<RefusalWords>().cloned();
    let message = refusal.map_or_else(|| "This form cannot be read.".to_owned(), |one| one.0);
    let is_passing = status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS;
    let text = RefusalPage {
        message: &message,
        is_passing,
    };
    let Ok(text) = text.render() else {
        return response;
    };
    let mut page = (status, Html(text)).into_response();
    for (name, value) in response.headers() {
        if name != CONTENT_TYPE && name.as_str() != "content-length" {
            page.headers_mut().insert(name, value.clone());
        }
    }
    page
}
