//! Asks the service from outside, as its users do.

pub mod address;
pub mod exchange;
pub mod expect;
pub mod fault;
pub mod http;
pub mod network;
pub mod report;
pub mod step;
pub mod steps;
pub mod tcp;
pub mod websocket;

use std::time::{Duration, Instant};

use crate::collect::failure::cause::Failure;
use crate::collect::probe::address::is_loopback;
use crate::collect::probe::exchange::trust::Trust;
use crate::collect::probe::http::HttpProbe;
use crate::collect::probe::network::Network;
use crate::collect::probe::report::ProbeReport;
use crate::collect::probe::steps::StepsProbe;
use crate::collect::probe::tcp::TcpProbe;
use crate::collect::probe::websocket::WebsocketProbe;
use crate::model::sample::Sample;

/// What is known while our own network is down.
const SAID_BLINDLY: [&str; 3] = ["up", "probe_duration_seconds", "probe_network_up"];

/// A way to ask from outside.
#[derive(Debug)]
pub(crate) enum ProbeKind {
    /// One HTTP request.
    Http(HttpProbe),
    /// A TCP line.
    Tcp(TcpProbe),
    /// A WebSocket.
    Websocket(WebsocketProbe),
    /// Several HTTP requests.
    Steps(StepsProbe),
}

/// Asks one target in its way, each time over fresh lines.
#[derive(Debug)]
pub struct Probe {
    way: ProbeKind,
    network: Option<Network>,
}

impl Probe {
    /// Starts to ask in a way.
    pub(crate) fn new(way: ProbeKind) -> Self {
        Self { way, network: None }
    }

    /// Shares the authorities of this machine, which are more than a hundred.
    #[must_use]
    pub(crate) fn with_trust(mut self, trust: &Trust) -> Self {
        let dialler = match &mut self.way {
            ProbeKind::Http(probe) => probe.dialler(),
            ProbeKind::Tcp(probe) => probe.dialler(),
            ProbeKind::Websocket(probe) => probe.dialler(),
            ProbeKind::Steps(probe) => probe.dialler(),
        };
        dialler.trust(trust);
        self
    }

    /// Blames a target elsewhere only while our own network is up.
    ///
    /// This machine's own loopback is no matter of the network.
    #[must_use]
    pub(crate) fn with_network(mut self, network: &Network, wish: Option<bool>) -> Self {
        let host = match &self.way {
            ProbeKind::Http(probe) => probe.host(),
            ProbeKind::Tcp(probe) => probe.host(),
            ProbeKind::Websocket(probe) => probe.host(),
            ProbeKind::Steps(probe) => probe.host(),
        };
        let asks = wish.unwrap_or_else(|| !is_loopback(host));
        self.network = asks.then(|| network.clone());
        self
    }

    /// Asks once, for no longer than `within`; only if no answer came, a look
    /// at our own network follows.
    pub(crate) async fn take(&mut self, within: Duration) -> (Vec<Sample>, Option<Failure>) {
        let start = Instant::now();
        let deadline = tokio::time::Instant::now() + within;
        let mut report = ProbeReport::default();
        let attempt = self.attempt(deadline, &mut report);
        let result = tokio::time::timeout_at(deadline, attempt).await;
        let mut failure = result.unwrap_or(Err(Failure::Timeout)).err();
        let took = start.elapsed().as_secs_f64();
        report.set("probe_duration_seconds", [], took);
        if matches!(self.way, ProbeKind::Http(_)) {
            report.tell_answer();
            report.tell_phases();
        }
        report.flag("up", report.answered);
        let is_blind = match &self.network {
            Some(network) => {
                let is_up = failure.is_none() || report.answered || network.is_up().await;
                report.flag("probe_network_up", is_up);
                !is_up
            }
            None => false,
        };
        // Law 7: what our own network hides is unknown, not bad.
        if is_blind {
            let is_reported = |sample: &Sample| SAID_BLINDLY.contains(&&*sample.metric.name);
            report.samples.retain(is_reported);
            let words = "our own network is down: no reference address answers";
            failure = Some(Failure::Answer(words.to_owned()));
        } else {
            report.flag("probe_success", failure.is_none());
        }
        (report.samples, failure)
    }

    async fn attempt(
        &mut self,
        deadline: tokio::time::Instant,
        report: &mut ProbeReport,
    ) -> Result<(), Failure> {
        match &mut self.way {
            ProbeKind::Http(probe) => probe.attempt(report).await,
            ProbeKind::Tcp(probe) => probe.attempt(report).await,
            ProbeKind::Websocket(probe) => probe.attempt(report).await,
            ProbeKind::Steps(probe) => probe.attempt(deadline, report).await,
        }
    }
}
