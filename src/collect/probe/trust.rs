//! Which certificates are trusted, and until when a server's own are good.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};
use x509_parser::prelude::{FromDer as _, X509Certificate};

/// The authorities that are trusted.
#[derive(Clone, Debug)]
pub struct Trust {
    verifier: Arc<WebPkiServerVerifier>,
    provider: Arc<CryptoProvider>,
}

/// Notes a server's certificates, whether or not they are good.
#[derive(Debug)]
pub struct Witness {
    verifier: Arc<WebPkiServerVerifier>,
    /// The earliest end of all of them, in Unix seconds.
    pub expiry: OnceLock<f64>,
}

impl Trust {
    /// Trusts the authorities in a PEM text and no others; without one those of
    /// this machine, or bundled ones if it has none.
    pub fn new(ca: Option<&str>) -> Result<Self, String> {
        let roots = ca.map_or_else(|| Ok(machine()), read)?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let verifier =
            WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider.clone())
                .build()
                .map_err(|error| error.to_string())?;
        Ok(Self { verifier, provider })
    }

    /// Settings for one line, with a witness of its certificates.
    ///
    /// Nothing is resumed: a probe wants to see the certificates each time.
    pub fn line(&self) -> Result<(Arc<ClientConfig>, Arc<Witness>), Error> {
        let witness = Arc::new(Witness {
            verifier: self.verifier.clone(),
            expiry: OnceLock::new(),
        });
        let config = ClientConfig::builder_with_provider(self.provider.clone())
            .with_safe_default_protocol_versions()?
            .dangerous()
            .with_custom_certificate_verifier(witness.clone())
            .with_no_client_auth();
        Ok((Arc::new(config), witness))
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
        self.verifier
            .verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
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

/// The authorities in a PEM text.
fn read(text: &str) -> Result<RootCertStore, String> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(text.as_bytes()) {
        let added = certificate.map(|certificate| roots.add(certificate));
        if !matches!(added, Ok(Ok(()))) {
            return Err("a certificate in it cannot be read".to_owned());
        }
    }
    if roots.is_empty() {
        return Err("there is no certificate; give a PEM file".to_owned());
    }
    Ok(roots)
}

/// The authorities of this machine, or bundled ones if it has none.
fn machine() -> RootCertStore {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    }
    roots
}

/// When a certificate ends, in Unix seconds; `None` if it cannot be read.
fn end(certificate: &CertificateDer<'_>) -> Option<u64> {
    let (_, certificate) = X509Certificate::from_der(certificate).ok()?;
    u64::try_from(certificate.validity().not_after.timestamp()).ok()
}
