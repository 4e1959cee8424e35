//! The names of our messages, by which returned mails are known again.
//!
//! A name is a code over what the message is and to whom it goes, with a secret of this
//! database: nobody who was not sent the message can say it.

use ring::hmac::{HMAC_SHA256, Key, sign};

use crate::notify::mail::letters::compose::MessageName;

/// Bytes of a name.
const NAME_BYTES: usize = 16;

/// Gives messages their names.
#[derive(Debug)]
pub(crate) struct MessageNames(Key);

impl MessageNames {
    /// Names by a secret.
    pub(crate) fn new(secret: &[u8]) -> Self {
        Self(Key::new(HMAC_SHA256, secret))
    }

    /// The name of the message of a key to an address.
    pub(crate) fn of(&self, key: &str, address: &str) -> String {
        let code = sign(&self.0, format!("{key}\n{address}").as_bytes());
        let bytes = code.as_ref().iter().take(NAME_BYTES);
        bytes.fold(String::new(), |name, byte| format!("{name}{byte:02x}"))
    }

    /// The same, and that of the message of another key, which opened the conversation.
    pub(crate) fn both(&self, key: &str, first: Option<&str>, address: &str) -> MessageName {
        MessageName {
            own: self.of(key, address),
            first: first.map(|first| self.of(first, address)),
        }
    }
}

/// What the key of a digest is, by that of its oldest mail, which is in no other digest that
/// anybody may have got.
pub(crate) fn digest_key(oldest: &str) -> String {
    format!("digest/{oldest}")
}
