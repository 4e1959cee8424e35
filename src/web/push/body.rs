//! Bodies of pushes, which are compressed as their senders like.

use std::io::Read as _;

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use flate2::read::GzDecoder;

/// Longest body of a heartbeat: its text.
pub(crate) const TEXT_LIMIT: usize = 4 * 1024;

/// Longest body as it is sent.
pub(crate) const SENT_LIMIT: usize = 4 * 1024 * 1024;

/// Longest body once it is decompressed. Messages of two bytes become structures of a hundred
/// and more, so this bounds hundreds of MiB; what senders batch by default is below 1 MiB.
const BODY_LIMIT: usize = 4 * 1024 * 1024;

/// Why a body cannot be used.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BodyError {
    /// It is compressed in a way that this address does not know.
    #[error("the encoding `{0}` is not known here; send {1}")]
    Encoding(String, &'static str),
    /// It is another format.
    #[error("the type `{0}` is not known here; send {1}")]
    Type(String, &'static str),
    /// It is too long.
    #[error("the body is longer than {} MiB; send less at once", BODY_LIMIT / 1024 / 1024)]
    Long,
    /// It cannot be read.
    #[error("the body cannot be read: {0}")]
    Malformed(String),
}

impl IntoResponse for BodyError {
    fn into_response(self) -> Response {
        let status = match self {
            Self::Encoding(..) | Self::Type(..) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Long => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Malformed(_) => StatusCode::BAD_REQUEST,
        };
        (status, format!("{self}\n")).into_response()
    }
}

/// The value of a header; empty if there is none that can be read.
pub(crate) fn value(headers: &HeaderMap, name: header::HeaderName) -> &str {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    value.unwrap_or_default().trim()
}

/// Decompresses a block in Snappy's format, whose length is known before it is read.
pub(crate) fn snappy(body: &[u8]) -> Result<Vec<u8>, BodyError> {
    let malformed = |error: snap::Error| BodyError::Malformed(error.to_string());
    if snap::raw::decompress_len(body).map_err(malformed)? > BODY_LIMIT {
        return Err(BodyError::Long);
    }
    snap::raw::Decoder::new()
        .decompress_vec(body)
        .map_err(malformed)
}

/// Decompresses what gzip made, up to the limit.
pub(crate) fn gzip(body: &[u8]) -> Result<Vec<u8>, BodyError> {
    let mut plain = Vec::new();
    // One byte more tells that there are more.
    let most = u64::try_from(BODY_LIMIT).unwrap_or(u64::MAX) + 1;
    let read = GzDecoder::new(body).take(most).read_to_end(&mut plain);
    read.map_err(|error| BodyError::Malformed(error.to_string()))?;
    if plain.len() > BODY_LIMIT {
        return Err(BodyError::Long);
    }
    Ok(plain)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    #[test]
    fn what_says_that_it_is_huge_is_not_unpacked() {
        // A varint of 4 GiB, and nothing behind it.
        let huge = [0xff, 0xff, 0xff, 0xff, 0x0f];
        assert_eq!(snappy(&huge), Err(BodyError::Long));
        assert!(matches!(snappy(&[0xff]), Err(BodyError::Malformed(_))));
        let text = vec![b'a'; 100_000];
        let packed = snap::raw::Encoder::new().compress_vec(&text).unwrap();
        assert_eq!(snappy(&packed), Ok(text));
    }

    #[test]
    fn a_bomb_is_defused() {
        let mut packer = GzEncoder::new(Vec::new(), Compression::best());
        packer.write_all(&vec![0; BODY_LIMIT + 1]).unwrap();
        assert_eq!(gzip(&packer.finish().unwrap()), Err(BodyError::Long));
        assert!(matches!(gzip(b"no gzip"), Err(BodyError::Malformed(_))));
    }
}
