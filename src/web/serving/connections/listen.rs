//! Serves HTTP with connection limits and idle timeouts; idle connections make room.

use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::extract::Request;
use axum::http::HeaderValue;
use axum::http::header::CONNECTION;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::task::{self, JoinSet, coop};
use tokio_util::sync::CancellationToken;
use tower::Service;
use tower::util::BoxCloneSyncService;

use crate::web::serving::connections::client::ClientConnection;
use crate::web::serving::connections::request_body::RequestBody;
use crate::web::serving::connections::slots::ConnectionSlots;
use crate::web::serving::connections::timeout::WriteTimeout;
use crate::web::serving::connections::visitor::Proxies;

/// Connections at once: whoever opens thousands must not take the file handles
/// with which the service looks at its targets; these have a quarter of all at
/// most. Listeners are counted apart.
const MAX_CONNECTIONS: usize = 1024;

/// So many may have come before they are let in. A flood of newcomers must not fill
/// this: whose greeting is lost repeats it after a second only.
const BACKLOG: u32 = 4096;

/// Bytes of responses that the system buffers for a connection until they are read: most
/// pages, and no more. By itself it takes megabytes for each who never reads, and all
/// the time of our processors to copy them there.
const SEND_BUFFER: u32 = 64 * 1024;

/// How long a visitor may take to say what is wanted, and may then be silent;
/// and the same while slots are scarce.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
const HURRIED_TIMEOUT: Duration = Duration::from_secs(3);

/// Longest head, and the number of headers in it.
const HEAD_SIZE: usize = 16 * 1024;
const HEADERS: usize = 64;

/// The part of a task's turn that an answer takes, of 128: who asks for hundreds in
/// one go gets one, and then all others have theirs.
const ANSWER: usize = 100;

/// So many are let in before all others have their turn.
const NEWCOMERS: usize = 1024;

/// How long a visitor may take to read an answer.
const READ_TIMEOUT: Duration = Duration::from_secs(30);

/// After this a connection ends with its current response: a client that keeps
/// asking must compete for a slot again.
const MAX_CONNECTION_AGE: Duration = Duration::from_mins(5);

/// How long responses in progress may take once we are stopped.
const GRACE: Duration = Duration::from_secs(3);

/// After a failed accept: mostly there are no file handles left.
const PAUSE: Duration = Duration::from_millis(100);

/// What answers on a listener, by one set of settings.
#[derive(Clone, Debug)]
pub struct Routes {
    service: BoxCloneSyncService<Request, Response, Infallible>,
    /// Proxies of ours, which ask for many.
    proxies: Proxies,
}

impl Routes {
    /// A service answers, also those who come by these proxies.
    pub fn new<S>(service: S, proxies: Proxies) -> Self
    where
        S: Service<Request, Response = Response, Error = Infallible>,
        S: Clone + Send + Sync + 'static,
        S::Future: Send + 'static,
    {
        let service = BoxCloneSyncService::new(service);
        Self { service, proxies }
    }
}

/// What answers by the newest settings, on connections that are open, too.
pub type Listener = watch::Receiver<Routes>;

/// Opens a listener.
pub fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4(),
        SocketAddr::V6(_) => TcpSocket::new_v6(),
    }?;
    // Connections of an earlier run may still be ending.
    socket.set_reuseaddr(true)?;
    // Connections have what their listener has.
    socket.set_send_buffer_size(SEND_BUFFER)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Serves until it is stopped, then finishes the responses in progress.
///
/// This process may have so many `handles`, which are not for visitors alone.
pub async fn serve(
    listener: TcpListener,
    routes: Listener,
    handles: usize,
    stop: CancellationToken,
) {
    let slots = ConnectionSlots::new(MAX_CONNECTIONS.min(handles / 4));
    let mut connections = JoinSet::new();
    let letting = let_in(&listener, &routes, slots, &mut connections, &stop);
    coop::unconstrained(letting).await;
    drop(listener);
    let all = async { while connections.join_next().await.is_some() {} };
    if tokio::time::timeout(GRACE, all).await.is_err() {
        tracing::debug!(
            connections = connections.len(),
            "cut connections that did not end in time"
        );
    }
}

