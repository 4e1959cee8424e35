//! The HTTP client that collectors and notifiers share.

use std::sync::Arc;
use std::time::Duration;

use reqwest::redirect::{Attempt, Policy};
use reqwest::{Client, ClientBuilder};

/// What we call ourselves to others.
const AGENT: &str = concat!("critwatch/", env!("CARGO_PKG_VERSION"));

/// Redirects that are followed at most.
const REDIRECTS: usize = 3;

/// Makes a client whose requests end after `timeout` at the latest.
///
/// A `probe` goes around proxies that the environment names, as it must ask the
/// target itself, and follows redirects as a visitor would: three at most, and
/// only one of them to another host. Others do not: a message that is redirected
/// has not arrived.
pub fn new(timeout: Duration, probe: bool) -> reqwest::Result<Client> {
    build(timeout, |builder| {
        if probe {
            builder.no_proxy().redirect(Policy::custom(near))
        } else {
            builder.redirect(Policy::none())
        }
    })
}

/// Makes a client that goes around proxies and follows no redirects: for
/// requests with secrets that are meant for the target alone.
pub fn direct(timeout: Duration) -> reqwest::Result<Client> {
    build(timeout, |builder| {
        builder.no_proxy().redirect(Policy::none())
    })
}

/// Builds a client. It sends no `Referer`, because an address may be a secret,
/// and unpacks nothing. A machine without certificates gets bundled ones.
fn build(
    timeout: Duration,
    set: impl Fn(ClientBuilder) -> ClientBuilder,
) -> reqwest::Result<Client> {
    // A second call finds the provider in place, which is just as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = || {
        let builder = Client::builder();
        set(builder
            .user_agent(AGENT)
            .timeout(timeout)
            .no_gzip()
            .referer(false))
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

/// Follows a target that moved, but not through half the world.
fn near(attempt: Attempt<'_>) -> reqwest::redirect::Action {
    let before = attempt.previous();
    let next = before.iter().skip(1).chain([attempt.url()]);
    let moves = before
        .iter()
        .zip(next)
        .filter(|(from, to)| from.host() != to.host())
        .count();
    if before.len() > REDIRECTS || moves > 1 {
        return attempt.error("redirected too often");
    }
    attempt.follow()
}
