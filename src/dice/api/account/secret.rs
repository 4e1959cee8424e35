//! Keys and secrets: made from the system's randomness, kept as hashes.

use rand::Rng as _;
use rand::TryRngCore as _;
use rand::distr::Alphanumeric;
use rand::rngs::OsRng;
use ring::digest::{SHA256, digest};

use crate::dice::database::users::SecretHash;

/// The length of keys, secrets and session tokens.
pub(crate) const SECRET_LENGTH: usize = 40;

/// Letters of codes that people type, without those that look alike.
const CODE_LETTERS: &[u8] = b"ABCDEFGHJKMNPQRSTUVWXYZ23456789";

/// Makes a key, a secret or a session token.
pub(crate) fn secret() -> String {
    OsRng
        .unwrap_err()
        .sample_iter(Alphanumeric)
        .take(SECRET_LENGTH)
        .map(char::from)
        .collect()
}

/// Makes a code that people type.
pub(crate) fn code(length: usize) -> String {
    let mut rng = OsRng.unwrap_err();
    let letter = |_| {
        CODE_LETTERS
            .get(rng.random_range(0..CODE_LETTERS.len()))
            .copied()
    };
    (0..length).filter_map(letter).map(char::from).collect()
}

/// Tells whether a text can be a secret of ours; others are never looked up.
pub(crate) fn has_shape(text: &str) -> bool {
    text.len() == SECRET_LENGTH && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Hashes a secret. It is long and random, so a plain hash suffices.
pub(crate) fn hash(secret: &str) -> SecretHash {
    let mut hash = SecretHash::default();
    hash.copy_from_slice(digest(&SHA256, secret.as_bytes()).as_ref());
    hash
}
