//! What the forms of one login must bring.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac;
use subtle::ConstantTimeEq as _;

/// What the forms of a session, or of somebody whom a proxy names, must bring.
#[derive(Clone)]
pub(crate) struct FormToken(String);

impl FormToken {
    /// The token of a secret and a purpose: whoever knows it knows neither.
    pub(crate) fn of(secret: &str, purpose: &str) -> Self {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
        let tag = hmac::sign(&key, format!("critwatch form {purpose}").as_bytes());
        Self(URL_SAFE_NO_PAD.encode(tag))
    }

    /// As it stands in a form.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }

    /// Whether a form brought it; how long that takes says nothing of it.
    pub(crate) fn fits(&self, sent: &str) -> bool {
        self.0.as_bytes().ct_eq(sent.as_bytes()).into()
    }
}

impl fmt::Debug for FormToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FormToken(..)")
    }
}
