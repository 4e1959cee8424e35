//! Methods of HTTP in settings.

use hyper::Method;
use schemars::JsonSchema;
use serde::de::Error;
use serde::{Deserialize, Deserializer};

/// Methods that a probe may use.
const KNOWN: [Method; 7] = [
    Method::GET,
    Method::HEAD,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
    Method::OPTIONS,
];

/// A method, in large letters as in HTTP.
#[derive(Clone, Debug, PartialEq, Eq, JsonSchema)]
#[schemars(inline, with = "String")]
pub(crate) struct Verb(pub(crate) Method);

impl<'de> Deserialize<'de> for Verb {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let known = KNOWN.into_iter().find(|method| method.as_str() == text);
        known.map(Self).ok_or_else(|| {
            let names = KNOWN.map(|method| format!("`{method}`")).join(", ");
            D::Error::custom(format!("unknown method `{text}`; there are {names}"))
        })
    }
}
