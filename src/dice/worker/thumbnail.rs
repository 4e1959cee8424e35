//! Thumbnails: a PNG or JPEG goes in, a small PNG comes out.

use std::io::Cursor;

use image::{ImageFormat, ImageReader, Limits};

/// The longest side of an image that is read, in pixels.
const SIDE_MAX: u32 = 8000;
/// The most that reading an image may allocate.
const ALLOCATION_MAX: u64 = 256 * 1024 * 1024;
/// The longest side of a thumbnail.
const THUMBNAIL: u32 = 128;

/// Makes a thumbnail, or tells why there is none.
pub(crate) fn thumbnail(bytes: &[u8]) -> Result<Vec<u8>, String> {
    make(bytes).map_err(|error| error.to_string())
}

fn make(bytes: &[u8]) -> image::ImageResult<Vec<u8>> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format()?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE_MAX);
    limits.max_image_height = Some(SIDE_MAX);
    limits.max_alloc = Some(ALLOCATION_MAX);
    reader.limits(limits);
    let small = reader.decode()?.thumbnail(THUMBNAIL, THUMBNAIL);
    let mut made = Cursor::new(Vec::new());
    small.to_rgba8().write_to(&mut made, ImageFormat::Png)?;
    Ok(made.into_inner())
}

#[cfg(test)]
mod tests {
    use image::{GenericImageView as _, RgbImage};

    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut made = Cursor::new(Vec::new());
        let image = RgbImage::new(width, height);
        image.write_to(&mut made, ImageFormat::Png).unwrap();
        made.into_inner()
    }

    #[test]
    fn a_thumbnail_keeps_the_shape_of_its_image() {
        let small = thumbnail(&png(400, 200)).unwrap();
        let small = image::load_from_memory(&small).unwrap();
        assert_eq!(small.dimensions(), (128, 64));
    }

    #[test]
    fn what_is_too_large_or_no_image_is_refused_with_a_reason() {
        assert!(thumbnail(&png(8001, 1)).unwrap_err().contains("limit"));
        assert!(thumbnail(b"\x89PNG\r\n\x1a\nrest").is_err());
        assert!(thumbnail(b"GIF89a").is_err());
    }
}