/// Accepts connections until it is stopped.
///
/// It does not share its turns as other tasks do. While hundreds are answered they
/// come seldom, and who stands outside would wait for one after the other.
async fn let_in(
    listener: &TcpListener,
    routes: &Listener,
    mut slots: ConnectionSlots,
    connections: &mut JoinSet<()>,
    stop: &CancellationToken,
) {
    let mut accepted_count = 0_usize;
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => return,
            Some(_) = connections.join_next() => continue,
            accepted = accept(listener) => accepted,
        };
        let Some((stream, peer)) = accepted else {
            continue;
        };
        if let Some(client) = slots.admit(peer, routes.borrow().proxies.has(&peer.to_canonical())) {
            let patience = if slots.are_scarce() {
                HURRIED_TIMEOUT
            } else {
                HEAD_TIMEOUT
            };
            let (routes, stop) = (routes.clone(), stop.clone());
            connections.spawn(async move {
                tokio::select! {
                    () = client.evicted() => {}
                    () = connection(stream, &client, patience, routes, stop) => {}
                }
            });
        }
        accepted_count += 1;
        if accepted_count.is_multiple_of(NEWCOMERS) {
            task::yield_now().await;
        }
    }
}

/// Serves a connection to its end.
async fn connection(
    stream: TcpStream,
    client: &Arc<ClientConnection>,
    patience: Duration,
    routes: Listener,
    stop: CancellationToken,
) {
    let (routes, begun) = (&routes, Instant::now());
    let service = service_fn(async |request: hyper::Request<Incoming>| {
        let mut request = request.map(|body| Body::new(RequestBody::new(body, client)));
        request.extensions_mut().insert(Arc::clone(client));
        for _ in 0..ANSWER {
            coop::consume_budget().await;
        }
        let mut newest = routes.borrow().service.clone();
        let answer = newest.call(request).await;
        client.serve();
        answer.map(|answer| ended_by(answer, begun.elapsed()))
    });
    let stream = TokioIo::new(WriteTimeout::new(stream, READ_TIMEOUT));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(patience)
        .max_headers(HEADERS)
        .max_buf_size(HEAD_SIZE)
        .serve_connection(stream, service);
    let mut connection = pin!(connection);
    tokio::select! {
        // Who goes away in the middle of an answer is no fault of ours.
        _ = connection.as_mut() => return,
        () = stop.cancelled() => {}
    }
    connection.as_mut().graceful_shutdown();
    if client.is_listening() {
        // Listeners end with the last word, or when they go.
        let _ = connection.await;
    } else {
        let _ = tokio::time::timeout(READ_TIMEOUT, connection).await;
    }
}

/// Tells the client of an old connection that this answer is the last one: to end it between
/// two requests would lose the one that is on its way.
fn ended_by(mut answer: Response, age: Duration) -> Response {
    if age >= MAX_CONNECTION_AGE {
        let close = HeaderValue::from_static("close");
        answer.headers_mut().insert(CONNECTION, close);
    }
    answer
}

async fn accept(listener: &TcpListener) -> Option<(TcpStream, IpAddr)> {
    match listener.accept().await {
        Ok((stream, peer)) => {
            // Small answers must not wait for more to send.
            let _ = stream.set_nodelay(true);
            Some((stream, peer.ip()))
        }
        Err(error) => {
            tracing::debug!(%error, "cannot accept a connection");
            tokio::time::sleep(PAUSE).await;
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_connection_ends_with_an_answer_that_says_so() {
        let after = |age| ended_by(Response::new(Body::empty()), age);
        let young = after(MAX_CONNECTION_AGE.saturating_sub(Duration::from_millis(1)));
        assert!(young.headers().is_empty());
        let old = after(MAX_CONNECTION_AGE);
        assert_eq!(old.headers()[CONNECTION], "close");
    }
}
