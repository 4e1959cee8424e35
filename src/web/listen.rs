//! Answers on a listener: so many connections at once, and none for nothing.

use std::convert::Infallible;
use std::net::IpAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tower_service::Service as _;

use crate::web::patient::Patient;
use crate::web::serving::Public;
use crate::web::serving::body::Body;
use crate::web::serving::sitting::{Seating, Seats, Sitting};

/// Connections at once, and those of one address. More wait to be accepted:
/// whoever opens thousands must not take the file handles with which the
/// service looks at its targets: these have a quarter of all at most. Listeners
/// are counted apart.
const SEATS: usize = 1024;
const EACH: usize = 128;

/// How long a visitor may take to say what is wanted, and may then be silent.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);

/// Longest head, and the number of headers in it.
const HEAD_SIZE: usize = 16 * 1024;
const HEADERS: usize = 64;

/// How long a visitor may take to read an answer.
const READ_TIMEOUT: Duration = Duration::from_secs(30);

/// After this a connection ends with the answer in hand: who asks again and
/// again must sit down anew.
const LONGEST: Duration = Duration::from_mins(5);

/// How long answers in hand may take once we are told to stop.
const GRACE: Duration = Duration::from_secs(3);

/// After a failed accept: mostly there are no file handles left.
const PAUSE: Duration = Duration::from_millis(100);

/// Who answers: always by the newest settings, on connections that are open, too.
#[derive(Clone, Debug)]
pub enum Door {
    /// Visitors are answered.
    Public(watch::Receiver<Arc<Public>>),
    /// Operators and programs of ours are answered.
    Operators(watch::Receiver<Router>),
}

impl Door {
    /// Whether an address is that of a proxy of ours, which asks for many.
    fn is_neighbour(&self, peer: IpAddr) -> bool {
        match self {
            Self::Public(public) => public.borrow().proxies.has(&peer.to_canonical()),
            Self::Operators(_) => false,
        }
    }

    async fn answer(&self, request: Request<Incoming>, sitting: &Sitting) -> Response<Body> {
        match self {
            Self::Public(public) => {
                let newest = Arc::clone(&public.borrow());
                newest.answer(request, sitting).await
            }
            Self::Operators(routes) => {
                let request = request.map(axum::body::Body::new);
                let mut newest = routes.borrow().clone();
                let Ok(answer) = newest.call(request).await;
                answer.map(Body::Routed)
            }
        }
    }
}

/// Answers until told to stop, then finishes the answers in hand.
///
/// This process may have so many `handles`, which are not for visitors alone.
pub async fn serve(listener: TcpListener, door: Door, handles: usize, stop: CancellationToken) {
    let seats = SEATS.min(handles / 4);
    let mut seats = Seats::new(Seating { seats, each: EACH });
    let mut connections: JoinSet<Option<IpAddr>> = JoinSet::new();
    loop {
        let seat = tokio::select! {
            () = stop.cancelled() => break,
            Some(left) = connections.join_next() => {
                seats.left(left.unwrap_or_default());
                continue;
            }
            seat = seats.free() => seat,
        };
        let Some(seat) = seat else { break };
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            Some(left) = connections.join_next() => {
                seats.left(left.unwrap_or_default());
                continue;
            }
            accepted = accept(&listener) => accepted,
        };
        let Some((stream, peer)) = accepted else {
            continue;
        };
        if let Some(sitting) = seats.sit(peer, seat, door.is_neighbour(peer)) {
            connections.spawn(connection(stream, sitting, door.clone(), stop.clone()));
        }
    }
    drop(listener);
    let all = async { while connections.join_next().await.is_some() {} };
    if tokio::time::timeout(GRACE, all).await.is_err() {
        tracing::debug!("connections that did not end in time are cut");
    }
}

/// Serves a connection to its end; gives back what its address is counted by.
async fn connection(
    stream: TcpStream,
    sitting: Sitting,
    door: Door,
    stop: CancellationToken,
) -> Option<IpAddr> {
    let counted = sitting.counted();
    let sitting = &sitting;
    let door = &door;
    let service =
        service_fn(async |request| Ok::<_, Infallible>(door.answer(request, sitting).await));
    let stream = TokioIo::new(Patient::new(stream, READ_TIMEOUT));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_headers(HEADERS)
        .max_buf_size(HEAD_SIZE)
        .serve_connection(stream, service);
    let mut connection = pin!(connection);
    tokio::select! {
        // Who goes away in the middle of an answer is no fault of ours.
        _ = connection.as_mut() => return counted,
        () = stop.cancelled() => {}
        () = tokio::time::sleep(LONGEST) => {}
    }
    connection.as_mut().graceful_shutdown();
    if sitting.is_listening() {
        // Listeners end with the last word, or when they go.
        let _ = connection.await;
    } else {
        let _ = tokio::time::timeout(READ_TIMEOUT, connection).await;
    }
    counted
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
