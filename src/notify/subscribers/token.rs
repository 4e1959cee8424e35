//! Tokens of the links in mails: random, told once, kept as hashes.
//!
//! Eight bytes find the row, and what they find says nothing. The other bytes are the
//! secret: of them only the hash is kept, which is compared in constant time.

use std::time::Duration;

use ring::digest::{SHA256, digest};
use subtle::ConstantTimeEq as _;

use crate::model::request::receivers::subscription::MailToken;

/// Bytes that find the row.
const SELECTOR: usize = 8;

/// What a token was made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Somebody asked for a link.
    Ask,
    /// It stands in a message.
    Mail,
}

impl Purpose {
    /// The word of the database.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Ask => "ask",
            Self::Mail => "mail",
        }
    }

    /// How long the token may be used.
    pub(crate) fn lifetime(self) -> Duration {
        match self {
            Self::Ask => Duration::from_hours(48),
            // Longer than anybody may ask for: a link to unsubscribe works for 60 days.
            Self::Mail => Duration::from_hours(90 * 24),
        }
    }
}

/// A token that is new.
pub(crate) fn generate() -> MailToken {
    MailToken(rand::random())
}

/// What finds the row of a token.
pub(crate) fn selector(token: &MailToken) -> i64 {
    let mut bytes = [0; SELECTOR];
    bytes.copy_from_slice(&token.0[..SELECTOR]);
    i64::from_be_bytes(bytes)
}

/// What is kept of its secret.
pub(crate) fn hash(token: &MailToken) -> Vec<u8> {
    digest(&SHA256, &token.0[SELECTOR..]).as_ref().to_vec()
}

/// Whether a hash is that of a token.
pub(crate) fn is_hash(token: &MailToken, kept: &[u8]) -> bool {
    hash(token).ct_eq(kept).into()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn no_two_tokens_are_the_same() {
        let (one, other) = (generate(), generate());
        assert_ne!(one, other);
        assert_ne!(selector(&one), selector(&other));
    }

    proptest! {
        #[test]
        fn a_token_is_known_again_and_no_other_is(bytes: [u8; 32], at in 0..32_usize, bit in 0..8_u32) {
            let token = MailToken(bytes);
            let kept = (selector(&token), hash(&token));
            let read = MailToken::parse(&token.expose()).unwrap();
            prop_assert!(selector(&read) == kept.0 && is_hash(&read, &kept.1));
            let mut other = token;
            other.0[at] ^= 1 << bit;
            prop_assert!(selector(&other) != kept.0 || !is_hash(&other, &kept.1));
        }
    }
}
