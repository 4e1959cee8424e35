//! The head of an incident file: where it is, and what its keys say.
//!
//! After Hugo: YAML between `---`, TOML between `+++`, or one JSON object. A
//! byte-order mark and blank lines may stand above it; a file without a head is
//! all body.

use std::borrow::Cow;
use std::ops::Range;

use serde_json::{Map, Value};
use toml::de::{DeTable, DeValue};

use crate::model::text::yaml_fault::YamlFault;

/// Why a text is not an incident file, or cannot be changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct DocumentError {
    /// Line, counted from 1, where known.
    pub line: Option<usize>,
    /// Column, counted from 1, where known.
    pub column: Option<usize>,
    /// The fault and its remedy.
    pub message: String,
}

impl DocumentError {
    /// A fault of a line.
    pub fn at(line: usize, message: impl Into<String>) -> Self {
        Self {
            line: Some(line),
            column: None,
            message: message.into(),
        }
    }

    /// A fault of the file as a whole.
    pub fn whole(message: impl Into<String>) -> Self {
        Self {
            line: None,
            column: None,
            message: message.into(),
        }
    }
}

/// The language of a head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeadFormat {
    /// Between lines of three dashes.
    Yaml,
    /// Between lines of three pluses.
    Toml,
    /// One object in braces.
    Json,
    /// There is no head.
    None,
}

/// Where the head of a file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Its language.
    pub format: HeadFormat,
    /// Its bytes, without the lines that delimit it.
    pub range: Range<usize>,
    /// Where the body begins.
    pub body: usize,
    /// Lines above it.
    pub above: usize,
}

impl Head {
    /// Finds the head of a file.
    pub fn find(bytes: &[u8]) -> Result<Self, DocumentError> {
        let start = if bytes.starts_with(b"\xef\xbb\xbf") {
            3
        } else {
            0
        };
        let mut at = start;
        let mut above = 0;
        for line in bytes[start..].split_inclusive(|byte| *byte == b'\n') {
            let words = line.trim_ascii();
            if words.is_empty() {
                at += line.len();
                above += 1;
                continue;
            }
            let delimited = |format, mark: &[u8]| {
                Self::delimited(bytes, format, mark, at + line.len(), above + 1)
            };
            return match words {
                b"---" => delimited(HeadFormat::Yaml, b"---"),
                b"+++" => delimited(HeadFormat::Toml, b"+++"),
                _ if words.starts_with(b"{") && !words.starts_with(b"{{") => {
                    Self::json(bytes, at, above)
                }
                _ if words.starts_with(b"--") || words.starts_with(b"++") => {
                    let message = "the head must begin with a line of exactly three dashes, `---`";
                    Err(DocumentError::at(above + 1, message))
                }
                _ => break,
            };
        }
        Ok(Self {
            format: HeadFormat::None,
            range: start..start,
            body: start,
            above: 0,
        })
    }

    fn delimited(
        bytes: &[u8],
        format: HeadFormat,
        mark: &[u8],
        start: usize,
        above: usize,
    ) -> Result<Self, DocumentError> {
        let mut at = start;
        for line in bytes[start..].split_inclusive(|byte| *byte == b'\n') {
            if line.starts_with(mark) {
                return Ok(Self {
                    format,
                    range: start..at,
                    body: at + line.len(),
                    above,
                });
            }
            at += line.len();
        }
        let mark = String::from_utf8_lossy(mark);
        Err(DocumentError::at(
            above,
            format!("the head has no end; put a line `{mark}` between the last key and the text"),
        ))
    }

    fn json(bytes: &[u8], start: usize, above: usize) -> Result<Self, DocumentError> {
        let mut values = serde_json::Deserializer::from_slice(&bytes[start..]).into_iter::<Value>();
        match values.next() {
            Some(Ok(Value::Object(_))) => {
                let end = start + values.byte_offset();
                let body = bytes[end..].iter().position(|byte| *byte == b'\n');
                let body = body.map_or(bytes.len(), |line| end + line + 1);
                Ok(Self {
                    format: HeadFormat::Json,
                    range: start..end,
                    body,
                    above,
                })
            }
            Some(Err(error)) => Err(DocumentError {
                line: Some(above + error.line()),
                column: Some(error.column()),
                message: format!("the head is not JSON: {error}"),
            }),
            _ => Err(DocumentError::at(
                above + 1,
                "the head is not a JSON object",
            )),
        }
    }

    /// Reads the keys, in small letters as Hugo has them.
    pub fn keys(&self, bytes: &[u8]) -> Result<Map<String, Value>, DocumentError> {
        let text = String::from_utf8_lossy(&bytes[self.range.clone()]);
        let keys = match self.format {
            HeadFormat::Yaml => self.yaml(&text)?,
            HeadFormat::Toml => self.toml(&text)?,
            HeadFormat::Json => serde_json::from_str(&text).unwrap_or_default(),
            HeadFormat::None => Map::new(),
        };
        Ok(keys
            .into_iter()
            .map(|(key, value)| (key.to_lowercase(), value))
            .collect())
    }

    fn yaml(&self, text: &str) -> Result<Map<String, Value>, DocumentError> {
        // Hugo up to 0.152 lets the last of two equal keys win; those who wrote
        // such a file meant no harm.
        let options = serde_saphyr::options! {
            duplicate_keys: serde_saphyr::DuplicateKeyPolicy::LastWins,
        };
        let keys: Option<Map<String, Value>> = serde_saphyr::from_str_with_options(text, options)
            .map_err(|error| {
            let fault = YamlFault::from(&error);
            DocumentError {
                line: fault.place.map(|(line, _)| line + self.above),
                column: fault.place.map(|(_, column)| column),
                message: format!("the head is not YAML: {}", fault.words),
            }
        })?;
        Ok(keys.unwrap_or_default())
    }

    fn toml(&self, text: &str) -> Result<Map<String, Value>, DocumentError> {
        let table = DeTable::parse(text).map_err(|error| {
            let before = error
                .span()
                .map_or("", |span| text.get(..span.start).unwrap_or(text));
            DocumentError {
                line: Some(before.matches('\n').count() + 1 + self.above),
                column: Some(before.chars().rev().take_while(|c| *c != '\n').count() + 1),
                message: format!("the head is not TOML: {}", error.message()),
            }
        })?;
        let table = table.into_inner();
        Ok(table
            .iter()
            .map(|(key, value)| (key.get_ref().to_string(), value_of(value.get_ref())))
            .collect())
    }

    /// The head's text; bytes that are no text are replaced.
    pub fn text<'a>(&self, bytes: &'a [u8]) -> Cow<'a, str> {
        String::from_utf8_lossy(&bytes[self.range.clone()])
    }
}

/// A TOML value as JSON has it; dates as they are written.
fn value_of(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::from(text.as_ref()),
        DeValue::Integer(number) => number
            .to_string()
            .parse::<i64>()
            .map_or(Value::Null, Value::from),
        DeValue::Float(number) => Value::from(number.as_str()),
        DeValue::Boolean(value) => Value::from(*value),
        DeValue::Datetime(at) => Value::from(at.to_string()),
        DeValue::Array(items) => items.iter().map(|item| value_of(item.get_ref())).collect(),
        DeValue::Table(table) => table
            .iter()
            .map(|(key, value)| (key.get_ref().to_string(), value_of(value.get_ref())))
            .collect::<Map<_, _>>()
            .into(),
    }
}
