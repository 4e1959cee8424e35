//! A stand-in for any remote side: it rejects what that would reject.

use std::collections::VecDeque;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use serde_json::Value;
use tokio::sync::watch;

/// A request as the remote side reads it.
#[derive(Clone, Debug)]
pub(super) struct SeenRequest {
    pub method: Method,
    pub path: String,
    pub query: String,
    pub headers: HeaderMap,
    pub body: Value,
}

/// An answer; `None` is one that never comes.
pub(super) type StandInReply = Option<(u16, Option<(&'static str, &'static str)>, String)>;

/// An answer with a body.
#[expect(clippy::unnecessary_wraps, reason = "an answer may also never come")]
pub(super) fn reply(status: u16, body: impl Into<Value>) -> StandInReply {
    let body = match body.into() {
        Value::String(text) => text,
        body => body.to_string(),
    };
    Some((status, None, body))
}

/// Reads a request as the remote side's documents say: what it answers, or what is
/// wrong with it.
pub(super) type Judge = fn(&SeenRequest) -> Result<StandInReply, String>;

/// A server on this machine.
#[derive(Clone)]
pub(super) struct StandIn {
    pub address: String,
    judge: Judge,
    state: watch::Sender<StandInState>,
}

#[derive(Default)]
struct StandInState {
    seen: Vec<SeenRequest>,
    replies: VecDeque<StandInReply>,
    faults: Vec<String>,
}

impl StandIn {
    /// Listens on a free port.
    #[expect(clippy::disallowed_methods, reason = "it ends with the test")]
    pub(super) async fn start(judge: Judge) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let stand_in = Self {
            address: format!("http://{}", listener.local_addr().unwrap()),
            judge,
            state: watch::Sender::default(),
        };
        let routes = axum::Router::new().fallback(answer);
        let routes = routes.with_state(stand_in.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        stand_in
    }

    /// Answers the next message so, whatever it is.
    pub(super) fn will_answer(&self, reply: StandInReply) {
        self.state
            .send_modify(|state| state.replies.push_back(reply));
    }

    /// The messages that arrived since it was asked before; fails if one was wrong.
    pub(super) fn messages(&self) -> Vec<SeenRequest> {
        let state = self.state.send_replace(StandInState::default());
        assert_eq!(state.faults, [""; 0], "{:#?}", state.seen);
        state.seen
    }
}

async fn answer(
    State(stand_in): State<StandIn>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let is_message = method != Method::GET;
    let request = SeenRequest {
        method,
        path: uri.path().to_owned(),
        query: uri.query().unwrap_or_default().to_owned(),
        headers,
        body: serde_json::from_slice(&body).unwrap_or_default(),
    };
    let mut judged = (stand_in.judge)(&request);
    stand_in.state.send_modify(|state| {
        if is_message {
            state.seen.push(request);
        }
        if let Err(fault) = &judged {
            state.faults.push(fault.clone());
        } else if is_message && let Some(reply) = state.replies.pop_front() {
            judged = Ok(reply);
        }
    });
    let Some((status, header, body)) = judged.unwrap_or_else(|fault| reply(400, fault)) else {
        return std::future::pending().await;
    };
    let status = StatusCode::from_u16(status).unwrap();
    match header {
        Some(header) => (status, [header], body).into_response(),
        None => (status, body).into_response(),
    }
}

/// Fails with what is wrong unless a condition holds.
pub(super) fn must(holds: bool, what: &str) -> Result<(), String> {
    if holds { Ok(()) } else { Err(what.to_owned()) }
}

impl SeenRequest {
    /// A text of the body, which must be there and have this many characters at most.
    pub(super) fn text(&self, pointer: &str, most: usize) -> Result<&str, String> {
        text(&self.body, pointer, most)
    }

    /// A header, or nothing.
    pub(super) fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.map_or("", |value| value.to_str().unwrap())
    }
}

/// A text that must be there, and have this many characters at most.
pub(super) fn text<'v>(value: &'v Value, pointer: &str, most: usize) -> Result<&'v str, String> {
    let text = value.pointer(pointer).and_then(Value::as_str);
    let text = text.ok_or(format!("{pointer} is missing"))?;
    let count = text.chars().count();
    must(count <= most, &format!("{pointer} is too long: {count}"))?;
    must(!text.trim().is_empty(), &format!("{pointer} is empty"))?;
    Ok(text)
}
