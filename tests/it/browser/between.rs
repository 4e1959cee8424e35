//! What stands between a browser and the page: slow, forgetful, or cut off.

use std::convert::Infallible;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use futures_util::stream;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::browser::client;

/// A proxy in front of a page, which ends with its test.
pub(crate) struct Between {
    pub(crate) address: String,
    pub(crate) state: Arc<BetweenState>,
    task: JoinHandle<()>,
}

/// What the proxy does at present.
pub(crate) struct BetweenState {
    target: String,
    client: reqwest::Client,
    /// Whether `/live` gets through; what listens is cut off when it no longer may.
    pub(crate) lets_live: watch::Sender<bool>,
    /// Whether the first page is given as it was first asked for.
    pub(crate) is_stale: AtomicBool,
    /// How often `/live` was asked for.
    pub(crate) live_asked: AtomicUsize,
    /// How often a stale page was given.
    pub(crate) stale_given: AtomicUsize,
    first: OnceLock<Bytes>,
}

impl Drop for Between {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Between {
    pub(crate) async fn start(target: &str) -> Self {
        let state = Arc::new(BetweenState {
            target: target.to_owned(),
            client: client(),
            lets_live: watch::Sender::new(true),
            is_stale: AtomicBool::new(false),
            live_asked: AtomicUsize::new(0),
            stale_given: AtomicUsize::new(0),
            first: OnceLock::new(),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let routes = Router::new().fallback(pass).with_state(Arc::clone(&state));
        let task = tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        Self {
            address,
            state,
            task,
        }
    }
}

async fn pass(State(state): State<Arc<BetweenState>>, request: Request) -> Response {
    let path = request.uri().path_and_query().unwrap().as_str();
    let is_live = path.starts_with("/live");
    let mut lets = state.lets_live.subscribe();
    if is_live {
        state.live_asked.fetch_add(1, Ordering::Relaxed);
        lets.wait_for(|lets| *lets).await.unwrap();
    }
    let mut asked = state.client.get(format!("{}{path}", state.target));
    for name in ["last-event-id", "accept-language"] {
        if let Some(value) = request.headers().get(name) {
            asked = asked.header(name, value);
        }
    }
    let answer = asked.send().await.unwrap();
    let mut response = Response::builder().status(answer.status());
    for name in ["content-type", "etag"] {
        if let Some(value) = answer.headers().get(name) {
            response = response.header(name, value);
        }
    }
    let body = if is_live {
        let rest = stream::unfold((answer, lets), async |(mut answer, mut lets)| {
            let chunk = tokio::select! {
                chunk = answer.chunk() => chunk.ok()??,
                _ = lets.wait_for(|lets| !*lets) => return None,
            };
            Some((Ok::<_, Infallible>(chunk), (answer, lets)))
        });
        Body::from_stream(rest)
    } else {
        let mut body = answer.bytes().await.unwrap();
        if path == "/" {
            let first = state.first.get_or_init(|| body.clone());
            if state.is_stale.load(Ordering::Relaxed) {
                body = first.clone();
                state.stale_given.fetch_add(1, Ordering::Relaxed);
                response.headers_mut().unwrap().remove("etag");
            }
        }
        Body::from(body)
    };
    response.body(body).unwrap()
}
