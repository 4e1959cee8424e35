//! `GET /live`: an open page subscribes to changes.

use std::sync::Arc;

use axum::Extension;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{CONNECTION, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse as _, Response};

use crate::web::serving::connections::client::ClientConnection;
use crate::web::serving::connections::visitor::Visitor;
use crate::web::serving::live::{self, LIVE};
use crate::web::serving::metrics;
use crate::web::serving::public::Public;
use crate::web::serving::response::empty::empty;
use crate::web::serving::response::respond::text;
use crate::web::serving::response::security_headers::SecurityHeaders;

/// Streams changes from now on; for a language that the site lacks there is no stream.
pub(crate) async fn listen(
    State(public): State<Public>,
    Extension(client): Extension<Arc<ClientConnection>>,
    Extension(visitor): Extension<Visitor>,
    request: Request,
) -> Response {
    if !public.pages.is_live(request.uri().path()) {
        return public.page(request).await;
    }
    let answer = answer(&public, &client, visitor, &request);
    (Extension(metrics::form(None, Some(LIVE))), answer).into_response()
}

fn answer(
    public: &Public,
    client: &ClientConnection,
    visitor: Visitor,
    request: &Request,
) -> Response {
    let security_headers = SecurityHeaders {
        open: true,
        ..SecurityHeaders::closed(public.site.names().is_secure())
    };
    let mut answer = empty(StatusCode::OK, security_headers);
    let headers = answer.headers_mut();
    let kind = HeaderValue::from_static("text/event-stream");
    headers.insert(CONTENT_TYPE, kind);
    // A buffering proxy would hold events back.
    let unbuffered = HeaderName::from_static("x-accel-buffering");
    headers.insert(unbuffered, HeaderValue::from_static("no"));
    if request.method() == Method::HEAD {
        return answer;
    }
    // A local client that names no visitor listens uncounted.
    let is_named = !client.is_local_or_proxy() || visitor.0 != client.peer();
    let place = public.live.place(is_named.then_some(visitor));
    let Some(place) = place.filter(|_| client.start_listening()) else {
        headers.remove(CONTENT_TYPE);
        headers.insert(RETRY_AFTER, HeaderValue::from_static("30"));
        *answer.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
        return answer;
    };
    // It is for this alone: what follows gets a connection of its own.
    headers.insert(CONNECTION, HeaderValue::from_static("close"));
    let since = || {
        let mut pairs = request.uri().query()?.split('&');
        pairs.find_map(|pair| pair.strip_prefix("since="))
    };
    let last = HeaderName::from_static("last-event-id");
    let last_seen = text(request.headers(), last).or_else(since);
    let events = public
        .live
        .listen(last_seen.and_then(live::revision), place);
    *answer.body_mut() = Body::from_stream(events);
    answer
}
