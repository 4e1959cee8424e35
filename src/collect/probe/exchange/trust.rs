//! Which certificates are trusted.

use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, Error, RootCertStore};

use crate::collect::http::certificate::Witness;

/// The authorities that are trusted.
#[derive(Clone, Debug)]
pub(crate) struct Trust {
    verifier: Arc<WebPkiServerVerifier>,
    provider: Arc<CryptoProvider>,
}

impl Trust {
    /// Trusts the authorities in a PEM text and no others; without one those of
    /// this machine, or bundled ones if it has none.
    pub(crate) fn new(ca: Option<&str>) -> Result<Self, String> {
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
    pub(crate) fn line(&self) -> Result<(Arc<ClientConfig>, Arc<Witness>), Error> {
        let witness = Arc::new(Witness::new(self.verifier.clone()));
        let config = ClientConfig::builder_with_provider(self.provider.clone())
            .with_safe_default_protocol_versions()?
            .dangerous()
            .with_custom_certificate_verifier(witness.clone())
            .with_no_client_auth();
        Ok((Arc::new(config), witness))
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
