//! Reads small files of the kernel, never more of them than is sensible.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

/// No file that we read whole is longer; `/proc/stat` of a large machine is
/// the longest of them.
const WHOLE: u64 = 1024 * 1024;

/// What is read of a file of which the beginning says all.
const BEGINNING: usize = 4096;

/// Reads a file whole, up to the limit.
pub(crate) fn whole(path: &Path) -> io::Result<String> {
    let mut bytes = Vec::new();
    File::open(path)?.take(WHOLE).read_to_end(&mut bytes)?;
    Ok(text(&bytes))
}

/// Reads the beginning of a file, in one call.
pub(crate) fn beginning(path: &Path) -> io::Result<String> {
    let mut bytes = [0; BEGINNING];
    let length = File::open(path)?.read(&mut bytes)?;
    Ok(text(bytes.get(..length).unwrap_or_default()))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Whether the error says that what the file was about has gone.
pub(crate) fn is_gone(error: &io::Error) -> bool {
    // The kernel also says `no such process`, for files opened just before.
    error.kind() == io::ErrorKind::NotFound
        || error.raw_os_error() == Some(rustix::io::Errno::SRCH.raw_os_error())
}

/// A count as a sample's value.
#[expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "counts stay far below 2^53, or nobody minds their last digits"
)]
pub(crate) fn float(count: u64) -> f64 {
    count as f64
}

/// A length as a count.
pub(crate) fn size(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

/// Microseconds as seconds.
pub(crate) fn micros(count: u64) -> f64 {
    float(count) / 1e6
}
