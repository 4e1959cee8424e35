//! Whom to believe when a Redis speaks TLS, and how to show who we are.

use std::sync::Arc;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};
use secrecy::ExposeSecret as _;

use crate::collect::failure::Failure;
use crate::collect::redis::settings::RedisSettings;

/// Makes the rules of a TLS connection from certificates given as PEM.
///
/// A server must always prove its name: there is no way to switch that off.
pub fn trust(settings: &RedisSettings) -> Result<Arc<ClientConfig>, Failure> {
    let fault = |words: &str| Failure::Answer(words.to_owned());
    let mut roots = RootCertStore::empty();
    match &settings.ca {
        None => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
        Some(pem) => {
            let (good, _) = roots.add_parsable_certificates(certificates(pem));
            if good == 0 {
                return Err(fault("`ca` holds no certificate; it is a file in PEM form"));
            }
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| fault(&format!("TLS cannot be set up: {error}")))?
        .with_root_certificates(roots);
    let config = match (&settings.cert, &settings.key) {
        (Some(cert), Some(key)) => {
            let key = PrivateKeyDer::from_pem_slice(key.expose_secret().as_bytes())
                .map_err(|_| fault("`key` holds no private key; it is a file in PEM form"))?;
            builder
                .with_client_auth_cert(certificates(cert), key)
                .map_err(|error| fault(&format!("`cert` and `key` do not fit: {error}")))?
        }
        _ => builder.with_no_client_auth(),
    };
    Ok(Arc::new(config))
}

fn certificates(pem: &str) -> Vec<CertificateDer<'static>> {
    CertificateDer::pem_slice_iter(pem.as_bytes())
        .filter_map(Result::ok)
        .collect()
}
