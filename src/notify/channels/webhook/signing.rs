//! Signatures of Standard Webhooks 1.0.

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use ring::hmac;
use ring::signature::Ed25519KeyPair;
use schemars::JsonSchema;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, de};

use crate::model::text::shape::SecretText;

/// What signs messages.
#[derive(Clone, JsonSchema)]
#[schemars(inline, with = "SecretText")]
pub struct SigningKey(Arc<KeyKind>);

enum KeyKind {
    /// A secret that both sides know (`v1`).
    Shared(hmac::Key),
    /// A private key; the receiver knows the public one (`v1a`).
    Pair(Ed25519KeyPair),
}

/// Why a key cannot be used; the key itself is never quoted.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SigningKeyFault {
    /// It opens with neither of the prefixes.
    #[error(
        "a secret opens with `whsec_`, or with `whsk_` for ed25519; \
         `echo whsec_$(openssl rand -base64 32)` makes one"
    )]
    Prefix,
    /// What follows is no base64.
    #[error("what follows the prefix of a secret is base64")]
    Base64,
    /// It has too few bytes to be a secret, or too many.
    #[error("a secret after `whsec_` has 24 to 64 bytes; this has {0}")]
    Length(usize),
    /// It is no key of this kind.
    #[error(
        "what follows `whsk_` is the private key of ed25519: 32 bytes, or 64 with the public one"
    )]
    Pair,
}

impl SigningKey {
    /// Reads a secret in the notation of the standard.
    pub(crate) fn parse(secret: &str) -> Result<Self, SigningKeyFault> {
        let bytes = |text: &str| {
            STANDARD
                .decode(text.trim())
                .map_err(|_| SigningKeyFault::Base64)
        };
        let kind = if let Some(text) = secret.strip_prefix("whsec_") {
            let bytes = bytes(text)?;
            if !(24..=64).contains(&bytes.len()) {
                return Err(SigningKeyFault::Length(bytes.len()));
            }
            KeyKind::Shared(hmac::Key::new(hmac::HMAC_SHA256, &bytes))
        } else if let Some(text) = secret.strip_prefix("whsk_") {
            let bytes = bytes(text)?;
            let pair = match bytes.split_at_checked(32) {
                Some((seed, [])) => Ed25519KeyPair::from_seed_unchecked(seed),
                Some((seed, public)) => Ed25519KeyPair::from_seed_and_public_key(seed, public),
                None => return Err(SigningKeyFault::Pair),
            };
            KeyKind::Pair(pair.map_err(|_| SigningKeyFault::Pair)?)
        } else {
            return Err(SigningKeyFault::Prefix);
        };
        Ok(Self(Arc::new(kind)))
    }

    /// The signature of a message, as one word of `webhook-signature`.
    pub(crate) fn sign(&self, id: &str, at: Timestamp, body: &str) -> String {
        let signed = format!("{id}.{}.{body}", at.as_second());
        match &*self.0 {
            KeyKind::Shared(key) => {
                let tag = hmac::sign(key, signed.as_bytes());
                format!("v1,{}", STANDARD.encode(tag))
            }
            KeyKind::Pair(pair) => {
                let signature = pair.sign(signed.as_bytes());
                format!("v1a,{}", STANDARD.encode(signature))
            }
        }
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey")
    }
}

impl<'de> Deserialize<'de> for SigningKey {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let secret = SecretString::deserialize(from)?;
        Self::parse(secret.expose_secret()).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use ring::signature::{ED25519, KeyPair as _, UnparsedPublicKey};
    use standardwebhooks::Webhook;

    use super::*;

    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const ID: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    const BODY: &str = "{\"test\": 2432232314}";

    fn at() -> Timestamp {
        Timestamp::from_second(1_614_265_330).unwrap()
    }

    #[test]
    fn a_shared_secret_signs_as_the_library_of_the_standard_does() {
        let ours = SigningKey::parse(SECRET).unwrap().sign(ID, at(), BODY);
        let theirs = Webhook::new(SECRET).unwrap();
        let theirs = theirs.sign(ID, at().as_second(), BODY.as_bytes());
        assert_eq!(ours, theirs.unwrap());
        // The vector of the documentation.
        assert_eq!(ours, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn a_private_key_signs_what_its_public_key_verifies() {
        let seed = [7; 32];
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed).unwrap();
        let public = pair.public_key().as_ref().to_vec();
        let whole = [&seed[..], &public].concat();
        for bytes in [&seed[..], &whole] {
            let key = SigningKey::parse(&format!("whsk_{}", STANDARD.encode(bytes))).unwrap();
            let signature = key.sign(ID, at(), BODY);
            let signature = STANDARD
                .decode(signature.strip_prefix("v1a,").unwrap())
                .unwrap();
            let public = UnparsedPublicKey::new(&ED25519, &public);
            let signed = format!("{ID}.1614265330.{BODY}");
            public.verify(signed.as_bytes(), &signature).unwrap();
        }
    }

    #[test]
    fn what_is_no_key_is_refused_without_being_quoted() {
        let fault = |secret: &str| SigningKey::parse(secret).unwrap_err();
        assert_eq!(fault("hunter2"), SigningKeyFault::Prefix);
        assert_eq!(fault("whsec_h!"), SigningKeyFault::Base64);
        assert_eq!(fault("whsec_aHVudGVyMg=="), SigningKeyFault::Length(7));
        assert_eq!(fault("whsk_aHVudGVyMg=="), SigningKeyFault::Pair);
        let key = SigningKey::parse(SECRET).unwrap();
        assert_eq!(format!("{key:?}"), "SigningKey");
    }
}
