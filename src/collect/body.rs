//! Reads the body of an HTTP answer within a limit.

use crate::collect::failure::Failure;

/// Reads a body of at most `limit` bytes; a longer one is refused as soon as it
/// is seen to be, not once it is all in memory.
pub async fn read(mut response: reqwest::Response, limit: usize) -> Result<Vec<u8>, Failure> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > limit {
            return Err(Failure::Answer(format!(
                "the answer is longer than {limit} bytes"
            )));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
