//! How values that are written as texts look in the schema of the settings.
//!
//! `#[schemars(with = "…")]` names the shape of a field of a foreign type, and of a type of
//! ours that reads itself. Nothing reads settings by them.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

/// The format that editors hide.
pub(crate) const SECRET: &str = "password";

/// A text that nobody else may read.
#[derive(Debug)]
pub(crate) enum SecretText {}

/// A duration as Prometheus writes it: `30s`, `1h30m`.
#[derive(Debug)]
pub(crate) enum DurationText {}

/// A size with its unit: `256MiB`.
#[derive(Debug)]
pub(crate) enum SizeText {}

/// A time of the day until another: `22:00-07:00`.
#[derive(Debug)]
pub(crate) enum HoursText {}

/// A text that is not empty.
#[derive(Debug)]
pub(crate) enum LineText {}

/// An IP address with a port.
#[derive(Debug)]
pub(crate) enum AddressText {}

/// A status, a class of them, or a list of both.
#[derive(Debug)]
pub(crate) enum StatusShape {}

/// One of a kind, or a list of them.
#[derive(JsonSchema)]
#[serde(untagged)]
#[schemars(inline)]
#[expect(dead_code, reason = "only its schema is of use")]
pub(crate) enum OneOrMore<T> {
    /// One.
    One(T),
    /// Several.
    More(Vec<T>),
}

/// Gives types the schema of a text.
macro_rules! text {
    ($($name:ident { $($key:literal: $value:expr),* })*) => {$(
        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "string", $($key: $value),* })
            }
        }
    )*};
}

text! {
    SecretText { "format": SECRET, "writeOnly": true }
    DurationText { "pattern": "^(0|(?=[0-9])([0-9]+y)?([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?)$" }
    SizeText { "pattern": "^\\s*(0|[0-9.]+\\s*([KMGT]i?B?|B))\\s*$" }
    HoursText { "pattern": "^\\s*[0-9]{1,2}:[0-9]{2}\\s*-\\s*[0-9]{1,2}:[0-9]{2}\\s*$" }
    LineText { "minLength": 1 }
    AddressText { "pattern": "^.+:[0-9]+$" }
}

impl JsonSchema for StatusShape {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "StatusShape".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let one = [
            json_schema!({ "type": "integer", "minimum": 100, "maximum": 999 }),
            json_schema!({ "type": "string", "pattern": "^[1-9](xx|[0-9]{2})$" }),
        ];
        json_schema!({
            "anyOf": [
                one[0],
                one[1],
                { "type": "array", "items": { "anyOf": one } },
            ]
        })
    }
}
