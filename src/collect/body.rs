//! Reads the body of an HTTP answer as it arrives, unpacked and within a limit.

use std::io::{self, Write as _};

use axum::body::Bytes;
use flate2::write::MultiGzDecoder;
use reqwest::Response;
use reqwest::header::{CONTENT_ENCODING, HeaderMap};

use crate::collect::failure::Failure;

/// What we can unpack, as a request says it in `accept-encoding`.
pub const PACKING: &str = "gzip";

/// What servers pack with besides; to take it for words would only confuse.
const FOREIGN: [&str; 5] = ["deflate", "br", "zstd", "compress", "x-compress"];

/// The body of an answer, piece by piece.
///
/// The client does not unpack for us: it would stop at the end of the first
/// member of a gzip stream, and take for a whole body what is a part of one.
#[derive(Debug)]
pub struct Pieces {
    response: Response,
    unpacking: Option<MultiGzDecoder<Vec<u8>>>,
    /// What arrived and is not unpacked yet.
    packed: Bytes,
}

impl Pieces {
    /// Begins with the first piece; what is packed in a way that we did not ask
    /// for is refused.
    pub fn of(response: Response) -> Result<Self, Failure> {
        let unpacking = is_packed(response.headers())?;
        Ok(Self {
            response,
            unpacking: unpacking.then(|| MultiGzDecoder::new(Vec::new())),
            packed: Bytes::new(),
        })
    }

    /// Waits for the next piece; none follows the end of the body.
    pub async fn next(&mut self) -> Result<Option<Bytes>, Failure> {
        loop {
            let Some(unpacking) = &mut self.unpacking else {
                return Ok(self.response.chunk().await?);
            };
            if !self.packed.is_empty() {
                let taken = unpacking.write(&self.packed).map_err(damaged)?;
                let _ = self.packed.split_to(taken);
                let piece = std::mem::take(unpacking.get_mut());
                if !piece.is_empty() {
                    return Ok(Some(piece.into()));
                }
            } else if let Some(packed) = self.response.chunk().await? {
                self.packed = packed;
            } else {
                let last = self.unpacking.take().map(MultiGzDecoder::finish);
                let last = last.transpose().map_err(damaged)?;
                return Ok(last.filter(|last| !last.is_empty()).map(Bytes::from));
            }
        }
    }
}

/// Whether a body is packed with gzip.
///
/// Other words in that header, such as the name of a character set, are as good
/// as none: Prometheus takes no notice of them.
fn is_packed(headers: &HeaderMap) -> Result<bool, Failure> {
    let coding = headers.get(CONTENT_ENCODING).map(|coding| {
        let words = String::from_utf8_lossy(coding.as_bytes());
        words.trim().to_ascii_lowercase()
    });
    match coding.as_deref() {
        Some("gzip" | "x-gzip") => Ok(true),
        Some(coding) if FOREIGN.contains(&coding) => Err(Failure::Answer(format!(
            "the answer is packed with {coding}, though only {PACKING} was asked for"
        ))),
        _ => Ok(false),
    }
}

fn damaged(error: io::Error) -> Failure {
    Failure::Answer(format!(
        "the answer's gzip is cut off or damaged, or something else follows it: {error}"
    ))
}

/// Reads a body of at most `limit` bytes; a longer one is refused as soon as it
/// is seen to be, not once it is all in memory.
pub async fn read(response: Response, limit: usize) -> Result<Vec<u8>, Failure> {
    let mut body = Vec::new();
    let mut pieces = Pieces::of(response)?;
    while let Some(piece) = pieces.next().await? {
        if body.len() + piece.len() > limit {
            return Err(Failure::Limit(format!(
                "the answer is longer than {limit} bytes"
            )));
        }
        body.extend_from_slice(&piece);
    }
    Ok(body)
}
