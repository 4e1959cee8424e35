//! `POST /webhook/git`: a git host says that somebody has pushed.
//!
//! It needs no token of ours, as a signature proves who sends it. All that follows is a
//! look at the remote, so that what a webhook says need not be read.

use std::collections::VecDeque;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use ring::digest::{SHA256, digest};
use ring::hmac;
use secrecy::{ExposeSecret as _, SecretString};
use subtle::ConstantTimeEq as _;
use tokio::sync::watch;

use crate::model::request::sync::SyncDoor;

/// Longest body: a push of thousands of commits.
const BODY_LIMIT: usize = 4 * 1024 * 1024;

/// Bodies that are remembered, so that a repeated one does nothing.
const REMEMBERED: usize = 1024;

/// Headers with the HMAC of the body: GitHub's, Gitea's and Forgejo's.
const SIGNATURES: [&str; 3] = [
    "x-hub-signature-256",
    "x-gitea-signature",
    "x-forgejo-signature",
];

/// GitLab's header, which holds the secret itself.
const TOKEN: &str = "x-gitlab-token";

/// Who may say that somebody has pushed, and to whom that is passed on.
#[derive(Clone)]
pub(crate) struct GitWebhook {
    key: hmac::Key,
    secret: SecretString,
    door: SyncDoor,
    seen: Arc<watch::Sender<VecDeque<[u8; 32]>>>,
}

impl std::fmt::Debug for GitWebhook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("GitWebhook(..)")
    }
}

impl GitWebhook {
    /// A webhook that is signed with this secret.
    pub(crate) fn new(secret: SecretString, door: SyncDoor) -> Self {
        Self {
            key: hmac::Key::new(hmac::HMAC_SHA256, secret.expose_secret().as_bytes()),
            secret,
            door,
            seen: Arc::default(),
        }
    }

    /// Whether who sent this knows the secret; how long that takes says nothing of it.
    fn admits(&self, headers: &HeaderMap, body: &[u8]) -> bool {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let signed = SIGNATURES
            .iter()
            .filter_map(|name| text(name))
            .any(|signature| {
                let digits = signature.strip_prefix("sha256=").unwrap_or(signature);
                let signature = bytes(digits);
                signature.is_some_and(|bytes| hmac::verify(&self.key, body, &bytes).is_ok())
            });
        let hash = |text: &str| digest(&SHA256, text.as_bytes());
        let secret = hash(self.secret.expose_secret());
        let known =
            text(TOKEN).is_some_and(|token| hash(token).as_ref().ct_eq(secret.as_ref()).into());
        signed || known
    }

    /// Notes a body; returns whether it is new.
    fn is_new(&self, body: &[u8]) -> bool {
        let mut mark = [0; 32];
        mark.copy_from_slice(digest(&SHA256, body).as_ref());
        self.seen.send_if_modified(|seen| {
            let is_new = !seen.contains(&mark);
            if is_new {
                seen.push_back(mark);
                seen.drain(..seen.len().saturating_sub(REMEMBERED));
            }
            is_new
        })
    }
}

/// The route, if there is a secret.
pub(crate) fn routes(webhook: Option<GitWebhook>) -> Router {
    let Some(webhook) = webhook else {
        return Router::new();
    };
    Router::new()
        .route("/webhook/git", post(receive))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .with_state(webhook)
}

async fn receive(State(webhook): State<GitWebhook>, headers: HeaderMap, body: Bytes) -> Response {
    if !webhook.admits(&headers, &body) {
        let words = "sign the webhook with `webhook_secret` of `[git]`\n";
        return (StatusCode::UNAUTHORIZED, words).into_response();
    }
    if !webhook.is_new(&body) {
        return (StatusCode::OK, "this event was already received\n").into_response();
    }
    webhook.door.knock();
    (StatusCode::ACCEPTED, "the remote is asked\n").into_response()
}

/// Reads hexadecimal digits.
fn bytes(digits: &str) -> Option<Vec<u8>> {
    let is_whole = digits.len().is_multiple_of(2) && digits.is_ascii();
    let pairs = (0..digits.len()).step_by(2);
    let bytes = pairs.map(|at| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok());
    is_whole.then(|| bytes.collect()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of GitHub's documentation.
    #[test]
    fn a_signature_fits_its_body_and_no_other() {
        let (door, _requests) = SyncDoor::new();
        let webhook = GitWebhook::new("It's a Secret to Everybody".into(), door);
        let signature = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
        let admits = |name: &'static str, value: &str, body: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(name, value.parse().unwrap());
            webhook.admits(&headers, body.as_bytes())
        };
        let github = format!("sha256={signature}");
        assert!(admits("x-hub-signature-256", &github, "Hello, World!"));
        assert!(admits("x-gitea-signature", signature, "Hello, World!"));
        assert!(admits(
            "x-gitlab-token",
            "It's a Secret to Everybody",
            "anything"
        ));
        assert!(!admits("x-hub-signature-256", &github, "Hello, World?"));
        for bad in ["", "sha256=", "sha256=zz", "sha256=7571", "sha1=00"] {
            assert!(
                !admits("x-hub-signature-256", bad, "Hello, World!"),
                "{bad}"
            );
        }
        assert!(!admits("x-gitlab-token", "It's a Secret", "anything"));
        assert!(!webhook.admits(&HeaderMap::new(), b"Hello, World!"));
        assert!(webhook.is_new(b"a") && !webhook.is_new(b"a") && webhook.is_new(b"b"));
    }
}
