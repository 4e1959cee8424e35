//! The section `[mail]` of the settings: the relay that takes our mails.

use std::net::IpAddr;
use std::path::PathBuf;

use lettre::address::Address;
use lettre::message::Mailbox;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use schemars::JsonSchema;
use secrecy::SecretString;
use serde::Deserialize;
use serde::de::Error as _;

use crate::model::request::receivers::subscription::SubscriptionLimits;
use crate::model::text::shape::SecretText;

/// Connections to the relay that are open at once if the settings do not say.
///
/// With a relay that takes 50 ms for a mail, 10,000 mails take 25 s.
const CONNECTIONS: u8 = 20;

/// More connections than that make a relay suspicious.
const MOST_CONNECTIONS: u8 = 50;

/// How the connection to the relay is protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum MailTls {
    /// It begins unencrypted and must be upgraded before anything is sent.
    #[default]
    StartTls,
    /// From the first byte.
    Tls,
    /// Not at all, which is allowed on this machine only.
    None,
}

impl MailTls {
    /// The port by custom (RFC 6409, RFC 8314).
    fn port(self) -> u16 {
        match self {
            Self::StartTls => 587,
            Self::Tls => 465,
            Self::None => 25,
        }
    }
}

/// The section `[mail]`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MailSettings {
    /// The host of the relay.
    pub relay: String,
    /// Its port; by default 587, with `tls = "tls"` 465.
    port: Option<u16>,
    /// How the connection is protected.
    #[serde(default)]
    pub tls: MailTls,
    /// Certificates of a private authority, as PEM; no other is trusted then.
    pub ca: Option<String>,
    /// The user for authentication.
    pub username: Option<String>,
    /// The password of that user.
    #[schemars(with = "Option<SecretText>")]
    pub password: Option<SecretString>,
    /// The sender.
    #[serde(deserialize_with = "mailbox")]
    #[schemars(with = "String")]
    pub from: Mailbox,
    /// The address for replies.
    #[serde(default, deserialize_with = "some_mailbox")]
    #[schemars(with = "Option<String>")]
    pub reply_to: Option<Mailbox>,
    /// Maximum number of concurrent connections to the relay.
    #[serde(default = "connections")]
    pub connections: u8,
    /// The domain of the header `List-Id`; by default the domain of `from`.
    list_domain: Option<String>,
    /// A Maildir with the mail to the sender, to read bounces from.
    pub bounces: Option<PathBuf>,
    /// Limits for subscriptions.
    #[serde(default)]
    pub limits: SubscriptionLimits,
}

impl MailSettings {
    /// The port of the relay.
    pub fn port(&self) -> u16 {
        self.port.unwrap_or_else(|| self.tls.port())
    }

    /// The domain in which our messages and our list have their names: the one of the
    /// sender, if the settings do not say.
    pub fn list_domain(&self) -> &str {
        let own = self.from.email.domain();
        self.list_domain.as_deref().unwrap_or(own)
    }

    /// Every fault that a type cannot rule out, with the key of its place.
    pub fn faults(&self) -> Vec<(&'static str, String)> {
        let mut faults = Vec::new();
        let mut fault = |key, message: &str| faults.push((key, message.to_owned()));
        if !is_host(&self.relay) {
            fault(
                "relay",
                "write the host alone, as in `smtp.example.org`; `port` and `tls` have keys of \
                 their own",
            );
        }
        if self.tls == MailTls::None && !is_loopback(&self.relay) {
            fault(
                "tls",
                "without TLS everybody on the way reads the mails; `none` is for a relay on this \
                 machine, write `starttls` or `tls`",
            );
        }
        if self.username.is_some() != self.password.is_some() {
            fault(
                "username",
                "`username` and `password` belong together; a relay without authentication needs \
                 neither",
            );
        }
        if !(1..=MOST_CONNECTIONS).contains(&self.connections) {
            fault("connections", "write a number from 1 to 50");
        }
        if self.list_domain.as_deref().is_some_and(|it| !is_host(it)) {
            fault("list_domain", "write a domain, as in `example.org`");
        }
        if self.bounces.as_ref().is_some_and(|it| !it.is_absolute()) {
            fault(
                "bounces",
                "write the whole path of a Maildir, as in `/var/mail/status`",
            );
        }
        if let Some((key, message)) = self.limits.fault() {
            faults.push((key, message.to_owned()));
        }
        let mut fault = |key, message: &str| faults.push((key, message.to_owned()));
        if self.ca.as_deref().is_some_and(holds_no_certificate) {
            fault("ca", "there is no certificate; give a PEM file");
        }
        faults
    }
}

/// Reads an address for a person who wrote it.
///
/// # Errors
///
/// Fails for what is no address, with the way out.
pub(crate) fn address(text: &str) -> Result<Address, String> {
    let parsed = text.trim().parse();
    parsed.map_err(|_| "this is not an address; write one as in `team@example.org`".to_owned())
}

fn connections() -> u8 {
    CONNECTIONS
}

fn mailbox<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Mailbox, D::Error> {
    let text = String::deserialize(from)?;
    let parsed = text.parse();
    parsed.map_err(|_| {
        D::Error::custom(
            "this is not a sender; write `status@example.org` or `Example <status@example.org>`",
        )
    })
}

fn some_mailbox<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Mailbox>, D::Error> {
    mailbox(from).map(Some)
}

/// Whether a text is a name or an address of a host, and nothing more.
fn is_host(text: &str) -> bool {
    let is_name = |text: &str| {
        let is_label = |label: &str| {
            let is_good = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
            !label.is_empty() && label.bytes().all(is_good)
        };
        text.split('.').all(is_label)
    };
    text.parse::<IpAddr>().is_ok() || is_name(text)
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn holds_no_certificate(pem: &str) -> bool {
    let mut found = CertificateDer::pem_slice_iter(pem.as_bytes());
    !found.any(|certificate| certificate.is_ok())
}
