//! The signatures that let a socket hear a channel.

use std::sync::Arc;

use rand::TryRngCore as _;
use rand::rngs::OsRng;
use ring::hmac::{self, HMAC_SHA256, Key};

/// The public name of this application; there is no other.
pub(crate) const APP_KEY: &str = "dice";

/// Signs and checks who may hear a channel.
///
/// The secret lives as long as the process: after a restart clients connect again and ask for
/// new signatures.
#[derive(Clone)]
pub(crate) struct ChannelSigner(Arc<Key>);

impl ChannelSigner {
    /// Makes one with a new secret.
    ///
    /// # Errors
    /// The operating system has no randomness.
    pub(crate) fn new() -> anyhow::Result<Self> {
        let mut secret = [0; 32];
        OsRng.try_fill_bytes(&mut secret)?;
        Ok(Self(Arc::new(Key::new(HMAC_SHA256, &secret))))
    }

    /// Writes `key:signature`.
    pub(crate) fn sign(&self, socket: &str, channel: &str, data: Option<&str>) -> String {
        let tag = hmac::sign(&self.0, text(socket, channel, data).as_bytes());
        let hex = tag
            .as_ref()
            .iter()
            .fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
        format!("{APP_KEY}:{hex}")
    }

    /// Tells whether a signature is ours, for just this.
    pub(crate) fn holds(
        &self,
        auth: &str,
        socket: &str,
        channel: &str,
        data: Option<&str>,
    ) -> bool {
        let Some((APP_KEY, hex)) = auth.split_once(':') else {
            return false;
        };
        let digits: Option<Vec<u8>> = hex
            .as_bytes()
            .chunks(2)
            .map(|pair| u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok())
            .collect();
        let message = text(socket, channel, data);
        digits.is_some_and(|tag| hmac::verify(&self.0, message.as_bytes(), &tag).is_ok())
    }
}

fn text(socket: &str, channel: &str, data: Option<&str>) -> String {
    match data {
        Some(data) => format!("{socket}:{channel}:{data}"),
        None => format!("{socket}:{channel}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_holds_for_nothing_else() {
        let signer = ChannelSigner::new().unwrap();
        let auth = signer.sign("1.2", "presence-room.a", Some("{}"));
        assert!(signer.holds(&auth, "1.2", "presence-room.a", Some("{}")));
        assert!(!signer.holds(&auth, "1.3", "presence-room.a", Some("{}")));
        assert!(!signer.holds(&auth, "1.2", "presence-room.b", Some("{}")));
        assert!(!signer.holds(&auth, "1.2", "presence-room.a", None));
        assert!(!signer.holds("dice:00", "1.2", "presence-room.a", Some("{}")));
        let other = ChannelSigner::new().unwrap();
        assert!(!other.holds(&auth, "1.2", "presence-room.a", Some("{}")));
    }
}
