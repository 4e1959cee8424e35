//! Sizes as settings of workers and machines write them: `256MiB`, `1.5GB`.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};

use crate::model::text::shape::SizeText;

/// Units of sizes; a `GB` of settings is mostly meant as a GiB, so both are one.
const UNITS: [(&str, u32); 13] = [
    ("KiB", 10),
    ("MiB", 20),
    ("GiB", 30),
    ("TiB", 40),
    ("KB", 10),
    ("MB", 20),
    ("GB", 30),
    ("TB", 40),
    ("K", 10),
    ("M", 20),
    ("G", 30),
    ("T", 40),
    ("B", 0),
];

/// The largest size that is believed: a pebibyte.
const MOST: f64 = 1_125_899_906_842_624.0;

/// A size in bytes, written as `2GiB` or `256MB`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, JsonSchema)]
#[schemars(inline, with = "SizeText")]
pub(crate) struct ByteSize(pub(crate) u64);

/// Why a text is no size.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a size; write it as in `256MiB`, `1.5GB` or `2GiB`")]
pub(crate) struct SizeError(String);

impl ByteSize {
    /// Reads a size.
    pub(crate) fn parse(text: &str) -> Result<Self, SizeError> {
        let fault = || SizeError(text.to_owned());
        let text = text.trim();
        if text == "0" {
            return Ok(Self(0));
        }
        let (number, power) = UNITS
            .iter()
            .find_map(|(unit, power)| Some((text.strip_suffix(unit)?, *power)))
            .ok_or_else(fault)?;
        let number = number.trim_end();
        let digits = |byte: u8| byte.is_ascii_digit() || byte == b'.';
        if !number.bytes().all(digits) {
            return Err(fault());
        }
        let number: f64 = number.parse().map_err(|_| fault())?;
        let bytes = (number * f64::from(power).exp2()).round();
        if bytes > MOST {
            return Err(fault());
        }
        // Whole and below 2^50: its decimal form is exact.
        format!("{bytes:.0}").parse().map(Self).map_err(|_| fault())
    }

    /// The size in a sum of MiB, where sizes are compared.
    pub(crate) fn mib(self) -> String {
        format!("{} MiB", self.0.div_ceil(1 << 20))
    }

    #[expect(
        clippy::as_conversions,
        clippy::cast_precision_loss,
        reason = "below 2^53"
    )]
    /// The bytes as a number to compute with.
    pub(crate) fn float(self) -> f64 {
        self.0 as f64
    }
}

impl<'de> Deserialize<'de> for ByteSize {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sizes_are_read_with_their_units() {
        for (text, bytes) in [
            ("0", 0),
            ("1B", 1),
            ("256MiB", 268_435_456),
            ("256 MB", 268_435_456),
            ("1.5GB", 1_610_612_736),
            ("2G", 2_147_483_648),
        ] {
            assert_eq!(ByteSize::parse(text), Ok(ByteSize(bytes)), "{text}");
        }
        for text in [
            "",
            "2",
            "GiB",
            "-1GiB",
            "1e3MB",
            "1.2.3MB",
            "99999999TiB",
            "2 gib",
            "NaNB",
        ] {
            assert!(ByteSize::parse(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "[0-9.]{0,20}[ KMGTiB]{0,4}") {
            let _ = ByteSize::parse(&text);
        }
    }
}
