//! Opens a TCP line, with TLS or without, and may say and hear something.

use schemars::JsonSchema;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::collect::failure::cause::Failure;
use crate::collect::probe::address::host_and_port;
use crate::collect::probe::exchange::connection::{Dialler, ProbeStream};
use crate::collect::probe::expect::pattern::BytePattern;
use crate::collect::probe::fault::{self, SettingsFault};
use crate::collect::probe::http::authority;
use crate::collect::probe::report::ProbeReport;
use crate::model::text::shape::SecretText;

/// Bytes of an answer that are looked at unless the settings say otherwise.
const LIMIT: usize = 16 * 1024;

/// How to write an address.
const WORDS: &str = "write the address as `host:port`, an IPv6 one as `[::1]:port`";

/// A `[[collector]]` of `type = "tcp"`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TcpSettings {
    /// Host and port.
    address: String,
    /// Whether to use TLS.
    #[serde(default)]
    tls: bool,
    /// Text to send once the connection is open.
    #[schemars(with = "Option<SecretText>")]
    send: Option<SecretString>,
    /// A regular expression that the response must match.
    expect: Option<BytePattern>,
    /// Trusted certificate authorities instead of this machine's, as PEM.
    ca: Option<String>,
    /// Maximum number of bytes to read from the response.
    limit: Option<usize>,
    /// Whether to check critwatch's own network before blaming the target.
    pub(crate) reference: Option<bool>,
}

impl TcpSettings {
    /// What is wrong with them.
    pub(crate) fn faults(&self) -> Vec<SettingsFault> {
        let mut faults = Vec::new();
        if host_and_port(&self.address).is_none() {
            faults.push(SettingsFault::new("address", WORDS));
        }
        if self.ca.is_some() && !self.tls {
            faults.push(SettingsFault::new(
                "ca",
                "this is for TLS; set `tls = true` as well",
            ));
        }
        faults.extend(fault::limit(self.limit));
        faults.extend(authority(self.ca.as_deref()));
        faults
    }
}

/// A line that is opened.
#[derive(Debug)]
pub(crate) struct TcpProbe {
    settings: TcpSettings,
    host: String,
    port: u16,
    dialler: Dialler,
}

impl TcpProbe {
    /// Reads the address; connects when asked.
    pub(crate) fn new(settings: TcpSettings) -> Result<Self, Failure> {
        let (host, port) =
            host_and_port(&settings.address).ok_or_else(|| Failure::Answer(WORDS.to_owned()))?;
        let dialler = Dialler::new(settings.ca.as_deref());
        Ok(Self {
            settings,
            host,
            port,
            dialler,
        })
    }

    /// What opens its lines.
    pub(crate) fn dialler(&mut self) -> &mut Dialler {
        &mut self.dialler
    }

    /// The host that is asked.
    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    /// Opens the line once, and hears what is expected.
    pub(crate) async fn attempt(&mut self, report: &mut ProbeReport) -> Result<(), Failure> {
        report.flag("probe_failed_due_to_regex", false);
        let secure = self.settings.tls;
        let line = self.dialler.dial(&self.host, self.port, secure, report);
        let mut line = line.await?;
        report.answered = true;
        if let Some(words) = &self.settings.send {
            let sent = line.write_all(words.expose_secret().as_bytes()).await;
            sent.map_err(|error| Failure::Reach("cannot send", error))?;
            let flushed = line.flush().await;
            flushed.map_err(|error| Failure::Reach("cannot send", error))?;
        }
        if let Some(pattern) = &self.settings.expect {
            // Until it is heard: what comes too late was not heard either.
            report.flag("probe_failed_due_to_regex", true);
            let limit = self.settings.limit.unwrap_or(LIMIT);
            receive(&mut line, pattern, limit).await?;
            report.flag("probe_failed_due_to_regex", false);
        }
        // Saying goodbye is good manners, and no matter if it fails.
        let _ = line.shutdown().await;
        Ok(())
    }
}

/// Reads until the pattern is found, in at most so many bytes.
async fn receive(
    line: &mut ProbeStream,
    pattern: &BytePattern,
    limit: usize,
) -> Result<(), Failure> {
    let mut received = Vec::new();
    let mut rest = line.take(u64::try_from(limit).unwrap_or(u64::MAX));
    loop {
        let count = rest.read_buf(&mut received).await;
        if pattern.is_in(&received) {
            return Ok(());
        }
        let words = match count {
            Ok(0) if received.len() == limit => "`expect` is not found within the `limit`",
            Ok(0) => "it hung up before `expect` was found",
            Ok(_) => continue,
            Err(error) => return Err(Failure::Reach("cannot read", error)),
        };
        return Err(Failure::Answer(words.to_owned()));
    }
}
