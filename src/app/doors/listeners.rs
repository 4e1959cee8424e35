//! Where we answer: visitors, operators, and those who push from outside.

use std::net::SocketAddr;

use anyhow::Context as _;
use axum::{Router, middleware};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tower::util::MapResponseLayer;

use crate::app::metrics::OwnMetrics;
use crate::app::paths::Paths;
use crate::runtime::limits;
use crate::runtime::tasks::{Tasks, ending};
use crate::web::serving::connections::listen::{self, Listener};
use crate::web::serving::metrics;
use crate::web::serving::response::security_headers::SecurityHeaders;

/// The listeners, which no other settings change.
#[derive(Debug)]
pub(crate) struct BoundListeners {
    page: TcpListener,
    ops: TcpListener,
    push: Option<TcpListener>,
}

/// Their addresses, once ports are chosen.
#[derive(Clone, Copy, Debug)]
pub struct ListenAddresses {
    /// Where the public page answers.
    pub page: SocketAddr,
    /// Where operators ask.
    pub ops: SocketAddr,
    /// Where is pushed from outside, if anywhere.
    pub push: Option<SocketAddr>,
}

/// What answers on each.
#[derive(Debug)]
pub(crate) struct Answering {
    /// Visitors.
    pub(crate) page: Listener,
    /// Operators.
    pub(crate) ops: Listener,
    /// Those who push from outside.
    pub(crate) push: Listener,
}

impl BoundListeners {
    /// Opens them.
    pub(crate) fn open(places: &Paths, push: Option<SocketAddr>) -> anyhow::Result<Self> {
        Ok(Self {
            page: bind(places.listen, "`--listen`")?,
            ops: bind(places.ops_listen, "`--ops-listen`")?,
            push: push
                .map(|address| bind(address, "`listen` in `[push]`"))
                .transpose()?,
        })
    }

    /// Where they are.
    pub(crate) fn addresses(&self) -> std::io::Result<ListenAddresses> {
        let push = self.push.as_ref().map(TcpListener::local_addr);
        Ok(ListenAddresses {
            page: self.page.local_addr()?,
            ops: self.ops.local_addr()?,
            push: push.transpose()?,
        })
    }

    /// Answers until stopped.
    pub(crate) fn start(self, tasks: &mut Tasks, answering: Answering, stop: &CancellationToken) {
        let handles = limits::handles();
        let mut serve = |name: &str, listener, routes| {
            let served = listen::serve(listener, routes, handles, stop.clone());
            tasks.start(name, ending(served));
        };
        serve("page", self.page, answering.page);
        serve("operators", self.ops, answering.ops);
        if let Some(push) = self.push {
            serve("pushes", push, answering.push);
        }
    }
}

/// The same for clients only: no page may embed or keep it, and it is counted.
pub(crate) fn closed(routes: Router, own: &OwnMetrics) -> Router {
    let guard = SecurityHeaders::closed(false);
    let requests = own.requests.clone();
    routes
        .layer(middleware::from_fn_with_state(requests, metrics::count))
        .layer(MapResponseLayer::new(move |answer| guard.apply(answer)))
}

/// Opens a listener; `setting` names what says where it is.
fn bind(address: SocketAddr, setting: &str) -> anyhow::Result<TcpListener> {
    listen::bind(address)
        .with_context(|| format!("cannot listen on {address}; {setting} takes another address"))
}
