//! A line to a target, fresh each time: name looked up, TCP, TLS.

use std::io;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs as _};
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::select_ok;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_util::either::Either;

use crate::collect::failure::cause::Failure;
use crate::collect::http::certificate::Witness;
use crate::collect::probe::exchange::trust::Trust;
use crate::collect::probe::report::{ProbeReport, Stopwatch};

/// A name may have more addresses; so many are tried.
const MAX_ADDRESSES: usize = 8;

/// How long an address may take before the next is tried beside it (RFC 8305).
const HEAD_START: Duration = Duration::from_millis(250);

/// A plain line or a TLS one.
pub(crate) type ProbeStream = Either<TcpStream, Box<TlsStream<TcpStream>>>;

/// Opens lines for one probe.
#[derive(Debug, Default)]
pub(crate) struct Dialler {
    ca: Option<String>,
    trust: Option<Trust>,
    lookup: Option<(String, JoinHandle<io::Result<Vec<SocketAddr>>>)>,
}

impl Dialler {
    /// Trusts the authorities in a PEM text, or those of this machine.
    pub(crate) fn new(ca: Option<&str>) -> Self {
        Self {
            ca: ca.map(str::to_owned),
            ..Self::default()
        }
    }

    /// Shares what was read already, unless it has authorities of its own.
    pub(crate) fn trust(&mut self, trust: &Trust) {
        if self.ca.is_none() {
            self.trust = Some(trust.clone());
        }
    }

    /// Opens a line and reports how long each part took.
    pub(crate) async fn dial(
        &mut self,
        host: &str,
        port: u16,
        secure: bool,
        report: &mut ProbeReport,
    ) -> Result<ProbeStream, Failure> {
        let before = report.phases.resolve;
        let addresses = {
            let _watch = Stopwatch::start(&mut report.phases.resolve);
            self.resolve(host, port).await
        };
        let took = report.phases.resolve.saturating_sub(before);
        report.set("probe_dns_lookup_time_seconds", [], took.as_secs_f64());
        let addresses =
            addresses.map_err(|error| Failure::Reach("the name is not found", error))?;
        let stream = {
            let _watch = Stopwatch::start(&mut report.phases.connect);
            connect(addresses).await
        };
        let stream = stream.map_err(|error| Failure::Reach("cannot connect", error))?;
        if let Ok(address) = stream.peer_addr() {
            let version = if address.is_ipv4() { 4.0 } else { 6.0 };
            report.set("probe_ip_protocol", [], version);
        }
        if !secure {
            return Ok(Either::Left(stream));
        }
        let (config, witness) = self.tls()?;
        let stream = {
            let _watch = Stopwatch::start(&mut report.phases.tls);
            let name = ServerName::try_from(host.to_owned()).map_err(io::Error::other);
            match name {
                Ok(name) => TlsConnector::from(config).connect(name, stream).await,
                Err(error) => Err(error),
            }
        };
        // An expired certificate is no good line, but its end is worth knowing.
        if let Some(expiry) = witness.expiry.get() {
            report.answered = true;
            report.set("probe_ssl_earliest_cert_expiry", [], *expiry);
        }
        match stream {
            Ok(stream) => Ok(Either::Right(Box::new(stream))),
            Err(error) => Err(match witness.fault.get() {
                Some(words) => Failure::Answer(format!("no TLS: {words}")),
                None => Failure::Reach("no TLS", error),
            }),
        }
    }

    /// Looks a name up, and never twice at once: a lookup that outlives its
    /// probe holds a thread, and is waited for by the next.
    async fn resolve(&mut self, host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        if let Ok(ip) = host.parse::<IpAddr>() {
            return Ok(vec![SocketAddr::new(ip, port)]);
        }
        let name = format!("{host}:{port}");
        loop {
            let (of, lookup) = self.lookup.get_or_insert_with(|| {
                let name = name.clone();
                let asked = name.clone();
                let look = move || Ok(asked.to_socket_addrs()?.take(MAX_ADDRESSES).collect());
                (name, tokio::task::spawn_blocking(look))
            });
            let found = lookup.await;
            let is_ours = *of == name;
            self.lookup = None;
            if is_ours {
                return found.map_err(io::Error::other)?;
            }
        }
    }

    fn tls(&mut self) -> Result<(Arc<ClientConfig>, Arc<Witness>), Failure> {
        // Read once: a machine has more than a hundred authorities.
        let trust = self.trust.take();
        let trust = trust.map_or_else(|| Trust::new(self.ca.as_deref()), Ok);
        let trust = trust.map_err(Failure::Answer)?;
        let line = trust.line();
        self.trust = Some(trust);
        line.map_err(|error| Failure::Answer(format!("no TLS: {error}")))
    }
}

/// Connects to the first address that lets us.
async fn connect(addresses: Vec<SocketAddr>) -> io::Result<TcpStream> {
    let tries = addresses.into_iter().zip(0..).map(|(address, place)| {
        Box::pin(async move {
            tokio::time::sleep(HEAD_START * place).await;
            TcpStream::connect(address).await
        })
    });
    let tries: Vec<_> = tries.collect();
    if tries.is_empty() {
        return Err(io::Error::from(io::ErrorKind::NotFound));
    }
    Ok(select_ok(tries).await?.0)
}
