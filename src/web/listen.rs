//! Answers on a listener: so many connections at once, and none for nothing.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// Connections at once. More wait to be accepted: whoever opens thousands must
/// not take the file handles with which the service looks at its targets.
const CONNECTIONS: usize = 512;

/// How long a visitor may take to say what is wanted, and may then be silent.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);

/// How long no connection outlives, however it behaves: whoever reads slowly, or
/// asks again and again, must sit down anew. Nothing here is longer to send.
const LONGEST: Duration = Duration::from_secs(30);

/// How long answers in hand may take once we are told to stop.
const GRACE: Duration = Duration::from_secs(3);

/// After a failed accept: mostly there are no file handles left.
const PAUSE: Duration = Duration::from_millis(100);

/// Answers until told to stop, then finishes the answers in hand.
///
/// Each request is answered by the newest routes, on connections that are open, too.
pub async fn serve(
    listener: TcpListener,
    routes: watch::Receiver<Router>,
    stop: CancellationToken,
) {
    let seats = Arc::new(Semaphore::new(CONNECTIONS));
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            Some(_) = connections.join_next() => continue,
            accepted = accept(&listener, &seats) => accepted,
        };
        let Some((stream, seat)) = accepted else {
            continue;
        };
        let routes = routes.clone();
        let service = service_fn(move |request| {
            let newest = routes.borrow().clone();
            TowerToHyperService::new(newest).call(request)
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_TIMEOUT)
            .max_headers(64)
            .max_buf_size(32 * 1024)
            .serve_connection(TokioIo::new(stream), service);
        let connection = graceful.watch(connection);
        connections.spawn(async move {
            // Who goes away in the middle of an answer is no fault of ours.
            let _ = tokio::time::timeout(LONGEST, connection).await;
            drop(seat);
        });
    }
    drop(listener);
    if tokio::time::timeout(GRACE, graceful.shutdown())
        .await
        .is_err()
    {
        tracing::debug!("connections that did not end in time are cut");
    }
}

async fn accept(
    listener: &TcpListener,
    seats: &Arc<Semaphore>,
) -> Option<(TcpStream, tokio::sync::OwnedSemaphorePermit)> {
    let seat = Arc::clone(seats).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, _)) => {
            // Small answers must not wait for more to send.
            let _ = stream.set_nodelay(true);
            Some((stream, seat))
        }
        Err(error) => {
            tracing::debug!(%error, "cannot accept a connection");
            tokio::time::sleep(PAUSE).await;
            None
        }
    }
}
