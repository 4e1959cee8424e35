//! Requests with an `Idempotency-Key` are done once, whoever goes away meanwhile.
//!
//! They are carried out one after another by a task of their own: it goes on when the
//! client has gone, so that the answer is there when the client asks again.

use std::fmt;
use std::pin::Pin;
use std::sync::mpsc::TrySendError;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use ring::digest::{Context, SHA256};
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use crate::model::request::replay::{
    ReplayErrand, ReplayKey, ReplayState, ReplaysDoor, StoredAnswer,
};
use crate::model::request::samples::push::Push;
use crate::model::text::hex::hex;
use crate::web::ops::access::acting::Acting;
use crate::web::ops::access::error::OpsError;

/// The header.
const KEY: &str = "idempotency-key";

/// Longer keys are no keys.
const LONGEST: usize = 255;

/// Requests with keys that may wait.
const WAITING: usize = 32;

/// Longest body of a request with a key.
const BODY: usize = 256 * 1024;

/// Longest answer that is kept.
const ANSWER: usize = 1024 * 1024;

/// Headers that belong to an answer.
const HEADERS: [&str; 4] = ["content-type", "etag", "location", "link"];

/// The rest of a request's way.
type Work = Pin<Box<dyn Future<Output = Response> + Send>>;

/// A request with a key, on its way to the task.
pub(crate) struct KeyedRequest {
    key: ReplayKey,
    print: String,
    work: Work,
    answer: oneshot::Sender<Response>,
}

impl fmt::Debug for KeyedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyedRequest")
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}

/// Where requests with keys go in.
#[derive(Clone, Debug)]
pub(crate) struct KeyedRequests(mpsc::Sender<KeyedRequest>);

/// The way in, and what comes in by it.
pub(crate) fn channel() -> (KeyedRequests, mpsc::Receiver<KeyedRequest>) {
    let (sender, receiver) = mpsc::channel(WAITING);
    (KeyedRequests(sender), receiver)
}

/// Hands a request with a key to the task; others pass.
pub(crate) async fn guard(
    State(replays): State<KeyedRequests>,
    Acting(actor): Acting,
    request: Request,
    next: Next,
) -> Response {
    let looks = matches!(*request.method(), Method::GET | Method::HEAD);
    let key = match key(request.headers()) {
        Ok(Some(key)) if !looks => key,
        Ok(_) => return next.run(request).await,
        Err(error) => return error.into_response(),
    };
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, BODY).await else {
        let message = "the body is too long, or was not sent to its end";
        return OpsError::whole(StatusCode::PAYLOAD_TOO_LARGE, message).into_response();
    };
    let place = parts
        .uri
        .path_and_query()
        .map_or("", |place| place.as_str());
    let print = print(&parts.method, place, &body);
    let request = Request::from_parts(parts, Body::from(body));
    let (answer, wait) = oneshot::channel();
    let keyed = KeyedRequest {
        key: ReplayKey { actor, key },
        print,
        work: Box::pin(async move { next.run(request).await }),
        answer,
    };
    let refused = |message| OpsError::whole(StatusCode::SERVICE_UNAVAILABLE, message);
    if replays.0.try_send(keyed).is_err() {
        return refused("too much is changed at once; try again").into_response();
    }
    let stopping = |_| refused("the service is about to stop; try again").into_response();
    wait.await.unwrap_or_else(stopping)
}

/// The key, if one was sent.
fn key(headers: &HeaderMap) -> Result<Option<String>, OpsError> {
    let Some(sent) = headers.get(KEY) else {
        return Ok(None);
    };
    let key = sent.to_str().unwrap_or_default().trim();
    if (1..=LONGEST).contains(&key.len()) {
        return Ok(Some(key.to_owned()));
    }
    let message = "an `Idempotency-Key` has 1 to 255 visible characters";
    Err(OpsError::whole(StatusCode::BAD_REQUEST, message))
}

/// What is the same only of requests that ask the same.
fn print(method: &Method, place: &str, body: &Bytes) -> String {
    let mut digest = Context::new(&SHA256);
    for part in [method.as_str().as_bytes(), place.as_bytes(), body] {
        digest.update(&part.len().to_le_bytes());
        digest.update(part);
    }
    hex(digest.finish().as_ref())
}

/// Carries requests out, one after another, until told to stop.
pub(crate) async fn work(
    mut requests: mpsc::Receiver<KeyedRequest>,
    door: ReplaysDoor,
    stop: CancellationToken,
) {
    loop {
        let next = tokio::select! {
            () = stop.cancelled() => return,
            next = requests.recv() => next,
        };
        let Some(KeyedRequest {
            key,
            print,
            work,
            answer,
        }) = next
        else {
            stop.cancelled().await;
            return;
        };
        let done = carry_out(key, print, work, &door).await;
        // Who asked may have gone away.
        let _ = answer.send(done);
    }
}

async fn carry_out(key: ReplayKey, print: String, work: Work, door: &ReplaysDoor) -> Response {
    let refused = |status, message| OpsError::whole(status, message).into_response();
    match ask(door, ReplayErrand::Begin(key.clone(), print)).await {
        Some(ReplayState::New | ReplayState::Noted) => {}
        Some(ReplayState::Answered(stored)) => return replayed(stored),
        Some(ReplayState::Other) => {
            let message = "another request was sent with this `Idempotency-Key`; choose a new one";
            return refused(StatusCode::UNPROCESSABLE_ENTITY, message);
        }
        Some(ReplayState::Unfinished) => {
            let message = "this request was started, and its outcome is unknown; check, and \
                send it again with a new `Idempotency-Key` if it had no effect";
            return refused(StatusCode::CONFLICT, message);
        }
        None => {
            let message = "the `Idempotency-Key` could not be written; nothing was done";
            return refused(StatusCode::SERVICE_UNAVAILABLE, message);
        }
    }
    let (head, body) = work.await.into_parts();
    let body = to_bytes(body, ANSWER).await.unwrap_or_default();
    let errand = if head.status.is_success() {
        let stored = StoredAnswer {
            status: head.status.as_u16(),
            headers: stored_headers(&head.headers),
            body: body.to_vec(),
        };
        ReplayErrand::Finish(key, stored)
    } else {
        // Nothing was done: the same key may be tried again.
        ReplayErrand::Forget(key)
    };
    ask(door, errand).await;
    Response::from_parts(head, Body::from(body))
}

fn stored_headers(headers: &HeaderMap) -> Vec<(String, String)> {
    let stored = HEADERS.iter().filter_map(|name| {
        let value = headers.get(*name)?.to_str().ok()?;
        Some(((*name).to_owned(), value.to_owned()))
    });
    stored.collect()
}

/// An answer as it was given first, marked as such.
fn replayed(stored: StoredAnswer) -> Response {
    let mut answer = Response::new(Body::from(stored.body));
    *answer.status_mut() = StatusCode::from_u16(stored.status).unwrap_or_default();
    let headers = stored
        .headers
        .iter()
        .map(|(name, value)| (&**name, &**value));
    for (name, value) in headers.chain([("idempotent-replayed", "true")]) {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::from_str(value)) {
            answer.headers_mut().insert(name, value);
        }
    }
    answer
}

/// Asks the table; `None` if it does not answer.
async fn ask(door: &ReplaysDoor, what: ReplayErrand) -> Option<ReplayState> {
    let (answer, wait) = oneshot::channel();
    match door.errands.try_send(Push { what, answer }) {
        Ok(()) => wait.await.ok()?.ok(),
        Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => None,
    }
}
