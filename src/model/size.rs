//! Sizes as people write them: `512KiB`, `256MiB`, `1.5GiB`.

/// Units with their length in bytes; a text ends in the first that fits.
const UNITS: [(&str, u64); 9] = [
    ("KiB", 1 << 10),
    ("MiB", 1 << 20),
    ("GiB", 1 << 30),
    ("TiB", 1 << 40),
    ("kB", 1_000),
    ("MB", 1_000_000),
    ("GB", 1_000_000_000),
    ("TB", 1_000_000_000_000),
    ("B", 1),
];

/// Why a text is no size.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a size; write it as in `512KiB`, `256MiB` or `1.5GiB`")]
pub struct SizeError(String);

/// Reads a size in bytes; there are up to three digits behind the point.
///
/// ```
/// # use critwatch::model::size::parse;
/// assert_eq!(parse("256MiB"), Ok(256 * 1024 * 1024));
/// assert!(parse("256").is_err());
/// ```
pub fn parse(text: &str) -> Result<u64, SizeError> {
    let fault = || SizeError(text.to_owned());
    let (number, unit) = UNITS
        .iter()
        .find_map(|(name, bytes)| Some((text.strip_suffix(name)?, *bytes)))
        .ok_or_else(fault)?;
    let (whole, part) = number
        .trim_end()
        .split_once('.')
        .unwrap_or((number.trim_end(), "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|sign| sign.is_ascii_digit());
    if !digits(whole) || !digits(part) || part.len() > 3 {
        return Err(fault());
    }
    let thousandths: u64 = format!("{part:0<3}").parse().map_err(|_| fault())?;
    let whole: u64 = whole.parse().map_err(|_| fault())?;
    whole
        .checked_mul(unit)
        .and_then(|bytes| bytes.checked_add(unit.checked_mul(thousandths)? / 1000))
        .ok_or_else(fault)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sizes_are_read_as_they_are_written() {
        for (text, bytes) in [
            ("0B", 0),
            ("512KiB", 524_288),
            ("1.5 GiB", 1_610_612_736),
            ("2GB", 2_000_000_000),
            ("0.001kB", 1),
        ] {
            assert_eq!(parse(text), Ok(bytes), "{text}");
        }
        for text in [
            "",
            "5",
            "MiB",
            "-1MiB",
            "1.2345MiB",
            "1,5GiB",
            "99999999TiB",
            "1.GiB",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "[0-9.]{0,30}[kKMGTiB]{0,4}") {
            let _ = parse(&text);
        }
    }
}
