//! Images as people send them: small on the way, large once they are unpacked.

use std::io::Cursor;

use ::image::{ImageFormat, RgbaImage};
use bytes::Bytes;

/// Makes a square PNG of one colour; empty if there is no memory for it.
pub(crate) fn plain(side: u32) -> Bytes {
    let mut made = Cursor::new(Vec::new());
    let image = RgbaImage::new(side, side);
    match image.write_to(&mut made, ImageFormat::Png) {
        Ok(()) => Bytes::from(made.into_inner()),
        Err(_) => Bytes::new(),
    }
}
