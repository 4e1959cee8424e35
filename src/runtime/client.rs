//! The HTTP client that collectors and notifiers share.

use std::sync::Arc;
use std::time::Duration;

use reqwest::Client;
use reqwest::redirect::Policy;

/// What we call ourselves to others.
const AGENT: &str = concat!("critwatch/", env!("CARGO_PKG_VERSION"));

/// Makes a client whose requests end after `timeout` at the latest.
///
/// `direct` goes around proxies that the environment names: a probe must ask
/// the target itself. A machine without certificates of its own gets bundled
/// ones.
pub fn new(timeout: Duration, direct: bool) -> reqwest::Result<Client> {
    // A second call finds the provider in place, which is just as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = || {
        let builder = Client::builder()
            .user_agent(AGENT)
            .timeout(timeout)
            .redirect(Policy::limited(3));
        if direct { builder.no_proxy() } else { builder }
    };
    builder().build().or_else(|_| {
        let roots = rustls::RootCertStore {
            roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
        };
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map(|config| config.with_root_certificates(roots).with_no_client_auth());
        match tls {
            Ok(tls) => builder().tls_backend_preconfigured(tls).build(),
            Err(_) => builder().build(),
        }
    })
}
