//! What a server's certificates say: until when they are good, and why they are not.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{DigitallySignedStruct, Error, SignatureScheme};
use webpki::{EndEntityCert, KeyUsage};

use crate::collect::failure::reason;

/// Notes a server's certificates, whether or not they are good.
#[derive(Debug)]
pub(crate) struct Witness {
    verifier: Arc<WebPkiServerVerifier>,
    /// The earliest end of all of them, in Unix seconds.
    pub(crate) expiry: OnceLock<f64>,
    /// Why they were refused, where the library lacks the words.
    pub(crate) fault: OnceLock<String>,
}

impl Witness {
    /// Lets a verifier decide.
    pub(crate) fn new(verifier: Arc<WebPkiServerVerifier>) -> Self {
        Self {
            verifier,
            expiry: OnceLock::new(),
            fault: OnceLock::new(),
        }
    }
}

impl ServerCertVerifier for Witness {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let all = std::iter::once(end_entity).chain(intermediates);
        if let Some(earliest) = all.filter_map(end).min() {
            // A second look at the same certificates says the same.
            let _ = self.expiry.set(Duration::from_secs(earliest).as_secs_f64());
        }
        let verified = self.verifier.verify_server_cert(
            end_entity,
            intermediates,
            server_name,
            ocsp_response,
            now,
        );
        if let Err(error) = &verified
            && let Some(words) = reason::of_tls(error, is_self_signed(end_entity))
        {
            let _ = self.fault.set(words);
        }
        verified
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.verifier.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.verifier.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.verifier.supported_verify_schemes()
    }
}

/// When a certificate ends, in Unix seconds; `None` if it cannot be read.
fn end(certificate: &CertificateDer<'_>) -> Option<u64> {
    let certificate = EndEntityCert::try_from(certificate).ok()?;
    // The library does not give the date away, but at the end of time it says that it
    // is over, before it looks who signed.
    let end_of_time = UnixTime::since_unix_epoch(Duration::MAX);
    let usage = KeyUsage::server_auth();
    match certificate.verify_for_usage(&[], &[], &[], end_of_time, usage, None, None) {
        Err(webpki::Error::CertExpired { not_after, .. }) => Some(not_after.as_secs()),
        Ok(_) | Err(_) => None,
    }
}

/// Whether a certificate names itself as its issuer.
fn is_self_signed(certificate: &CertificateDer<'_>) -> bool {
    EndEntityCert::try_from(certificate)
        .is_ok_and(|certificate| certificate.issuer() == certificate.subject())
}
