//! Whom to believe when a Redis speaks TLS, and how to show who we are.

use std::fmt;
use std::sync::Arc;

use rustls::client::{ResolvesClientCert, WebPkiServerVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};
use secrecy::ExposeSecret as _;

use crate::collect::failure::cause::Failure;
use crate::collect::http::certificate::Witness;
use crate::collect::probe::fault::SettingsFault;
use crate::collect::redis::settings::RedisSettings;

/// How TLS connections to one Redis are opened.
#[derive(Clone)]
pub(crate) struct Handshake {
    provider: Arc<CryptoProvider>,
    verifier: Arc<WebPkiServerVerifier>,
    ours: Arc<dyn ResolvesClientCert>,
}

impl fmt::Debug for Handshake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

impl Handshake {
    /// Reads certificates that are given as PEM.
    ///
    /// A server must always prove its name: there is no way to switch that off.
    pub(crate) fn new(settings: &RedisSettings) -> Result<Self, Failure> {
        let fault = |words: &str| Failure::Answer(words.to_owned());
        let unusable = |error: &dyn fmt::Display| fault(&format!("TLS cannot be set up: {error}"));
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
        let verifier =
            WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider.clone())
                .build()
                .map_err(|error| unusable(&error))?;
        let builder = ClientConfig::builder_with_provider(provider.clone())
            .with_safe_default_protocol_versions()
            .map_err(|error| unusable(&error))?
            .with_webpki_verifier(verifier.clone());
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
        Ok(Self {
            provider,
            verifier,
            ours: config.client_auth_cert_resolver,
        })
    }

    /// Settings for one connection, with a witness of the server's certificates.
    pub(crate) fn line(&self) -> Result<(Arc<ClientConfig>, Arc<Witness>), rustls::Error> {
        let witness = Arc::new(Witness::new(self.verifier.clone()));
        let config = ClientConfig::builder_with_provider(self.provider.clone())
            .with_safe_default_protocol_versions()?
            .dangerous()
            .with_custom_certificate_verifier(witness.clone())
            .with_client_cert_resolver(self.ours.clone());
        Ok((Arc::new(config), witness))
    }
}

/// Which of the files is none in PEM form, at its own key.
pub(crate) fn unreadable(settings: &RedisSettings) -> Option<SettingsFault> {
    let url = settings.url.as_ref()?.expose_secret();
    if !url.starts_with("rediss:") {
        return None;
    }
    let has_none = |pem: &&String| certificates(pem).is_empty();
    let without = |key: &str, given: &Option<String>| {
        let fault = || SettingsFault::new(key, "there is no certificate; give a PEM file");
        given.as_ref().filter(has_none).map(|_| fault())
    };
    let key = settings.key.as_ref().filter(|key| {
        let pem = key.expose_secret().as_bytes();
        PrivateKeyDer::from_pem_slice(pem).is_err()
    });
    let is_pair = settings.cert.is_some() && settings.key.is_some();
    let of_ours = || {
        without("cert", &settings.cert).or_else(|| {
            key.map(|_| SettingsFault::new("key", "there is no private key; give a PEM file"))
        })
    };
    let ours = is_pair.then(of_ours).flatten();
    without("ca", &settings.ca).or(ours)
}

fn certificates(pem: &str) -> Vec<CertificateDer<'static>> {
    CertificateDer::pem_slice_iter(pem.as_bytes())
        .filter_map(Result::ok)
        .collect()
}
