//! Reads the body of an HTTP answer as it arrives, unpacked and within a limit.

use std::io::{self, Write as _};

use axum::body::Bytes;
use flate2::write::MultiGzDecoder;
use reqwest::Response;
use reqwest::header::{CONTENT_ENCODING, HeaderMap};

use crate::collect::failure::cause::Failure;

/// What we can unpack, as a request says it in `accept-encoding`.
pub(crate) const PACKING: &str = "gzip";

/// What servers pack with besides; to take it for words would only confuse.
const FOREIGN: [&str; 5] = ["deflate", "br", "zstd", "compress", "x-compress"];

/// The body of an answer, piece by piece.
///
/// The client does not unpack for us: it would stop at the end of the first
/// member of a gzip stream, and take for a whole body what is a part of one.
#[derive(Debug)]
pub(crate) struct Pieces {
    response: Response,
    unpacking: Option<Unpacking>,
    /// What arrived and is not unpacked yet.
    packed: Bytes,
}

impl Pieces {
    /// Begins with the first piece; what is packed in a way that we did not ask
    /// for is refused.
    pub(crate) fn of(response: Response) -> Result<Self, Failure> {
        let unpacking = is_packed(response.headers())?;
        Ok(Self {
            response,
            unpacking: unpacking.then(Unpacking::begin),
            packed: Bytes::new(),
        })
    }

    /// Waits for the next piece; none follows the end of the body.
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>, Failure> {
        loop {
            let Some(unpacking) = &mut self.unpacking else {
                return Ok(self.response.chunk().await?);
            };
            if !self.packed.is_empty() {
                let piece = unpacking
                    .take(&mut self.packed)
                    .map_err(|error| damaged(&error))?;
                if !piece.is_empty() {
                    return Ok(Some(piece));
                }
            } else if let Some(packed) = self.response.chunk().await? {
                self.packed = packed;
            } else {
                let last = self.unpacking.take().map(Unpacking::end);
                let last = last.transpose().map_err(|error| damaged(&error))?;
                return Ok(last.filter(|last| !last.is_empty()));
            }
        }
    }
}

/// A gzip stream of any number of members.
#[derive(Debug)]
struct Unpacking(MultiGzDecoder<Vec<u8>>);

impl Unpacking {
    fn begin() -> Self {
        Self(MultiGzDecoder::new(Vec::new()))
    }

    /// Takes the first bytes away and unpacks them, so many that what comes of
    /// them is never large.
    fn take(&mut self, packed: &mut Bytes) -> io::Result<Bytes> {
        let taken = self.0.write(packed)?;
        let _ = packed.split_to(taken);
        Ok(std::mem::take(self.0.get_mut()).into())
    }

    /// Takes the end of the stream, where a member must end.
    fn end(self) -> io::Result<Bytes> {
        self.0.finish().map(Bytes::from)
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

fn damaged(error: &io::Error) -> Failure {
    Failure::Answer(format!(
        "the answer's gzip is cut off or damaged, or something else follows it: {error}"
    ))
}

/// Reads a body of at most `limit` bytes; a longer one is refused as soon as it
/// is seen to be, not once it is all in memory.
pub(crate) async fn read(response: Response, limit: usize) -> Result<Vec<u8>, Failure> {
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

#[cfg(test)]
mod tests {
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use proptest::prelude::*;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    /// Unpacks what arrives in pieces of that size; with the largest that came out.
    fn unpack(packed: &[u8], size: usize) -> io::Result<(Vec<u8>, usize)> {
        let mut unpacking = Unpacking::begin();
        let (mut whole, mut largest) = (Vec::new(), 0);
        for arrived in packed.chunks(size) {
            let mut arrived = Bytes::copy_from_slice(arrived);
            while !arrived.is_empty() {
                let piece = unpacking.take(&mut arrived)?;
                largest = largest.max(piece.len());
                whole.extend_from_slice(&piece);
            }
        }
        whole.extend_from_slice(&unpacking.end()?);
        Ok((whole, largest))
    }

    #[test]
    fn what_swells_comes_in_small_pieces() {
        let packed = gzip(&vec![0; 20_000_000]);
        let (whole, largest) = unpack(&packed, usize::MAX).unwrap();
        assert_eq!(whole.len(), 20_000_000);
        assert!(largest <= 64 * 1024, "{largest}");
    }

    proptest! {
        #[test]
        fn every_member_is_unpacked_and_no_part_of_one_counts(
            members in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..200), 1..4),
            size in 1..300_usize,
            cut in any::<prop::sample::Index>(),
            junk in prop::collection::vec(any::<u8>(), 1..20),
        ) {
            let packed: Vec<_> = members.iter().map(|member| gzip(member)).collect();
            let whole = packed.concat();
            prop_assert_eq!(unpack(&whole, size).unwrap().0, members.concat());
            let cut = cut.index(whole.len());
            let mut end = 0;
            let ends: Vec<_> = packed.iter().map(|member| { end += member.len(); end }).collect();
            prop_assert_eq!(unpack(&whole[..cut], size).is_ok(), ends.contains(&cut));
            let followed = [whole, junk].concat();
            prop_assert!(unpack(&followed, size).is_err());
        }
    }
}
