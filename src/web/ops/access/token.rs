//! The bearer token of the operators' listener; only its hash stays in memory.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use ring::digest::{SHA256, digest};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use subtle::ConstantTimeEq as _;

/// A shorter token can be guessed.
const SHORTEST: usize = 16;

/// The table `[ops]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OpsSettings {
    /// What who pushes must send as `Authorization: Bearer …`.
    pub(crate) token: Option<SecretString>,
    /// The same as its SHA-256, in hexadecimal.
    pub(crate) token_sha256: Option<String>,
    /// Names under which the listener is asked.
    #[serde(default)]
    pub(crate) hosts: Vec<String>,
}

/// The hash of a token.
#[derive(Clone)]
pub(crate) struct TokenHash([u8; 32]);

impl std::fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(..)")
    }
}

impl OpsSettings {
    /// The key, if one is asked for; a text says what is wrong with it.
    pub(crate) fn key(&self) -> Result<Option<TokenHash>, &'static str> {
        match (&self.token, &self.token_sha256) {
            (None, None) => Ok(None),
            (Some(_), Some(_)) => Err("keep one of `token` and `token_sha256`"),
            (Some(token), None) if token.expose_secret().len() < SHORTEST => {
                Err("a token has at least 16 characters; make one with `openssl rand -hex 32`")
            }
            (Some(token), None) => Ok(Some(TokenHash::of(token.expose_secret()))),
            (None, Some(hash)) => TokenHash::read(hash).map(Some).ok_or(
                "a SHA-256 has 64 hexadecimal digits; `printf %s \"$TOKEN\" | sha256sum` makes it",
            ),
        }
    }
}

impl TokenHash {
    fn of(token: &str) -> Self {
        let mut key = [0; 32];
        key.copy_from_slice(digest(&SHA256, token.as_bytes()).as_ref());
        Self(key)
    }

    fn read(text: &str) -> Option<Self> {
        let mut key = [0; 32];
        if text.len() != key.len() * 2 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        for (at, byte) in key.iter_mut().enumerate() {
            *byte = u8::from_str_radix(text.get(at * 2..at * 2 + 2)?, 16).ok()?;
        }
        Some(Self(key))
    }

    /// Whether a request brings the token.
    pub(crate) fn admits(&self, headers: &HeaderMap) -> bool {
        let sent = headers.get(header::AUTHORIZATION);
        let token = sent
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        token.is_some_and(|(_, token)| self.fits(token.trim()))
    }

    /// Whether this is the token; how long that takes says nothing of it.
    fn fits(&self, token: &str) -> bool {
        Self::of(token).0.ct_eq(&self.0).into()
    }
}

/// Lets those through who have the token.
pub(crate) async fn guard(
    State(key): State<Option<Arc<TokenHash>>>,
    request: Request,
    next: Next,
) -> Response {
    if key.is_none_or(|key| key.admits(request.headers())) {
        return next.run(request).await;
    }
    (
        StatusCode::UNAUTHORIZED,
        [(header::WWW_AUTHENTICATE, "Bearer")],
        "send the token of `[ops]` as `Authorization: Bearer TOKEN`\n",
    )
        .into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_fits_its_hash_and_nothing_else_does() {
        // printf %s 'open the door please' | sha256sum
        let hash = "eeb6b963d7f6b531332a701ad57d788e093470d7474d992fe84bacd86a3025ac";
        let token = "open the door please";
        let key = TokenHash::read(&hash.to_uppercase()).unwrap();
        assert!(key.fits(token) && !key.fits("open the door pleas"));
        for bad in ["", "12", &"é".repeat(32), &hash[1..]] {
            assert!(TokenHash::read(bad).is_none(), "{bad}");
        }
        assert_eq!(format!("{key:?}"), "Key(..)");
    }
}
