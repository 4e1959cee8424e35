//! Numbers in OTLP's JSON: those of 64 bits may be texts, and doubles may be words.

use serde::Deserialize;
use serde::de::{Deserializer, Error};

/// A number as it may stand in JSON.
#[derive(Deserialize)]
#[serde(untagged)]
enum JsonNumber {
    Unsigned(u64),
    Signed(i64),
    Double(f64),
    Text(String),
}

impl JsonNumber {
    fn unsigned(self) -> Option<u64> {
        match self {
            Self::Unsigned(number) => Some(number),
            Self::Text(text) => text.parse().ok(),
            Self::Signed(_) | Self::Double(_) => None,
        }
    }

    fn signed(self) -> Option<i64> {
        match self {
            Self::Unsigned(number) => number.try_into().ok(),
            Self::Signed(number) => Some(number),
            Self::Text(text) => text.parse().ok(),
            Self::Double(_) => None,
        }
    }

    #[expect(
        clippy::as_conversions,
        clippy::cast_precision_loss,
        reason = "a double is what is asked for"
    )]
    fn double(self) -> Option<f64> {
        match self {
            Self::Unsigned(number) => Some(number as f64),
            Self::Signed(number) => Some(number as f64),
            Self::Double(number) => Some(number),
            // `NaN`, `Infinity` and `-Infinity` among them.
            Self::Text(text) => text.parse().ok(),
        }
    }
}

fn needed<'de, D: Deserializer<'de>, T>(
    from: D,
    read: impl Fn(JsonNumber) -> Option<T>,
) -> Result<T, D::Error> {
    read(JsonNumber::deserialize(from)?)
        .ok_or_else(|| Error::custom("this is not a number of this type"))
}

fn some<'de, D: Deserializer<'de>, T>(
    from: D,
    read: impl Fn(JsonNumber) -> Option<T>,
) -> Result<Option<T>, D::Error> {
    let number = Option::<JsonNumber>::deserialize(from)?;
    let number = number.map(|number| read(number).ok_or("this is not a number of this type"));
    number.transpose().map_err(Error::custom)
}

/// Reads a number of 64 bits without a sign.
pub(crate) fn unsigned<'de, D: Deserializer<'de>>(from: D) -> Result<u64, D::Error> {
    needed(from, JsonNumber::unsigned)
}

/// Reads a list of them.
pub(crate) fn unsigned_list<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u64>, D::Error> {
    let numbers = Vec::<JsonNumber>::deserialize(from)?.into_iter();
    let numbers = numbers.map(JsonNumber::unsigned);
    let numbers: Option<_> = numbers.collect();
    numbers.ok_or_else(|| Error::custom("a count is not a number"))
}

/// Reads a double.
pub(crate) fn double<'de, D: Deserializer<'de>>(from: D) -> Result<f64, D::Error> {
    needed(from, JsonNumber::double)
}

/// Reads a double that may be missing.
pub(crate) fn some_double<'de, D: Deserializer<'de>>(from: D) -> Result<Option<f64>, D::Error> {
    some(from, JsonNumber::double)
}

/// Reads a number of 64 bits that may be missing.
pub(crate) fn some_signed<'de, D: Deserializer<'de>>(from: D) -> Result<Option<i64>, D::Error> {
    some(from, JsonNumber::signed)
}

/// Reads a temporality: its number, or its name.
pub(crate) fn temporality<'de, D: Deserializer<'de>>(from: D) -> Result<i32, D::Error> {
    Ok(match JsonNumber::deserialize(from)? {
        JsonNumber::Text(text) => match &*text {
            "AGGREGATION_TEMPORALITY_DELTA" => 1,
            "AGGREGATION_TEMPORALITY_CUMULATIVE" => 2,
            _ => 0,
        },
        number => number
            .signed()
            .and_then(|number| number.try_into().ok())
            .unwrap_or_default(),
    })
}

/// Reads how many there are of something that is not read itself.
pub(crate) fn counted<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Vec<u8>>, D::Error> {
    let points = Vec::<serde::de::IgnoredAny>::deserialize(from)?;
    Ok(points.iter().map(|_| Vec::new()).collect())
}
