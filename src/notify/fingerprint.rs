//! Short names for contents of any length.

use ring::digest;

/// Bytes that tell contents apart.
const BYTES: usize = 16;

/// A name of 32 characters, digits and letters up to `f`, that no other content has.
pub(crate) fn fingerprint(content: &[u8]) -> String {
    let hash = digest::digest(&digest::SHA256, content);
    let bytes = hash.as_ref().iter().take(BYTES);
    bytes.fold(String::new(), |name, byte| format!("{name}{byte:02x}"))
}
