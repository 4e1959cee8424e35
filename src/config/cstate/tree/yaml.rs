//! Reads YAML with the places of keys and the writing of numbers.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{Location, Spanned};

use crate::config::cstate::tree::node::{TreeEntry, TreeMap, TreeNode, TreePlace, TreeValue};
use crate::model::text::yaml_fault::YamlFault;

/// Reads YAML as Hugo does: with the booleans of YAML 1.1, the last of equal keys.
pub(crate) fn parse(text: &str, place: &TreePlace) -> Result<TreeValue, (TreePlace, String)> {
    let options = serde_saphyr::options! {
        duplicate_keys: serde_saphyr::DuplicateKeyPolicy::LastWins,
        non_finite_float_policy: serde_saphyr::NonFiniteFloatPolicy::PassThrough,
    };
    let raw: Spanned<Raw> =
        serde_saphyr::from_str_with_options(text, options).map_err(|error| {
            let fault = YamlFault::from(&error);
            let (line, column) = fault.place.unwrap_or((1, 1));
            (place.at(line, column), fault.words)
        })?;
    Ok(node(raw, text, place).value)
}

fn node(raw: Spanned<Raw>, text: &str, place: &TreePlace) -> TreeNode {
    let value = match raw.value {
        Raw::Null => TreeValue::Null,
        Raw::Flag(flag) => TreeValue::Flag(flag),
        Raw::Number => TreeValue::Number(written(raw.defined, text).to_owned()),
        Raw::Text(text) => TreeValue::Text(text),
        Raw::List(items) => {
            let item = |item| node(item, text, place);
            TreeValue::List(items.into_iter().map(item).collect())
        }
        Raw::Map(entries) => {
            let entry = |(key, value): (Spanned<String>, _)| {
                let at = position(key.referenced, place);
                TreeEntry::new(key.value, at, node(value, text, place).value)
            };
            TreeValue::Map(TreeMap(entries.into_iter().map(entry).collect()))
        }
    };
    TreeNode {
        value,
        place: position(raw.referenced, place),
    }
}

fn position(location: Location, place: &TreePlace) -> TreePlace {
    let number = |value: u64| usize::try_from(value).unwrap_or_default();
    place.at(number(location.line()), number(location.column()))
}

/// The characters of a scalar as they stand in the file.
fn written(location: Location, text: &str) -> &str {
    let span = location.span();
    let number = |value: Option<u64>| value.and_then(|value| usize::try_from(value).ok());
    let range = number(span.byte_offset()).zip(number(span.byte_len()));
    range
        .and_then(|(start, length)| text.get(start..start + length))
        .unwrap_or_default()
        .trim()
}

/// YAML before it has places; numbers are taken from the text later.
#[derive(Debug)]
enum Raw {
    Null,
    Flag(bool),
    Number,
    Text(String),
    List(Vec<Spanned<Raw>>),
    Map(Vec<(Spanned<String>, Spanned<Raw>)>),
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_none<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Raw, E> {
        Ok(Raw::Flag(flag))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Raw, E> {
        Ok(Raw::Number)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Raw, E> {
        Ok(Raw::Number)
    }

    fn visit_i128<E>(self, _: i128) -> Result<Raw, E> {
        Ok(Raw::Number)
    }

    fn visit_u128<E>(self, _: u128) -> Result<Raw, E> {
        Ok(Raw::Number)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Raw, E> {
        Ok(Raw::Number)
    }

    fn visit_str<E>(self, text: &str) -> Result<Raw, E> {
        Ok(Raw::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Raw, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Raw::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Raw, A::Error> {
        let mut map = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            map.push(entry);
        }
        Ok(Raw::Map(map))
    }
}
