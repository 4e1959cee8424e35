//! Opens a WebSocket, may send a message, and waits for the one expected.

use std::time::Duration;

use axum::body::Bytes;
use futures_util::{SinkExt as _, StreamExt as _};
use hyper::header::AUTHORIZATION;
use schemars::JsonSchema;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::handshake::client::Request;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

use crate::collect::failure::cause::Failure;
use crate::collect::probe::address::ProbeAddress;
use crate::collect::probe::exchange::connection::{Dialler, ProbeStream};
use crate::collect::probe::exchange::request::BODY_LIMIT;
use crate::collect::probe::expect::headers::{Headers, put};
use crate::collect::probe::expect::pattern::BytePattern;
use crate::collect::probe::expect::template::Values;
use crate::collect::probe::fault::{self, SettingsFault};
use crate::collect::probe::http::authority;
use crate::collect::probe::report::ProbeReport;
use crate::model::text::shape::SecretText;

/// The schemes that open a WebSocket.
const SCHEMES: [&str; 2] = ["ws", "wss"];

/// What our ping carries, so that its pong is known.
const PING: &[u8] = b"critwatch";

/// How long a goodbye may take: it is good manners, and no part of the verdict.
const GOODBYE: Duration = Duration::from_millis(200);

/// A `[[collector]]` of `type = "websocket"`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WebsocketSettings {
    /// The address.
    #[schemars(with = "SecretText")]
    pub(crate) url: SecretString,
    /// Headers of the opening request.
    #[serde(default)]
    headers: Headers,
    /// A text message to send.
    #[schemars(with = "Option<SecretText>")]
    send: Option<SecretString>,
    /// A regular expression for a received message; without it the server must answer a ping.
    expect: Option<BytePattern>,
    /// Trusted certificate authorities instead of this machine's, as PEM.
    ca: Option<String>,
    /// Maximum size of a message in bytes.
    limit: Option<usize>,
    /// Whether to check critwatch's own network before blaming the target.
    pub(crate) reference: Option<bool>,
}

impl WebsocketSettings {
    /// What is wrong with them.
    pub(crate) fn faults(&self) -> Vec<SettingsFault> {
        let mut faults = self.headers.faults();
        if let Err(message) = ProbeAddress::parse(self.url.expose_secret(), SCHEMES) {
            faults.push(SettingsFault::new("url", message));
        }
        faults.extend(fault::limit(self.limit));
        faults.extend(authority(self.ca.as_deref()));
        faults
    }
}

/// A WebSocket that is opened.
#[derive(Debug)]
pub(crate) struct WebsocketProbe {
    settings: WebsocketSettings,
    address: ProbeAddress,
    dialler: Dialler,
}

impl WebsocketProbe {
    /// Reads the address; connects when asked.
    pub(crate) fn new(settings: WebsocketSettings) -> Result<Self, Failure> {
        let address =
            ProbeAddress::parse(settings.url.expose_secret(), SCHEMES).map_err(Failure::Answer)?;
        let dialler = Dialler::new(settings.ca.as_deref());
        Ok(Self {
            settings,
            address,
            dialler,
        })
    }

    /// What opens its lines.
    pub(crate) fn dialler(&mut self) -> &mut Dialler {
        &mut self.dialler
    }

    /// The host that is asked.
    pub(crate) fn host(&self) -> &str {
        self.address.host()
    }

    /// Opens it once, and hears what is expected.
    pub(crate) async fn attempt(&mut self, report: &mut ProbeReport) -> Result<(), Failure> {
        report.flag("probe_failed_due_to_regex", false);
        report.flag("probe_is_upgraded", false);
        report.set("probe_http_status_code", [], 0.0);
        let request = self.request()?;
        let address = &self.address;
        let line = self
            .dialler
            .dial(address.host(), address.port(), address.is_secure(), report)
            .await?;
        let limit = self.settings.limit.unwrap_or(BODY_LIMIT);
        let limits = WebSocketConfig::default()
            .max_message_size(Some(limit))
            .max_frame_size(Some(limit));
        let opened = client_async_with_config(request, line, Some(limits)).await;
        let (mut socket, status) = match opened {
            Ok((socket, response)) => (socket, response.status()),
            Err(Error::Http(response)) => {
                report.answered = true;
                let status = response.status();
                report.set("probe_http_status_code", [], f64::from(status.as_u16()));
                let path = "the request to open a WebSocket".to_owned();
                return Err(Failure::Status { path, status });
            }
            Err(error) => return Err(no_socket(&error)),
        };
        report.answered = true;
        report.flag("probe_is_upgraded", true);
        report.set("probe_http_status_code", [], f64::from(status.as_u16()));
        if let Some(words) = &self.settings.send {
            let message = Message::text(words.expose_secret());
            socket
                .send(message)
                .await
                .map_err(|error| no_socket(&error))?;
        }
        let expected = self.settings.expect.as_ref();
        report.flag("probe_failed_due_to_regex", expected.is_some());
        receive(&mut socket, expected).await?;
        report.flag("probe_failed_due_to_regex", false);
        let _ = tokio::time::timeout(GOODBYE, goodbye(socket)).await;
        Ok(())
    }

    fn request(&self) -> Result<Request, Failure> {
        let address = &self.address;
        let scheme = if address.is_secure() { "wss" } else { "ws" };
        let bare = format!("{scheme}://{}{}", address.authority(), address.target());
        let mut request = bare
            .into_client_request()
            .map_err(|error| no_socket(&error))?;
        let headers = request.headers_mut();
        self.settings.headers.write(headers, &Values::default())?;
        if let Some(login) = address.login() {
            put(headers, AUTHORIZATION, &login)?;
        }
        Ok(request)
    }
}

/// Waits for the message expected, or for the pong of a ping.
async fn receive(
    socket: &mut WebSocketStream<ProbeStream>,
    expected: Option<&BytePattern>,
) -> Result<(), Failure> {
    if expected.is_none() {
        let ping = Message::Ping(Bytes::from_static(PING));
        socket.send(ping).await.map_err(|error| no_socket(&error))?;
    }
    while let Some(message) = socket.next().await {
        let is_it = match (message.map_err(|error| no_socket(&error))?, expected) {
            (Message::Text(text), Some(pattern)) => pattern.is_in(text.as_bytes()),
            (Message::Pong(bytes), None) => bytes == PING,
            (Message::Close(_), _) => break,
            _ => false,
        };
        if is_it {
            return Ok(());
        }
    }
    let words = "it was closed before the answer came";
    Err(Failure::Answer(words.to_owned()))
}

/// Closes from both sides, as RFC 6455 asks for.
async fn goodbye(mut socket: WebSocketStream<ProbeStream>) {
    if socket.close(None).await.is_ok() {
        while let Some(Ok(_)) = socket.next().await {}
    }
}

fn no_socket(error: &Error) -> Failure {
    Failure::Answer(format!("no WebSocket: {error}"))
}
