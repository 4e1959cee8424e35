//! Regular expressions in settings, read when the settings are.

use regex::bytes::{Regex, RegexBuilder};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};

/// Bytes that a compiled expression may take.
const SIZE_LIMIT: usize = 1024 * 1024;

/// A regular expression over bytes.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(inline, with = "String")]
pub(crate) struct BytePattern(Regex);

impl BytePattern {
    /// Whether it is found anywhere in the bytes.
    pub(crate) fn is_in(&self, bytes: &[u8]) -> bool {
        self.0.is_match(bytes)
    }
}

impl<'de> Deserialize<'de> for BytePattern {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        RegexBuilder::new(&text)
            .size_limit(SIZE_LIMIT)
            .build()
            .map(Self)
            .map_err(|error| {
                // The last line says what is wrong; those above draw where.
                let error = error.to_string();
                let why = error.lines().last().unwrap_or_default();
                let why = why.trim_start_matches("error: ");
                serde::de::Error::custom(format!("this is not a regular expression: {why}"))
            })
    }
}
