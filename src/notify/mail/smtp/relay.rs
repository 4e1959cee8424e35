//! The relay that takes our mails, by lettre.

use std::error::Error as _;
use std::time::Duration;

use lettre::address::Envelope;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, CertificateStore, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::{Error, PoolConfig};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use secrecy::ExposeSecret as _;

use crate::model::text::causes::with_causes;
use crate::notify::mail::smtp::answer::RelayAnswer;
use crate::notify::mail::smtp::settings::{MailSettings, MailTls};

/// No command may take longer.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(20);

/// No mail may take longer, from the connection to the answer.
const MAIL_TIMEOUT: Duration = Duration::from_mins(1);

/// The relay that takes our mails, with its connections.
#[derive(Clone, Debug)]
pub(crate) struct Relay(AsyncSmtpTransport<Tokio1Executor>);

impl Relay {
    /// Prepares connections; none is opened before there is a mail.
    pub(crate) fn new(settings: &MailSettings) -> Result<Self, Error> {
        let tls = match settings.tls {
            MailTls::StartTls => Tls::Required(trust(settings)?),
            MailTls::Tls => Tls::Wrapper(trust(settings)?),
            MailTls::None => Tls::None,
        };
        let name = settings.from.email.domain().to_owned();
        let builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&settings.relay)
            .port(settings.port())
            .tls(tls)
            .hello_name(ClientId::Domain(name))
            .timeout(Some(COMMAND_TIMEOUT))
            .pool_config(PoolConfig::new().max_size(settings.connections.into()));
        let builder = match (&settings.username, &settings.password) {
            (Some(name), Some(password)) => {
                let password = password.expose_secret().to_owned();
                builder.credentials(Credentials::new(name.clone(), password))
            }
            _ => builder,
        };
        Ok(Self(builder.build()))
    }

    /// Hands a mail to the relay.
    pub(crate) async fn send(&self, mail: &Message) -> RelayAnswer {
        let bytes = mail.formatted();
        let sent = self.0.send_raw(mail.envelope(), &bytes);
        match tokio::time::timeout(MAIL_TIMEOUT, sent).await {
            Ok(Ok(_)) => RelayAnswer::Taken,
            Ok(Err(error)) => answer(&error, mail.envelope()),
            Err(_) => {
                let seconds = MAIL_TIMEOUT.as_secs();
                RelayAnswer::Unknown(format!("no answer of the relay within {seconds} s"))
            }
        }
    }

    /// Connects and logs in, and sends nothing; the error says why not.
    pub(crate) async fn greet(&self) -> Result<(), String> {
        let greeted = tokio::time::timeout(MAIL_TIMEOUT, self.0.test_connection()).await;
        match greeted {
            Ok(Ok(true)) => Ok(()),
            Ok(Ok(false)) => Err("the relay hangs up".to_owned()),
            Ok(Err(error)) => Err(with_causes(&error)),
            Err(_) => Err(format!(
                "no answer of the relay within {} s",
                MAIL_TIMEOUT.as_secs()
            )),
        }
    }

    /// Ends the connections.
    pub(crate) async fn close(&self) {
        self.0.shutdown().await;
    }
}

/// Whom to believe: the authority of the settings alone, if there is one.
fn trust(settings: &MailSettings) -> Result<TlsParameters, Error> {
    let parameters = TlsParameters::builder(settings.relay.clone());
    let Some(pem) = &settings.ca else {
        let machine = parameters.clone().build_rustls()?;
        let is_bare = rustls_native_certs::load_native_certs().certs.is_empty();
        if !is_bare {
            return Ok(machine);
        }
        // A machine without certificates gets bundled ones.
        let bundled = parameters.certificate_store(CertificateStore::WebpkiRoots);
        return bundled.build_rustls();
    };
    parameters
        .certificate_store(CertificateStore::None)
        .add_root_certificate(Certificate::from_pem(pem.as_bytes())?)
        .build_rustls()
}

/// What an error means.
fn answer(error: &Error, envelope: &Envelope) -> RelayAnswer {
    if let Some(code) = error.status() {
        let text = error.source().map(ToString::to_string);
        return RelayAnswer::of(code.into(), &text.unwrap_or_default());
    }
    let reason = error.to_string();
    // Nothing else tells a connection that was never made from one that broke.
    let is_unsent = reason.starts_with("Connection error");
    let mut addresses = envelope.to().iter();
    let is_international = addresses.any(|address| !address.to_string().is_ascii());
    if error.is_client() && is_international {
        RelayAnswer::Refused(reason)
    } else if error.is_client() || error.is_tls() || error.is_transport_shutdown() || is_unsent {
        RelayAnswer::Trouble(format!("no mail can be handed over: {reason}"))
    } else {
        RelayAnswer::Unknown(format!("the connection to the relay broke: {reason}"))
    }
}
