//! Secrets that we make: random, shown once, kept as hashes.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};
use secrecy::SecretString;
use subtle::{Choice, ConstantTimeEq};

/// Makes a secret of 256 random bits; the prefix lets people and scanners of leaked
/// secrets recognize it.
pub fn generate(prefix: &str) -> SecretString {
    let bytes: [u8; 32] = rand::random();
    format!("{prefix}{}", URL_SAFE_NO_PAD.encode(bytes)).into()
}

/// The SHA-256 of a secret.
#[derive(Clone, Copy, PartialOrd, Ord)]
pub struct TokenHash([u8; 32]);

impl TokenHash {
    /// The hash of a secret.
    pub fn of(secret: &str) -> Self {
        let mut hash = [0; 32];
        hash.copy_from_slice(digest(&SHA256, secret.as_bytes()).as_ref());
        Self(hash)
    }

    /// Reads a hash in hexadecimal.
    pub fn read(text: &str) -> Option<Self> {
        let mut hash = [0; 32];
        if text.len() != hash.len() * 2 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        for (at, byte) in hash.iter_mut().enumerate() {
            *byte = u8::from_str_radix(text.get(at * 2..at * 2 + 2)?, 16).ok()?;
        }
        Some(Self(hash))
    }

    /// Takes the bytes of a hash.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// Its bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// How long a comparison takes says nothing of the hashes.
impl ConstantTimeEq for TokenHash {
    fn ct_eq(&self, other: &Self) -> Choice {
        self.0.ct_eq(&other.0)
    }
}

impl PartialEq for TokenHash {
    fn eq(&self, other: &Self) -> bool {
        self.ct_eq(other).into()
    }
}

impl Eq for TokenHash {}

impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenHash(..)")
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    #[test]
    fn a_hash_is_that_of_its_secret_and_of_no_other() {
        // printf %s 'open the door please' | sha256sum
        let hex = "eeb6b963d7f6b531332a701ad57d788e093470d7474d992fe84bacd86a3025ac";
        let hash = TokenHash::read(&hex.to_uppercase()).unwrap();
        assert_eq!(hash, TokenHash::of("open the door please"));
        assert_ne!(hash, TokenHash::of("open the door pleas"));
        assert_eq!(TokenHash::from_bytes(hash.bytes()), Some(hash));
        for bad in ["", "12", &"é".repeat(32), &hex[1..]] {
            assert!(TokenHash::read(bad).is_none(), "{bad}");
        }
        assert_eq!(TokenHash::from_bytes(&[1; 31]), None);
        assert_eq!(format!("{hash:?}"), "TokenHash(..)");
    }

    #[test]
    fn a_secret_has_its_prefix_and_256_bits_that_no_other_has() {
        let (one, other) = (generate("cw_"), generate("cw_"));
        let text = one.expose_secret();
        assert!(text.starts_with("cw_") && text.len() == 3 + 43, "{text}");
        assert_ne!(text, other.expose_secret());
    }
}
